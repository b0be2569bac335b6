import type { Health } from "../connectors/health.ts";
import { formatAge } from "../format/durations.ts";
import { formatCount, formatCounted } from "../format/numbers.ts";
import type { FlowStatus, PipelineConnector, PipelineTable } from "./pipeline-view.ts";

export interface Verdict {
  status: FlowStatus;
  /** One short sentence, the same wherever the table is shown. */
  words: string;
}

/** Between commits of the sink's group a few seconds are normal; a minute is not. */
export const LATE_MS = 60_000;

export interface TableNeighbours {
  source: Pick<PipelineConnector, "name" | "health">;
  sinks: readonly Pick<PipelineConnector, "name" | "health">[];
}

/** How one table fares, judged from its own numbers and the connectors at its ends. */
export function tableVerdict(table: PipelineTable, { source, sinks }: TableNeighbours, now: number): Verdict {
  const own = sinks.filter((sink) => table.sinks.some(({ name }) => name === sink.name));
  const waiting = waitingWords(table, now);
  const broken = own.find(({ health }) => health === "failed");
  if (broken) return { status: "failed", words: sentence(`sink ${broken.name} failed`, waiting) };
  if (source.health === "failed")
    return { status: "failed", words: sentence("changes are not captured: the source failed", waiting) };
  const lost = table.sinks.reduce((total, sink) => total + sink.lost, 0);
  if (lost > 0)
    return { status: "failed", words: `${formatCounted(lost, "event")} gone: retention removed them unread` };
  const closed = own.find(({ health }) => isHeld(health));
  if (closed) return { status: "held", words: sentence(`sink ${closed.name} is ${closed.health}`, waiting) };
  if (isHeld(source.health))
    return { status: "held", words: sentence(`the source is ${source.health}`, waiting) };
  if (!table.topicExists) return { status: "unknown", words: "No event yet" };
  if (table.captured === null) return { status: "unknown", words: "Kafka has not said how far it got" };
  if (table.state === "SNAPSHOT_START")
    return { status: "working", words: `Snapshot: ${formatCounted(table.captured, "event")} so far` };
  const lateMs = table.waitingSince ? now - table.waitingSince.getTime() : 0;
  if (lateMs > LATE_MS) return { status: "degraded", words: sentence("late", waiting) };
  const limping = own.find(({ health }) => health === "degraded");
  if (limping) return { status: "degraded", words: sentence(`sink ${limping.name} lost a task`, waiting) };
  if (table.sinks.length === 0) return { status: "healthy", words: "Captured; no sink reads it" };
  if (waiting) return { status: "healthy", words: sentence("flows", waiting) };
  if (table.lagEvents === null) return { status: "unknown", words: "The sink has not said how far it got" };
  return { status: "healthy", words: table.captured === 0 ? "Empty" : "All delivered" };
}

/** "212 events wait, the oldest for 4 min" */
function waitingWords({ lagEvents, waitingSince }: PipelineTable, now: number): string {
  if (!lagEvents) return "";
  const verb = lagEvents === 1 ? "waits" : "wait";
  const counted = `${formatCount(lagEvents)} ${lagEvents === 1 ? "event" : "events"} ${verb}`;
  const age = waitingSince ? Math.max(0, now - waitingSince.getTime()) : 0;
  return age >= 1_000 ? `${counted}, the oldest for ${formatAge(age)}` : counted;
}

function sentence(first: string, second: string): string {
  const text = second ? `${first}; ${second}` : first;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function isHeld(health: Health): boolean {
  return health === "paused" || health === "stopped";
}
