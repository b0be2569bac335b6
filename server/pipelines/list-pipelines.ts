import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { Engine } from "#domain/catalog/derive-pipelines.ts";
import { type FilterToken, parseFilter, satisfies } from "#domain/filters/grammar.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import type { UpstreamSight } from "#domain/observability/upstream-sight.ts";
import { lagTotal } from "#domain/pipelines/lag-total.ts";
import { PIPELINE_FILTER } from "#domain/pipelines/list-filter.ts";
import { pipelineVerdict, severityOf } from "#domain/pipelines/pipeline-verdict.ts";
import type { FlowStatus, PipelineView } from "#domain/pipelines/pipeline-view.ts";
import type { Deps } from "#server/deps.ts";
import { applyFilter, contains, pageOf } from "./filter-rows.ts";
import { readPipelineViews } from "./read-pipeline-views.ts";

export interface PipelineRow {
  cluster: string;
  source: string;
  engine: Engine;
  prefix: string;
  status: FlowStatus;
  /** What is wrong, or that nothing is. */
  words: string;
  tables: number;
  tablesInSnapshot: number;
  sinks: string[];
  lagEvents: number | null;
  /** Tables whose lag is not in it: nobody has said it. */
  lagUnknown: number;
  /** Since when the oldest undelivered event waits. */
  waitingSince: Date | null;
  perSecond: number | null;
  deadLetters: number | null;
  upstreams: { connect: UpstreamSight; kafka: UpstreamSight };
}

/** Pipelines of all clusters, worst first unless sorted otherwise. */
export async function listPipelines(
  deps: Pick<Deps, "db" | "now">,
  actor: Actor,
  input: ListInput,
): Promise<ListPage<PipelineRow>> {
  requirePermission(actor, "console:view");
  const now = deps.now().getTime();
  const { tokens, text } = parseFilter(input.filter, PIPELINE_FILTER);
  const views = await readPipelineViews(deps);
  const judged = views.map((view) => ({ view, row: rowOf(view, now) }));
  const matching = applyFilter(
    judged,
    { tokens, text },
    {
      words: ({ row }) => [row.source, row.prefix],
      holds: (entry, token) => holds(entry, token, now),
    },
  );
  const rows = matching.map(({ row }) => row).sort(comparison(input.sort));
  return pageOf(rows, input);
}

function rowOf(view: PipelineView, now: number): PipelineRow {
  const { status, words } = pipelineVerdict(view, now);
  const waits = view.tables.flatMap(({ waitingSince }) => (waitingSince ? [waitingSince.getTime()] : []));
  const rates = view.tables.flatMap(({ perSecond }) => perSecond ?? []);
  const dead = view.deadLetters.flatMap(({ count }) => count ?? []);
  return {
    cluster: view.cluster,
    source: view.source.name,
    engine: view.engine,
    prefix: view.prefix,
    status,
    words,
    tables: view.tables.length,
    tablesInSnapshot: view.tables.filter(({ state }) => state === "SNAPSHOT_START").length,
    sinks: view.sinks.map(({ name }) => name),
    ...lagTotal(view.tables),
    waitingSince: waits.length > 0 ? new Date(Math.min(...waits)) : null,
    perSecond: rates.length > 0 ? Math.round(sum(rates) * 10) / 10 : null,
    deadLetters: dead.length > 0 ? sum(dead) : null,
    upstreams: view.upstreams,
  };
}

function holds(
  { view, row }: { view: PipelineView; row: PipelineRow },
  token: FilterToken,
  now: number,
): boolean {
  switch (token.key) {
    case "state":
      return row.status === token.value;
    case "cluster":
      return row.cluster === token.value;
    case "engine":
      return row.engine === token.value;
    case "table":
      return view.tables.some(({ name }) => contains(name, token.value));
    case "sink":
      return row.sinks.some((sink) => contains(sink, token.value));
    case "lag":
      return row.lagEvents !== null && satisfies({ ...token, negated: false }, row.lagEvents);
    case "late":
      return satisfies({ ...token, negated: false }, row.waitingSince ? now - row.waitingSince.getTime() : 0);
    default:
      return satisfies({ ...token, negated: false }, row.deadLetters ?? 0);
  }
}

const ORDER: Record<string, (row: PipelineRow) => string | number> = {
  state: (row) => severityOf(row.status),
  source: (row) => row.source,
  cluster: (row) => row.cluster,
  engine: (row) => row.engine,
  tables: (row) => row.tables,
  lag: (row) => row.lagEvents ?? -1,
  late: (row) => (row.waitingSince ? -row.waitingSince.getTime() : Number.NEGATIVE_INFINITY),
  rate: (row) => row.perSecond ?? -1,
  "dead-letters": (row) => row.deadLetters ?? -1,
};

function comparison(sort: string): (a: PipelineRow, b: PipelineRow) => number {
  const isDown = sort.startsWith("-");
  const keyOf = ORDER[sort.replace(/^-/, "")] ?? ORDER.state ?? (() => 0);
  return (a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    const order =
      typeof left === "string"
        ? left.localeCompare(String(right))
        : left < Number(right)
          ? -1
          : left > Number(right)
            ? 1
            : 0;
    return (isDown ? -order : order) || a.source.localeCompare(b.source);
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
