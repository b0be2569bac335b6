import { setTimeout as delay } from "node:timers/promises";
import kafkajs, { Kafka, logLevel } from "kafkajs";
import { ReplayStep, rampedRate } from "#domain/dead-letters/replay-input.ts";
import { registerCodecs } from "#server/kafka/codecs.ts";
import { kafkaFailure } from "#server/kafka/failures.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { isDatabaseAway, isRetryable, withPatience } from "#server/plans/patience.ts";
import type { PlanKind, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import { confirm, skipBrokenChains, stopped } from "./confirm-replay.ts";
import { findArrived } from "./find-arrived.ts";
import { createLetterSource } from "./letter-source.ts";
import { createNewerKeys } from "./newer-keys.ts";
import { nextBatch } from "./next-replay-batch.ts";
import { createReplayRules } from "./replay-rules.ts";
import {
  countStates,
  deadLetterTopicsOf,
  progressOf,
  type ReplayWork,
  recordSettled,
  tellProgress,
} from "./replay-work.ts";
import { sendBatch } from "./send-replay-batch.ts";

const LOOK_EVERY_MS = 300;
/** How long engines that went away in the middle are waited for before a person is needed. */
const OUTAGE = { firstMs: 500, maxMs: 5_000, giveUpAfterMs: 180_000 };

/** Sends frozen dead letters again, in order, and tells of each how it ended. */
export const replayPlanKind: PlanKind = {
  kind: "dead-letters.replay",
  permission: "dead-letters:repair",
  approvePermission: "dead-letters:repair",
  runStep: (context, step) => {
    const input = ReplayStep.parse(step.input);
    return withPatience(OUTAGE, context.signal, isPassing, () => replay(context, input));
  },
  // What was sent is found out from the topic itself at the start of the step, so doing it again sends nothing twice.
  settleStep: () => Promise.resolve({ state: "not_done" }),
};

function isPassing(error: unknown): boolean {
  return isRetryable(error) || isDatabaseAway(error);
}

interface StoredReplay {
  cluster: string;
  target: string;
  scanned_to: Record<string, number>;
  markers: Record<string, string>;
}

async function replay(context: StepContext, step: ReplayStep): Promise<StepOutcome> {
  const { deps, runId } = context;
  const { rows } = await deps.pool.query<StoredReplay>(
    "update dead_letter_replays set run_id = $2 where id = $1 returning cluster, target, scanned_to, markers",
    [step.replayId, runId],
  );
  const [stored] = rows;
  if (!stored) return { state: "failed", message: "The selection of this replay is not there any more" };
  const { cluster } = stored;
  const settings = deps.cluster(cluster).kafka;
  const reader = createPartitionReader({ cluster, ...settings });
  registerCodecs();
  const producer = new Kafka({
    clientId: "headgate-replay",
    brokers: [...settings.brokers],
    ssl: settings.tls,
    logLevel: logLevel.NOTHING,
  }).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  try {
    await producer.connect().catch((error: unknown) => {
      throw kafkaFailure(cluster, error);
    });
    const targetTopic = stored.target === "original" ? undefined : stored.target;
    const ends = targetTopic === undefined ? [] : await reader.offsets(targetTopic);
    const follow =
      targetTopic === undefined
        ? stored.scanned_to
        : Object.fromEntries(ends.map(({ partition, end }) => [`${targetTopic}/${partition}`, end]));
    const work: ReplayWork = {
      context,
      step,
      cluster,
      targetTopic,
      targetPartitions: ends.length,
      reader,
      producer,
      letters: createLetterSource(reader, cluster),
      newer: createNewerKeys(reader, cluster, follow, step.replayId),
      markers: new Map(Object.entries(stored.markers)),
      topics: await deadLetterTopicsOf(deps, cluster),
      cursor: 0,
      progressAt: 0,
      startedAt: performance.now(),
    };
    if (!(await findArrived(deps, reader, cluster, step.replayId)))
      throw kafkaFailure(cluster, new Error("a topic of the last batch could not be read back"));
    await recordSettled(work);
    return await workThrough(work);
  } finally {
    await Promise.all([producer.disconnect().catch(() => undefined), reader.close()]);
  }
}

async function workThrough(work: ReplayWork): Promise<StepOutcome> {
  for (let wave = 0; ; wave += 1) {
    const last = await lastWave(work);
    if (last === undefined || wave > last) break;
    const outcome = (await sendWave(work, wave)) ?? (await confirm(work));
    if (outcome) return outcome;
    await skipBrokenChains(work);
  }
  const counts = await countStates(work);
  // What was written by hand is row data: it is not kept longer than it is needed.
  if (!counts.waiting)
    await work.context.deps.pool.query("delete from dead_letter_edits where replay_id = $1", [
      work.step.replayId,
    ]);
  const message = `${counts.delivered ?? 0} delivered, ${counts.failed ?? 0} failed again, ${counts.skipped ?? 0} left out${counts.sent ? `, ${counts.sent} sent without confirmation` : ""}`;
  return {
    state: (counts.failed ?? 0) > 0 && (counts.delivered ?? 0) === 0 ? "failed" : "succeeded",
    message,
    detail: { ...counts },
  };
}

async function lastWave({ context, step }: ReplayWork): Promise<number | undefined> {
  const { rows } = await context.deps.pool.query<{ wave: number | null }>(
    "select max(wave) as wave from dead_letter_replay_items where replay_id = $1 and position < $2 and state in ('waiting', 'sent')",
    [step.replayId, step.upTo],
  );
  return rows[0]?.wave ?? undefined;
}

/** Sends a wave as fast as people, rules and the agreed rate allow; an outcome means that it must not go on. */
async function sendWave(work: ReplayWork, wave: number): Promise<StepOutcome | undefined> {
  const { context } = work;
  const rules = createReplayRules(work);
  work.cursor = 0;
  let ahead: ReturnType<typeof nextBatch> | undefined;
  for (;;) {
    context.signal.throwIfAborted();
    const { paused, rate } = await settingsOf(work);
    const verdict = await rules.check();
    if (verdict.do === "stop") {
      await ahead?.catch(() => undefined);
      return stopped(verdict.message, await countStates(work));
    }
    if (paused || verdict.do === "wait") {
      // What was read ahead is read again later: it may have been settled by then.
      await ahead?.catch(() => undefined);
      [ahead, work.cursor] = [undefined, 0];
      await context.progress(...progressOf(await countStates(work)), paused ? "Paused" : verdict.message);
      await delay(LOOK_EVERY_MS, undefined, { signal: context.signal });
      continue;
    }
    const atMost = rate === undefined ? undefined : Math.max(1, Math.round(rate));
    const items = await (ahead ?? nextBatch(work, wave, atMost));
    if (!items) return undefined;
    ahead = rate === undefined ? nextBatch(work, wave) : undefined;
    ahead?.catch(() => undefined);
    const begun = performance.now();
    await sendBatch(work, items);
    await tellProgress(work, `Sent up to position ${items.at(-1)?.position ?? 0}`);
    if (rate !== undefined)
      await delay(Math.max(0, (items.length / rate) * 1_000 - (performance.now() - begun)), undefined, {
        signal: context.signal,
      });
  }
}

async function settingsOf({
  context,
  step,
  startedAt,
}: ReplayWork): Promise<{ paused: boolean; rate: number | undefined }> {
  const { rows } = await context.deps.pool.query<{ paused: boolean; rate: number | null }>(
    "select paused, rate_per_second as rate from dead_letter_replays where id = $1",
    [step.replayId],
  );
  const rate = rows[0]?.rate ?? undefined;
  return {
    paused: rows[0]?.paused ?? false,
    rate: rate === undefined ? undefined : rampedRate(rate, performance.now() - startedAt),
  };
}
