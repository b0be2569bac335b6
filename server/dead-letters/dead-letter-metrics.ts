import type { Metric, Sample } from "#domain/observability/exposition.ts";
import type { Deps } from "#server/deps.ts";
import { readAlerts } from "./list-rates.ts";
import { readRates } from "./read-rates.ts";

/** The seeds' name for a kind of failure, from the stage at which Connect reports it. */
const TYPE: Record<string, string> = {
  KEY_CONVERTER: "conversion",
  VALUE_CONVERTER: "conversion",
  HEADER_CONVERTER: "conversion",
  TRANSFORMATION: "transformation",
  TASK_PUT: "write",
  TASK_POLL: "read",
  KAFKA_CONSUME: "read",
  KAFKA_PRODUCE: "write",
};

/** Dead letters as Prometheus sees them, under the seeds' names where they have one. */
export async function deadLetterMetrics({ pool, now }: Pick<Deps, "pool" | "now">): Promise<Metric[]> {
  const at = now();
  const [groups, minutes, positions, rates, alerts] = await Promise.all([
    pool.query<{
      cluster: string;
      connector: string;
      table_name: string;
      stage: string;
      cause: string;
      records: string;
      open: string;
    }>(
      `select cluster, connector, table_name, stage, cause, sum(records) as records, sum(open) as open
         from dead_letter_groups where records > 0 group by 1, 2, 3, 4, 5`,
    ),
    pool.query<{ cluster: string; connector: string; stage: string; records: number }>(
      `select g.cluster, g.connector, g.stage, sum(m.records)::int as records
         from dead_letter_minutes m join dead_letter_groups g on g.id = m.group_id
        where m.minute = date_trunc('minute', $1::timestamptz) - interval '1 minute' group by 1, 2, 3`,
      [at],
    ),
    pool.query<{
      cluster: string;
      topic: string;
      partition: number;
      next_offset: string;
      log_end: string;
      lost: string;
    }>(
      `select t.cluster, t.topic, p.partition, p.next_offset, p.log_end, p.lost
         from dead_letter_positions p join dead_letter_topics t on t.id = p.topic_id where t.gone_at is null`,
    ),
    readRates({ pool }, { from: new Date(at.getTime() - 3_600_000) }),
    readAlerts({ pool }, at),
  ]);
  const typeOf = (stage: string) => TYPE[stage] ?? "other";
  const perMinute = new Map(
    minutes.rows.map((row) => [`${row.cluster}\n${row.connector}\n${typeOf(row.stage)}`, 0]),
  );
  for (const row of groups.rows) perMinute.set(`${row.cluster}\n${row.connector}\n${typeOf(row.stage)}`, 0);
  for (const row of minutes.rows) {
    const key = `${row.cluster}\n${row.connector}\n${typeOf(row.stage)}`;
    perMinute.set(key, (perMinute.get(key) ?? 0) + row.records);
  }
  const place = (row: (typeof positions.rows)[number]) => ({
    cluster: row.cluster,
    topic: row.topic,
    partition: String(row.partition),
  });
  return [
    {
      name: "cdc_errors_total",
      help: "Records that became dead letters.",
      type: "counter",
      samples: summed(
        groups.rows.map((row) => ({
          labels: {
            cluster: row.cluster,
            connector: row.connector,
            table: row.table_name,
            type: typeOf(row.stage),
          },
          value: Number(row.records),
        })),
      ),
    },
    {
      name: "cdc_error_rate",
      help: "Dead letters within the last whole minute.",
      type: "gauge",
      samples: [...perMinute].map(([key, value]) => {
        const [cluster = "", connector = "", type = ""] = key.split("\n");
        return { labels: { cluster, connector, type }, value };
      }),
    },
    {
      name: "kafka_topic_partition_current_offset",
      help: "End of each dead-letter topic when it was last read.",
      type: "gauge",
      samples: positions.rows.map((row) => ({ labels: place(row), value: Number(row.log_end) })),
    },
    {
      name: "headgate_dead_letter_index_offset",
      help: "How far each dead-letter topic is indexed.",
      type: "gauge",
      samples: positions.rows.map((row) => ({ labels: place(row), value: Number(row.next_offset) })),
    },
    {
      name: "headgate_dead_letters_lost_total",
      help: "Records that Kafka removed before they could be indexed.",
      type: "counter",
      samples: positions.rows.map((row) => ({ labels: place(row), value: Number(row.lost) })),
    },
    {
      name: "headgate_dead_letters_open",
      help: "Dead letters that wait for a repair.",
      type: "gauge",
      samples: summed(
        groups.rows.map((row) => ({
          labels: { cluster: row.cluster, connector: row.connector, table: row.table_name, cause: row.cause },
          value: Number(row.open),
        })),
      ),
    },
    {
      name: "headgate_dead_letter_ratio",
      help: "Share of a table's records that became dead letters within an hour; absent where the traffic is not known.",
      type: "gauge",
      samples: rates.flatMap(({ cluster, connector, table, share }) =>
        share === null ? [] : [{ labels: { cluster, connector, table }, value: share }],
      ),
    },
    {
      name: "headgate_dead_letter_alert",
      help: "1 while a threshold is crossed: flood (more than ten a second) or share (more than 0.1 %).",
      type: "gauge",
      samples: alerts.flatMap(({ kind, cluster, connector, table, clearedAt }) =>
        clearedAt === null ? [{ labels: { kind, cluster, connector, table }, value: 1 }] : [],
      ),
    },
  ];
}

/** Rows that differ only in what is no label become one sample: Prometheus refuses the same labels twice. */
function summed(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, Sample>();
  for (const { labels, value } of samples) {
    const key = JSON.stringify(labels);
    sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + value });
  }
  return [...sums.values()];
}
