import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { GroupStatus } from "#domain/dead-letters/schema.ts";
import type { Deps } from "#server/deps.ts";

export interface DeadLetterSummary {
  /** Open records of every group, muted ones included. */
  open: number;
  /** About: within two per cent. */
  keys: number;
  tables: number;
  groups: Record<GroupStatus, number>;
  /** The open record that was found first: when it failed, and when Kafka removes its bytes (null: never, or not known). */
  oldest: { failedAt: Date; expiresAt: Date | null } | null;
  /** Floods from one fault that are going on. */
  systemic: { group: number; cluster: string; connector: string; table: string; text: string }[];
  topics: { total: number; unreadable: { cluster: string; topic: string; problem: string }[] };
  checkedAt: Date;
}

/** The first line of the list: how much waits for a repair, and how long it can wait. */
export async function summariseDeadLetters(
  { pool, now }: Pick<Deps, "pool" | "now">,
  actor: Actor,
): Promise<DeadLetterSummary> {
  requirePermission(actor, "console:view");
  const [counts, oldest, systemic, topics] = await Promise.all([
    pool.query<{ status: GroupStatus; n: number; open: string; keys: string; tables: string[] }>(
      `select status, count(*)::int as n, sum(open) as open, sum(keys) filter (where open > 0) as keys,
              coalesce(array_agg(distinct cluster || '/' || table_name) filter (where open > 0), '{}') as tables
         from dead_letter_groups where records > 0 group by 1`,
    ),
    pool.query<{ failed_at: Date; recorded_at: Date; retention_ms: string | null }>(
      `select d.failed_at, d.recorded_at, t.retention_ms
         from (select * from dead_letters where status = 'PENDING' order by id limit 1) d
         join dead_letter_topics t on t.id = d.topic_id`,
    ),
    pool.query<{ id: string; cluster: string; connector: string; table_name: string; systemic: string }>(
      `select id, cluster, connector, table_name, systemic from dead_letter_groups
        where systemic_until > now() and systemic is not null and open > 0 order by last_seen desc limit 20`,
    ),
    pool.query<{ cluster: string; topic: string; problem: string | null }>(
      "select cluster, topic, problem from dead_letter_topics where gone_at is null order by cluster, topic",
    ),
  ]);
  const groups: DeadLetterSummary["groups"] = { open: 0, muted: 0, resolved: 0, regressed: 0 };
  for (const { status, n } of counts.rows) groups[status] = n;
  const sum = (pick: (row: (typeof counts.rows)[number]) => unknown) =>
    counts.rows.reduce((total, row) => total + Number(pick(row) ?? 0), 0);
  const [first] = oldest.rows;
  return {
    open: sum((row) => row.open),
    keys: sum((row) => row.keys),
    tables: new Set(counts.rows.flatMap((row) => row.tables)).size,
    groups,
    oldest: first
      ? {
          failedAt: first.failed_at,
          expiresAt:
            first.retention_ms === null
              ? null
              : new Date(first.recorded_at.getTime() + Number(first.retention_ms)),
        }
      : null,
    systemic: systemic.rows.map((row) => ({
      group: Number(row.id),
      cluster: row.cluster,
      connector: row.connector,
      table: row.table_name,
      text: row.systemic,
    })),
    topics: {
      total: topics.rows.length,
      unreadable: topics.rows.flatMap(({ cluster, topic, problem }) =>
        problem === null ? [] : [{ cluster, topic, problem }],
      ),
    },
    checkedAt: now(),
  };
}
