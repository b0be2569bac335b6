import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { type FilterToken, parseFilter, satisfies } from "#domain/filters/grammar.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import { TABLE_FILTER } from "#domain/pipelines/list-filter.ts";
import { severityOf } from "#domain/pipelines/pipeline-verdict.ts";
import type { PipelineTable, PipelineView } from "#domain/pipelines/pipeline-view.ts";
import type { TableListInput } from "#domain/pipelines/schema.ts";
import { tableVerdict, type Verdict } from "#domain/pipelines/table-verdict.ts";
import type { Deps } from "#server/deps.ts";
import { applyFilter, contains, pageOf } from "./filter-rows.ts";
import { getPipeline } from "./get-pipeline.ts";

export interface TableRow extends PipelineTable {
  verdict: Verdict;
}

/** The tables of one pipeline, worst first unless sorted otherwise. */
export async function listTables(
  deps: Pick<Deps, "db" | "now">,
  actor: Actor,
  { cluster, source, ...input }: TableListInput,
): Promise<ListPage<TableRow>> {
  requirePermission(actor, "console:view");
  const now = deps.now().getTime();
  const pipeline = await getPipeline(deps, actor, { cluster, source });
  const { tokens, text } = parseFilter(input.filter, TABLE_FILTER);
  const rows = pipeline.tables.map((table) => rowOf(table, pipeline, now));
  const matching = applyFilter(
    rows,
    { tokens, text },
    {
      words: (row) => [row.name, row.topic],
      holds: (row, token) => holds(row, token, now),
    },
  );
  return pageOf(matching.sort(comparison(input.sort)), input);
}

export function rowOf(table: PipelineTable, pipeline: PipelineView, now: number): TableRow {
  return { ...table, verdict: tableVerdict(table, pipeline, now) };
}

function holds(row: TableRow, token: FilterToken, now: number): boolean {
  const plain = { ...token, negated: false };
  const age = (at: Date | null) => (at ? now - at.getTime() : 0);
  switch (token.key) {
    case "state":
      return row.verdict.status === token.value;
    case "phase":
      return row.state === token.value;
    case "sink":
      return row.sinks.some(({ name }) => contains(name, token.value));
    case "target":
      return row.sinks.some(({ target }) => contains(target ?? "", token.value));
    case "lag":
      return row.lagEvents !== null && satisfies(plain, row.lagEvents);
    case "late":
      return satisfies(plain, age(row.waitingSince));
    default:
      // A table that never had an event has been quiet for ever.
      return satisfies(plain, row.committedAt ? age(row.committedAt) : Number.POSITIVE_INFINITY);
  }
}

const ORDER: Record<string, (row: TableRow) => string | number> = {
  state: (row) => severityOf(row.verdict.status),
  name: (row) => row.name,
  topic: (row) => row.topic,
  phase: (row) => row.state ?? "",
  captured: (row) => row.captured ?? -1,
  delivered: (row) => Math.min(...row.sinks.map(({ delivered }) => delivered ?? -1), row.captured ?? -1),
  lag: (row) => row.lagEvents ?? -1,
  late: (row) => (row.waitingSince ? -row.waitingSince.getTime() : Number.NEGATIVE_INFINITY),
  rate: (row) => row.perSecond ?? -1,
  "last-event": (row) => -(row.capturedAt?.getTime() ?? 0),
  "last-commit": (row) => -(row.committedAt?.getTime() ?? 0),
};

function comparison(sort: string): (a: TableRow, b: TableRow) => number {
  const isDown = sort.startsWith("-");
  const keyOf = ORDER[sort.replace(/^-/, "")];
  return (a, b) => {
    if (!keyOf)
      return severityOf(a.verdict.status) - severityOf(b.verdict.status) || a.name.localeCompare(b.name);
    const [left, right] = [keyOf(a), keyOf(b)];
    const order =
      typeof left === "string" ? left.localeCompare(String(right)) : Math.sign(left - Number(right)) || 0;
    return (isDown ? -order : order) || a.name.localeCompare(b.name);
  };
}
