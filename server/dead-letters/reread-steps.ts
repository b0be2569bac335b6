import { setTimeout as delay } from "node:timers/promises";
import { RereadStep } from "#domain/dead-letters/reread-input.ts";
import type { RunItem } from "#domain/plans/schema.ts";
import { type RowKey, rowKeyText } from "#domain/reread/row-filter.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import type { PlanKind, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import type { ArrivedRow } from "#server/reread/await-reread.ts";
import { findRereadSource } from "#server/reread/find-reread-source.ts";
import { rereadRows } from "#server/reread/reread-rows.ts";
import { findSetAside, newestLetter } from "./find-set-aside.ts";
import { findSinksNow } from "./find-sinks-now.ts";
import type { StoredRow } from "./list-records.ts";
import { findStored, readRaw } from "./raw-record.ts";
import { concludeRowNow } from "./record-context.ts";
import { inTransaction, settleIn } from "./settle-records.ts";
import { sinkHealth } from "./sink-health.ts";

const LOOK_EVERY_MS = 500;
/** How long the sink may take for rows that have arrived in the topic. */
const WRITE_WITHIN_MS = 180_000;
/** A row that just changed again may differ for a moment. */
const EQUAL_WITHIN_MS = 10_000;
/** Comparing reads both databases for each row; what lies beyond is told as not compared. */
const MOST_COMPARED = 200;

/** Reads the rows of dead letters again from their source and settles those that the target then has. */
export const rereadPlanKind: PlanKind = {
  kind: "dead-letters.reread",
  permission: "dead-letters:repair",
  approvePermission: "dead-letters:repair",
  runStep: (context, step) => reread(context, RereadStep.parse(step.input)),
  // Reading a row once more does no harm, and what is settled is left alone.
  settleStep: () => Promise.resolve({ state: "not_done" }),
};

interface OpenLetter {
  row: StoredRow;
  key: RowKey | undefined;
  problem: string | undefined;
}

async function reread(context: StepContext, step: RereadStep): Promise<StepOutcome> {
  const { deps, actor, signal } = context;
  const letters = await openLetters(context, step);
  const readable = letters.filter(({ key }) => key !== undefined);
  const keys = new Map(readable.flatMap(({ key }) => (key ? [[rowKeyText(key), key] as const] : [])));
  const items: RunItem[] = letters
    .filter(({ key }) => key === undefined)
    .map(({ row, problem }) => item(row, "failed", problem ?? "Its key could not be read"));
  await context.recordItems(items);
  if (keys.size === 0)
    return letters.length === 0
      ? { state: "skipped", message: "All of them were settled by other means meanwhile" }
      : { state: "failed", message: "None of the keys could be read" };
  const since = await newestLetter(deps);
  const sink = (await findSinksNow(deps, step.cluster))(step.sink, step.topic);
  const source = await findRereadSource(deps, step);
  const result = await rereadRows(deps, actor, source, [...keys.values()], {
    signal,
    onProgress: (arrived) =>
      context.progress(arrived, keys.size, `${arrived} of ${keys.size} rows have arrived in ${step.topic}`),
  });
  const stuck = await awaitWritten(context, { ...step, sink }, result.arrived);
  if (stuck) return { state: "failed", message: stuck };
  const isSetAside = await findSetAside(deps, { ...step, sink }, { since, signal });
  const arrivals = new Map<string, Arrival>();
  for (const { key, ...at } of result.arrived)
    arrivals.set(
      rowKeyText(key),
      isSetAside === undefined ? "unclear" : isSetAside(at) ? "set_aside" : "written",
    );
  const counts = { resolved: 0, open: items.length };
  for (const [index, { row, key }] of readable.entries()) {
    signal.throwIfAborted();
    const verdict = await judgeRow(context, row, {
      arrival: key && arrivals.get(rowKeyText(key)),
      isComplete: result.isComplete,
      compare: index < MOST_COMPARED,
    });
    if (verdict.isRight) await resolve(context, row, verdict.message);
    await context.recordItems([item(row, verdict.isRight ? "succeeded" : "failed", verdict.message)]);
    counts[verdict.isRight ? "resolved" : "open"] += 1;
    await context.progress(index + 1, readable.length, "Comparing the rows");
  }
  return {
    state: counts.resolved === 0 ? "failed" : "succeeded",
    message: `${counts.resolved} resolved, ${counts.open} still open`,
    detail: counts,
  };
}

function item(row: StoredRow, state: RunItem["state"], message: string): RunItem {
  return { position: Number(row.id), key: String(row.id), state, message };
}

async function openLetters({ deps, signal }: StepContext, { ids }: RereadStep): Promise<OpenLetter[]> {
  const letters: OpenLetter[] = [];
  for (const id of ids) {
    signal.throwIfAborted();
    const row = await findStored(deps, id);
    if (row.status !== "PENDING") continue;
    const raw = await readRaw(deps, row);
    if (!raw) {
      letters.push({ row, key: undefined, problem: "Kafka no longer has its key" });
      continue;
    }
    const headers = Object.fromEntries(raw.headers.map(([name, value]) => [name, value ?? undefined]));
    const avro = deps.registry(row.cluster)?.avro;
    const { value, problem } = await decodePart({ key: raw.key, value: null, headers }, "key", avro);
    const isKey = value !== null && typeof value === "object" && !Array.isArray(value);
    letters.push({ row, key: isKey ? (value as RowKey) : undefined, problem });
  }
  return letters;
}

/** Until the sink has committed past every row; a sentence where it does not get there. */
async function awaitWritten(
  context: StepContext,
  { cluster, topic, sink }: RereadStep,
  arrived: readonly ArrivedRow[],
): Promise<string | undefined> {
  const { deps, signal } = context;
  const last = new Map<number, number>();
  for (const { partition, offset } of arrived)
    last.set(partition, Math.max(offset, last.get(partition) ?? 0));
  const until = performance.now() + WRITE_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    const committed = (await deps.kafka(cluster).committedOffsets(`connect-${sink}`, [topic])).get(topic);
    const behind = [...last].filter(([partition, offset]) => (committed?.get(partition) ?? -1) <= offset);
    if (behind.length === 0) return undefined;
    if ((await sinkHealth(deps, cluster, sink)) === "failed")
      return `${sink} stopped while it wrote the rows; look at the stopped sink first`;
    if (performance.now() > until)
      return `The rows are in ${topic}, and ${sink} has not committed past them within ${WRITE_WITHIN_MS / 60_000} minutes`;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

interface Verdict {
  isRight: boolean;
  message: string;
}

/** What became of a row that the source sent, once its sink had got past it. */
type Arrival = "written" | "set_aside" | "unclear";

const ARRIVED: Record<Arrival, Verdict> = {
  written: { isRight: true, message: "The sink has written the row." },
  set_aside: { isRight: false, message: "The sink has set the row aside again." },
  unclear: {
    isRight: false,
    message:
      "The sink has got past the row; its dead letters are not indexed yet, so it may have set it aside again.",
  },
};

async function judgeRow(
  { deps, signal }: StepContext,
  row: StoredRow,
  { arrival, isComplete, compare }: { arrival: Arrival | undefined; isComplete: boolean; compare: boolean },
): Promise<Verdict> {
  const until = performance.now() + EQUAL_WITHIN_MS;
  for (;;) {
    const { kind, text } = compare
      ? await concludeRowNow(deps, row)
      : { kind: "unknown" as const, text: "The rows were not compared." };
    if (kind === "equal" || kind === "gone") return { isRight: true, message: text };
    if (kind === "unknown" && arrival)
      return { ...ARRIVED[arrival], message: `${ARRIVED[arrival].message} ${text}` };
    if (kind === "unknown")
      return {
        isRight: false,
        message: isComplete
          ? `The source did not send this row: it no longer has it. ${text}`
          : "The row did not come in time",
      };
    if (!arrival || performance.now() > until) return { isRight: false, message: text };
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function resolve({ deps, actor, planId }: StepContext, row: StoredRow, message: string): Promise<void> {
  await inTransaction(deps.pool, (client) =>
    settleIn(
      client,
      {
        text: `d.topic_id = $1 and d.incarnation = $2 and d.partition = $3 and d."offset" = $4`,
        values: [row.topic_id, row.incarnation, row.partition, row.offset],
      },
      { from: ["PENDING"], to: "RESOLVED" },
      { at: deps.now(), by: actor.id, reason: `Read again from the source (${planId}). ${message}` },
    ),
  );
}
