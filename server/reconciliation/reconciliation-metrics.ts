import { sql } from "drizzle-orm";
import type { Metric } from "#domain/observability/exposition.ts";
import { TABLE_STATES } from "#domain/reconciliation/schema.ts";
import { isJudged } from "#domain/reconciliation/table-state.ts";
import type { Deps } from "#server/deps.ts";
import { type CheckedTableRow, readCheckedTables } from "./list-checked-tables.ts";

/** Reconciliation as Prometheus sees it. A table without a verdict has no drift: absent, not zero. */
export async function reconciliationMetrics(deps: Pick<Deps, "db" | "now">): Promise<Metric[]> {
  const [tables, runs] = await Promise.all([readCheckedTables(deps), countRuns(deps)]);
  const labels = ({ cluster, pipeline, table, sink }: CheckedTableRow) => ({
    cluster,
    source: pipeline,
    table,
    connector: sink,
  });
  const judged = tables.filter(({ verdict }) => isJudged(verdict.state));
  const drift = (percent: (row: CheckedTableRow) => number | null) =>
    judged.flatMap((row) => {
      const value = percent(row);
      return value === null ? [] : [{ labels: labels(row), value }];
    });
  return [
    {
      name: "cdc_reconciliation_drift_percentage",
      help: "Rows of a table that differ and that nothing explains, in percent of the compared rows.",
      type: "gauge",
      samples: drift(({ verdict }) => verdict.unexplainedPercent),
    },
    {
      name: "cdc_reconciliation_explained_drift_percentage",
      help: "Rows that differ for a known reason, in percent of the compared rows.",
      type: "gauge",
      samples: drift(({ verdict }) => verdict.explainedPercent),
    },
    {
      name: "cdc_reconciliation_last_verified_timestamp_seconds",
      help: "When rows of a table were last really compared.",
      type: "gauge",
      samples: tables.flatMap((row) =>
        row.verifiedAt ? [{ labels: labels(row), value: row.verifiedAt.getTime() / 1_000 }] : [],
      ),
    },
    {
      name: "cdc_reconciliation_table_state",
      help: "1 for the state each checked table is in.",
      type: "gauge",
      samples: tables.flatMap((row) =>
        TABLE_STATES.map((state) => ({
          labels: { ...labels(row), state },
          value: row.verdict.state === state ? 1 : 0,
        })),
      ),
    },
    {
      name: "cdc_reconciliation_runs_total",
      help: "Reconciliation runs that ended.",
      type: "counter",
      samples: runs.map(({ cluster, state, value }) => ({ labels: { cluster, state }, value })),
    },
    {
      name: "cdc_reconciliation_alert",
      help: "1 for every alert of the reconciliation that holds now.",
      type: "gauge",
      samples: tables.flatMap((row) =>
        row.alerts.map((alert) => ({
          labels: { ...labels(row), alert: alert.name, severity: alert.severity },
          value: 1,
        })),
      ),
    },
  ];
}

async function countRuns({ db }: Pick<Deps, "db">) {
  const { rows } = await db.execute<{ cluster: string; state: string; value: number }>(sql`
    select t.cluster, case when r.state = 'COMPLETED' and not r.is_verified then 'NOT_VERIFIABLE' else r.state end as state,
           count(*)::int as value
      from reconciliation_runs r join reconciliation_tables t on t.id = r.table_id
     where r.state in ('COMPLETED', 'FAILED') group by 1, 2`);
  return rows;
}
