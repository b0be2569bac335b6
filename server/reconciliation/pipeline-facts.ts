import { and, eq, inArray, isNull } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import { connectorHealth } from "#domain/connectors/health.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import { readStoppedSink } from "#domain/dead-letters/stopped-sink.ts";
import type { PipelineFacts } from "#domain/reconciliation/attribution.ts";
import { configuredColumns } from "#domain/reconciliation/configured-columns.ts";
import type { SinkMapping } from "#domain/reconciliation/engine/plan-comparison.ts";
import type { ExcludedColumn } from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import type { StoredTable } from "./stored-table.ts";

export interface TableFacts extends Omit<PipelineFacts, "deadLetter" | "excluded"> {
  excluded: ExcludedColumn[];
  /** What the connectors' settings say about how values and keys travel. */
  mapping: Pick<SinkMapping, "key" | "timePrecisionMode">;
}

/** What of the table's way may account for a difference, as last observed. */
export async function readTableFacts(
  { db, now }: Pick<Deps, "db" | "now">,
  table: StoredTable,
  columns: { source: readonly string[]; target: readonly string[] } | undefined,
): Promise<TableFacts> {
  const connectors = await db
    .select({
      name: observedConnectors.name,
      state: observedConnectors.state,
      tasks: observedConnectors.tasks,
      config: observedConnectors.config,
      since: observedConnectors.stateChangedAt,
      trace: observedConnectors.trace,
    })
    .from(observedConnectors)
    .where(
      and(
        eq(observedConnectors.cluster, table.cluster),
        inArray(observedConnectors.name, [table.source, table.sink]),
        isNull(observedConnectors.removedAt),
      ),
    );
  const source = connectors.find(({ name }) => name === table.source);
  const sink = connectors.find(({ name }) => name === table.sink);
  const trace = sink?.trace ?? sink?.tasks.find(({ state }) => state === "FAILED")?.trace;
  const excluded = table.settings.excludedColumns.filter(({ until }) => until === null || until > now());
  const missing = columns?.source.filter((column) => !columns.target.includes(column));
  return {
    sink: {
      name: table.sink,
      health: sink
        ? connectorHealth(
            sink.state,
            sink.tasks.map(({ state }) => state),
          )
        : "unknown",
      since: sink?.since ?? now(),
    },
    heldColumns: trace && isHeld(trace, table) ? (missing ?? []) : undefined,
    excluded,
    mapping: source ? mappingOfSource(source.config, table.name) : {},
    configured:
      source && sink && columns
        ? configuredColumns({
            source,
            sink,
            table: table.name,
            topic: table.topic,
            columns: columns.source,
          })
        : [],
  };
}

/** The sink stopped because the target lacks a column of this very table. */
function isHeld(trace: string, table: StoredTable): boolean {
  if (!/schema evolution is disabled/i.test(trace)) return false;
  const { table: named } = readStoppedSink(trace);
  if (named === undefined || table.target === null) return true;
  const bare = (name: string) => name.replaceAll(/["`]/g, "").split(".").at(-1);
  return bare(named) === bare(table.target);
}

const TIME_MODES = [
  "adaptive",
  "adaptive_time_microseconds",
  "connect",
  "isostring",
  "microseconds",
] as const;

function mappingOfSource(config: ConnectorConfig, table: string): TableFacts["mapping"] {
  const mode = TIME_MODES.find((candidate) => candidate === config["time.precision.mode"]);
  const key = messageKey(config["message.key.columns"], table);
  return { ...(mode ? { timePrecisionMode: mode } : {}), ...(key ? { key } : {}) };
}

/** `schema.table:column,column;…`, each table a pattern. */
function messageKey(setting: string | undefined, table: string): string[] | undefined {
  for (const entry of setting?.split(";") ?? []) {
    const colon = entry.lastIndexOf(":");
    const columns = entry
      .slice(colon + 1)
      .split(",")
      .map((column) => column.trim());
    if (colon > 0 && isNamed(entry.slice(0, colon).trim(), table)) return columns;
  }
  return undefined;
}

function isNamed(pattern: string, table: string): boolean {
  try {
    return new RegExp(`^(?:[^.]+\\.)?(?:${pattern})$`, "i").test(table);
  } catch {
    return false; // A Java pattern JavaScript cannot read names nothing for sure.
  }
}
