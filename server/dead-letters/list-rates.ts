import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ListRatesInput } from "#domain/dead-letters/numbers.ts";
import { type AlertKind, RATE_THRESHOLD, type Rate, rateOf } from "#domain/dead-letters/rates.ts";
import { FLOOD_PER_SECOND } from "#domain/dead-letters/systemic.ts";
import type { Deps } from "#server/deps.ts";
import { readPipelineTraffic, readRates, type TableRate } from "./read-rates.ts";

export interface PipelineRate extends Rate {
  cluster: string;
  source: string;
}

export interface DeadLetterRates {
  hours: number;
  /** Share above which a table or pipeline is over. */
  threshold: number;
  floodPerSecond: number;
  /** Tables with a dead letter in the window; all others have none. */
  tables: TableRate[];
  pipelines: PipelineRate[];
  alerts: DeadLetterAlert[];
  readAt: Date;
}

export interface DeadLetterAlert {
  id: number;
  kind: AlertKind;
  cluster: string;
  connector: string;
  table: string;
  since: Date;
  /** Records a second for a flood, a share of one for a share. */
  value: number;
  worst: number;
  threshold: number;
  /** Null while it goes on. */
  clearedAt: Date | null;
  /** Page of the runbook, relative to `docs/`. */
  runbook: string;
}

/** How large a share of each table's and pipeline's records became dead letters, and which thresholds are crossed. */
export async function listRates(
  { pool, now }: Pick<Deps, "pool" | "now">,
  actor: Actor,
  { hours }: ListRatesInput,
): Promise<DeadLetterRates> {
  requirePermission(actor, "console:view");
  const at = now();
  const from = new Date(at.getTime() - hours * 3_600_000);
  const [tables, alerts] = await Promise.all([readRates({ pool }, { from }), readAlerts({ pool }, at)]);
  return {
    hours,
    threshold: RATE_THRESHOLD,
    floodPerSecond: FLOOD_PER_SECOND,
    tables: tables.toSorted((a, b) => (b.share ?? 2) - (a.share ?? 2) || b.deadLettered - a.deadLettered),
    pipelines: await ratesOfPipelines({ pool }, tables, from),
    alerts,
    readAt: at,
  };
}

async function ratesOfPipelines(
  { pool }: Pick<Deps, "pool">,
  tables: readonly TableRate[],
  from: Date,
): Promise<PipelineRate[]> {
  const sources = Map.groupBy(
    tables.filter(({ source }) => source !== null),
    ({ cluster, source }) => `${cluster}\n${source}`,
  );
  return await Promise.all(
    [...sources.values()].map(async (own) => {
      const { cluster, source } = { cluster: own[0]?.cluster ?? "", source: own[0]?.source ?? "" };
      const processed = await readPipelineTraffic({ pool }, { cluster, source }, from);
      return {
        cluster,
        source,
        ...rateOf(
          own.reduce((sum, rate) => sum + rate.deadLettered, 0),
          processed,
        ),
      };
    }),
  );
}

const ENDED_SHOWN_MS = 24 * 3_600_000;

/** Alerts that go on, and those that ended within a day. */
export async function readAlerts({ pool }: Pick<Deps, "pool">, at: Date): Promise<DeadLetterAlert[]> {
  const { rows } = await pool.query<{
    id: number;
    kind: AlertKind;
    cluster: string;
    connector: string;
    table_name: string;
    since: Date;
    value: number;
    worst: number;
    cleared_at: Date | null;
  }>(
    `select id, kind, cluster, connector, table_name, since, value, worst, cleared_at from dead_letter_alerts
      where cleared_at is null or cleared_at > $1 order by cleared_at desc nulls first, since desc limit 200`,
    [new Date(at.getTime() - ENDED_SHOWN_MS)],
  );
  return rows.map(({ table_name, cleared_at, ...row }) => ({
    ...row,
    table: table_name,
    clearedAt: cleared_at,
    threshold: row.kind === "flood" ? FLOOD_PER_SECOND : RATE_THRESHOLD,
    runbook: row.kind === "flood" ? "runbooks/dead-letters.md#a-flood" : "runbooks/dead-letters.md#too-many",
  }));
}
