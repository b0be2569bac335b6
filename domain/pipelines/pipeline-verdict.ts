import { formatAge } from "../format/durations.ts";
import { formatCount, formatCounted } from "../format/numbers.ts";
import { FLOW_STATUSES, type FlowStatus, type PipelineView } from "./pipeline-view.ts";
import { isHeld, tableVerdict, type Verdict } from "./table-verdict.ts";

export type PipelineFacts = Pick<PipelineView, "source" | "sinks" | "tables" | "deadLetters" | "snapshot">;

/** The one-sentence answer of the pipeline's page: what is wrong, since when, what waits, what still works. */
export function pipelineVerdict(pipeline: PipelineFacts, now: number): Verdict {
  const { source, sinks, tables } = pipeline;
  const since = (at: Date) => `${formatAge(Math.max(0, now - at.getTime()))} ago`;
  const because = (reason: string | null) => (reason ? `: ${withoutStop(reason)}` : "");
  if (source.health === "failed")
    return failed(
      `Source ${source.name} failed ${since(source.since)}${because(source.reason)}.`,
      waitingWords(pipeline),
    );
  const brokenSink = sinks.find(({ health }) => health === "failed");
  if (brokenSink)
    return failed(
      `Sink ${brokenSink.name} failed ${since(brokenSink.since)}${because(brokenSink.reason)}.`,
      waitingWords(pipeline, brokenSink.name),
    );
  const held = [source, ...sinks].find(({ health }) => isHeld(health));
  if (held) {
    const kind = held === source ? "Source" : "Sink";
    return {
      status: "held",
      words: join(
        `${kind} ${held.name} was ${held.health} ${since(held.since)}.`,
        waitingWords(pipeline, held === source ? undefined : held.name),
        "Nothing is lost.",
      ),
    };
  }
  const worst = worstTable(pipeline, now);
  if (worst && (worst.status === "failed" || worst.status === "degraded"))
    return { status: worst.status, words: `${worst.name}: ${lowerFirst(worst.words)}${more(worst.count)}.` };
  const limping = [source, ...sinks].find(({ health }) => health === "degraded");
  if (limping)
    return {
      status: "degraded",
      words: join(
        `${limping.name} lost a task${because(limping.reason)}.`,
        waitingWords(pipeline, limping === source ? undefined : limping.name),
      ),
    };
  const starting = [source, ...sinks].find(({ health }) => health === "starting");
  const inSnapshot = tables.filter(({ state }) => state === "SNAPSHOT_START").length;
  if (inSnapshot > 0) {
    const done = tables.length - inSnapshot;
    return {
      status: "working",
      words: `Snapshot: ${formatCount(done)} of ${formatCounted(tables.length, "table")} done.`,
    };
  }
  if (starting) return { status: "working", words: `${starting.name} is starting.` };
  if (tables.length === 0)
    return { status: "unknown", words: "No table is known yet: no topic of this source exists." };
  if (source.health === "unknown")
    return { status: "unknown", words: `Kafka Connect does not say how ${source.name} fares.` };
  return healthy(pipeline, now);
}

function healthy(pipeline: PipelineFacts, now: number): Verdict {
  const { tables, sinks } = pipeline;
  const unknown = tables.filter((table) => tableVerdict(table, pipeline, now).status === "unknown").length;
  const rate = tables.reduce((total, { perSecond }) => total + (perSecond ?? 0), 0);
  const flow = rate > 0 ? ` ${formatCounted(Math.max(1, Math.round(rate)), "event")} per second.` : "";
  if (unknown === tables.length)
    return { status: "unknown", words: `Nothing is known yet of ${formatCounted(tables.length, "table")}.` };
  const quiet = unknown > 0 ? ` ${formatCounted(unknown, "table")} had no event yet.` : "";
  const known = tables.length - unknown;
  const be = known === 1 ? "is" : "are";
  const what =
    sinks.length === 0
      ? `${be} captured; no sink reads ${known === 1 ? "it" : "them"}`
      : `${be} captured and delivered`;
  return {
    status: "healthy",
    words: `${formatCounted(known, "table")} ${what}.${flow}${quiet}`,
  };
}

function worstTable(pipeline: PipelineFacts, now: number) {
  const judged = pipeline.tables.map((table) => ({
    name: table.name,
    ...tableVerdict(table, pipeline, now),
  }));
  judged.sort((a, b) => severityOf(a.status) - severityOf(b.status));
  const [worst] = judged;
  if (!worst) return undefined;
  return { ...worst, count: judged.filter(({ status }) => status === worst.status).length };
}

export function severityOf(status: FlowStatus): number {
  return FLOW_STATUSES.indexOf(status);
}

/** What waits behind one sink, or in the whole pipeline. */
function waitingWords({ tables, deadLetters }: PipelineFacts, sink?: string): string {
  const waits = tables.flatMap((table) =>
    table.sinks.filter(({ name }) => sink === undefined || name === sink),
  );
  const events = waits.reduce((total, { lagEvents }) => total + (lagEvents ?? 0), 0);
  const basins = deadLetters.filter(({ sinks }) => sink === undefined || sinks.includes(sink));
  const dead = basins.reduce((total, { count }) => total + (count ?? 0), 0);
  const parts = [
    events > 0 ? `${formatCounted(events, "event")} ${events === 1 ? "waits" : "wait"} behind it.` : "",
    dead > 0 ? `${formatCounted(dead, "dead letter")}.` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function failed(first: string, waiting: string): Verdict {
  return { status: "failed", words: join(first, waiting) };
}

function join(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

function more(count: number): string {
  return count > 1 ? `, and ${formatCounted(count - 1, "more table")}` : "";
}

function withoutStop(text: string): string {
  return text.replace(/[.\s]+$/, "");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
