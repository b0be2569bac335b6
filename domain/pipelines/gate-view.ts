import { formatAge } from "../format/durations.ts";
import { formatCount } from "../format/numbers.ts";
import { severityOf } from "./pipeline-verdict.ts";
import { FLOW_STATUSES, type FlowStatus, type PipelineTable, type PipelineView } from "./pipeline-view.ts";
import { isHeld, tableVerdict, type Verdict } from "./table-verdict.ts";

/** Ages at which the canal has a gauge mark; between them it is logarithmic, so that seconds and days fit on one line. */
export const GAUGE: readonly { label: string; ageMs: number }[] = [
  { label: "1 s", ageMs: 1_000 },
  { label: "10 s", ageMs: 10_000 },
  { label: "1 min", ageMs: 60_000 },
  { label: "10 min", ageMs: 600_000 },
  { label: "1 h", ageMs: 3_600_000 },
  { label: "1 d", ageMs: 86_400_000 },
];
const LONGEST_MS = 7 * 86_400_000;
/** The scale is linear up to about here: below it all is "now". */
const UNIT_MS = 200;

/** Where an event of this age stands: 0 at the source, this moment; 1 a week ago. */
export function positionOf(ageMs: number): number {
  const age = Math.min(Math.max(ageMs, 0), LONGEST_MS);
  return Math.log1p(age / UNIT_MS) / Math.log1p(LONGEST_MS / UNIT_MS);
}

export interface GateMark {
  id: "captured" | `delivered:${string}`;
  /** 0 to 1. */
  at: number;
  /** What stands there, in the words of the table below. */
  label: string;
  sink?: string;
}

export interface GateLane {
  name: string;
  /** Where the rows go; several sinks may write to several targets. */
  targets: string[];
  verdict: Verdict;
  /** Pixels. */
  width: number;
  marks: GateMark[];
  /** Captured and not delivered: between the newest captured event and the oldest that waits. */
  waiting: { from: number; to: number } | null;
  /** Everything older than this has been delivered; nothing where no sink has said so. */
  deliveredFrom: number | null;
  /** The source does not capture: the stretch since its newest event is not known to be empty. */
  isSourceBroken: boolean;
  /** Broken: nothing passes until someone acts. Closed: held on purpose. */
  gate: "open" | "broken" | "closed" | "none";
}

export interface LaneGroup {
  status: FlowStatus;
  words: string;
  lanes: GateLane[];
}

export interface GateView {
  /** Drawn one by one, worst first. */
  lanes: GateLane[];
  /** The rest, by how they fare. */
  groups: LaneGroup[];
}

/** Up to here every table has a lane of its own. */
const DRAWN = 40;
/** Beyond that, so many of the busiest ones that need nobody are drawn as well. */
const BUSIEST = 8;

/** Prepares the canal: one lane per table, worst first, the rest grouped when they are many. */
export function gateView(pipeline: PipelineView, now: number): GateView {
  const lanes = pipeline.tables
    .map((table) => ({ lane: gateLane(table, pipeline, now), rate: table.perSecond ?? 0 }))
    .sort(
      (a, b) =>
        severityOf(a.lane.verdict.status) - severityOf(b.lane.verdict.status) ||
        b.rate - a.rate ||
        a.lane.name.localeCompare(b.lane.name),
    );
  if (lanes.length <= DRAWN) return { lanes: lanes.map(({ lane }) => lane), groups: [] };
  const needsSomebody = lanes
    .filter(({ lane }) => lane.verdict.status !== "healthy")
    .slice(0, DRAWN - BUSIEST);
  const drawn = new Set(needsSomebody);
  for (const entry of lanes.filter(({ lane }) => lane.verdict.status === "healthy").slice(0, BUSIEST))
    drawn.add(entry);
  const rest = lanes.filter((entry) => !drawn.has(entry)).map(({ lane }) => lane);
  return {
    lanes: lanes.filter((entry) => drawn.has(entry)).map(({ lane }) => lane),
    groups: FLOW_STATUSES.flatMap((status) => {
      const same = rest.filter((lane) => lane.verdict.status === status);
      return same.length > 0 ? [{ status, words: groupWords(status, same.length), lanes: same }] : [];
    }),
  };
}

export function gateLane(table: PipelineTable, pipeline: PipelineView, now: number): GateLane {
  const age = (at: Date | number) => Math.max(0, now - Number(at));
  const marks: GateMark[] = [];
  if (table.committedAt) {
    const ageMs = age(table.committedAt);
    marks.push({ id: "captured", at: positionOf(ageMs), label: `Newest captured event: ${agoWords(ageMs)}` });
  }
  for (const { name, deliveredAt } of table.sinks) {
    if (deliveredAt === null) continue;
    const ageMs = age(deliveredAt);
    marks.push({
      id: `delivered:${name}`,
      at: positionOf(ageMs),
      label: `Newest event delivered by ${name}: ${agoWords(ageMs)}`,
      sink: name,
    });
  }
  const deliveries = marks.flatMap((mark) => (mark.sink ? [mark.at] : []));
  const newest = table.committedAt ? positionOf(age(table.committedAt)) : null;
  return {
    name: table.name,
    targets: [...new Set(table.sinks.map(({ target, name }) => target ?? `chosen by ${name}`))],
    verdict: tableVerdict(table, pipeline, now),
    width: laneWidth(table.perSecond),
    marks,
    waiting:
      newest !== null && table.lagEvents
        ? {
            from: newest,
            to: Math.max(newest, table.waitingSince ? positionOf(age(table.waitingSince)) : newest),
          }
        : null,
    deliveredFrom: deliveries.length > 0 ? Math.max(...deliveries) : null,
    isSourceBroken: pipeline.source.health === "failed" || isHeld(pipeline.source.health),
    gate: gateOf(table, pipeline),
  };
}

function gateOf(table: PipelineTable, { sinks }: PipelineView): GateLane["gate"] {
  const own = sinks.filter((sink) => table.sinks.some(({ name }) => name === sink.name));
  if (own.length === 0) return "none";
  if (own.some(({ health }) => health === "failed")) return "broken";
  return own.some(({ health }) => isHeld(health)) ? "closed" : "open";
}

/** Four steps by throughput: the eye compares widths poorly, so each step is ten times the one before. */
export function laneWidth(perSecond: number | null): number {
  if (!perSecond) return 3;
  if (perSecond < 10) return 6;
  if (perSecond < 100) return 9;
  return perSecond < 1_000 ? 12 : 15;
}

function agoWords(ageMs: number): string {
  return ageMs < 1_000 ? "just now" : `${formatAge(ageMs)} ago`;
}

const GROUP_WORDS: Record<FlowStatus, string> = {
  failed: "more failed",
  degraded: "more are late or limping",
  held: "more are held",
  unknown: "had no event yet or are not known",
  working: "are in their snapshot",
  healthy: "flow",
};

function groupWords(status: FlowStatus, count: number): string {
  return `${formatCount(count)} ${count === 1 ? "table" : "tables"} ${GROUP_WORDS[status]}`;
}
