import { isNull } from "drizzle-orm";
import { observedConnectors, tableProgress } from "#db/schema/observed.ts";
import { expositionText, type Metric } from "#domain/observability/exposition.ts";
import { deadLetterMetrics } from "#server/dead-letters/dead-letter-metrics.ts";
import type { Deps } from "#server/deps.ts";
import { reconciliationMetrics } from "#server/reconciliation/reconciliation-metrics.ts";

/** Everything Headgate knows in numbers, from its own store: a scrape asks no engine anything. */
export async function readMetrics(deps: Pick<Deps, "db" | "pool" | "now">): Promise<string> {
  const [pipelines, letters, reconciliation] = await Promise.all([
    pipelineMetrics(deps),
    deadLetterMetrics(deps),
    reconciliationMetrics(deps),
  ]);
  return expositionText([...pipelines, ...letters, ...reconciliation]);
}

async function pipelineMetrics({ db, now }: Pick<Deps, "db" | "now">): Promise<Metric[]> {
  const at = now().getTime();
  const [lanes, connectors] = await Promise.all([
    db.select().from(tableProgress),
    db
      .select({
        cluster: observedConnectors.cluster,
        name: observedConnectors.name,
        tasks: observedConnectors.tasks,
      })
      .from(observedConnectors)
      .where(isNull(observedConnectors.removedAt)),
  ]);
  const sinks = lanes.flatMap((lane) => lane.sinks.map((sink) => ({ ...sink, lane })));
  const throughput = new Map<string, { labels: Record<string, string>; value: number }>();
  const add = (cluster: string, connector: string, direction: string, value: number | null) => {
    if (value === null) return;
    const labels = { cluster, connector, direction };
    const key = JSON.stringify(labels);
    throughput.set(key, { labels, value: (throughput.get(key)?.value ?? 0) + value });
  };
  for (const lane of lanes) add(lane.cluster, lane.source, "source", lane.perSecond);
  for (const { lane, name, perSecond } of sinks) add(lane.cluster, name, "sink", perSecond);
  return [
    {
      name: "cdc_replication_lag_seconds",
      help: "Age of the oldest event of a table that a sink has not delivered; 0 when nothing waits.",
      type: "gauge",
      samples: sinks.flatMap(({ lane, name, lagEvents, waitingSince }) =>
        lagEvents === null
          ? []
          : [
              {
                labels: { cluster: lane.cluster, connector: name, source: lane.source, table: lane.name },
                value:
                  lagEvents === 0 || waitingSince === null ? 0 : Math.max(0, (at - waitingSince) / 1_000),
              },
            ],
      ),
    },
    {
      name: "cdc_backlog_depth",
      help: "Events of a table that a sink has not delivered.",
      type: "gauge",
      samples: sinks.flatMap(({ lane, name, lagEvents }) =>
        lagEvents === null
          ? []
          : [
              {
                labels: { cluster: lane.cluster, connector: name, source: lane.source, table: lane.name },
                value: lagEvents,
              },
            ],
      ),
    },
    {
      name: "cdc_throughput_records_per_second",
      help: "Events a connector reads or delivers.",
      type: "gauge",
      samples: [...throughput.values()],
    },
    {
      name: "cdc_events_processed_total",
      help: "Events of a table that a sink has committed.",
      type: "counter",
      samples: sinks.flatMap(({ lane, name, delivered }) =>
        delivered === null
          ? []
          : [
              {
                labels: { cluster: lane.cluster, connector: name, source: lane.source, table: lane.name },
                value: delivered,
              },
            ],
      ),
    },
    {
      name: "kafka_connect_connector_task_status",
      help: "1 for the state each task is in, as last observed.",
      type: "gauge",
      samples: connectors.flatMap(({ cluster, name, tasks }) =>
        tasks.map((task) => ({
          labels: { cluster, connector: name, task: String(task.id), status: task.state },
          value: 1,
        })),
      ),
    },
  ];
}
