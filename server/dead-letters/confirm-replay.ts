import { setTimeout as delay } from "node:timers/promises";
import { mustStop } from "#domain/dead-letters/replay-input.ts";
import type { RunItem } from "#domain/plans/schema.ts";
import type { StepOutcome } from "#server/plans/plan-kind.ts";
import { deliverSent } from "./deliver-sent.ts";
import { sentPlaces, stoppedSink, tooManyFailed } from "./replay-rules.ts";
import { countStates, progressOf, type ReplayWork, recordAll, skip } from "./replay-work.ts";
import { sinkHealth } from "./sink-health.ts";

const LOOK_EVERY_MS = 300;
/** A sink that takes nothing for so long is not waited for any longer. */
const CONFIRM_WITHIN_MS = 180_000;

/**
 * Waits until the sinks have committed past what was sent and their dead letters are indexed: then a record either came
 * back or was delivered. Undefined when all of them are settled.
 */
export async function confirm(work: ReplayWork): Promise<StepOutcome | undefined> {
  const { context } = work;
  let until = performance.now() + CONFIRM_WITHIN_MS;
  for (;;) {
    context.signal.throwIfAborted();
    const places = await sentPlaces(work);
    if (places.length === 0) return undefined;
    if ((await deliverSent(work, places)) > 0) until = performance.now() + CONFIRM_WITHIN_MS;
    const counts = await countStates(work);
    await context.progress(
      ...progressOf(counts),
      `Waiting until the sink has written ${counts.sent ?? 0} records`,
    );
    const { delivered = 0, failed = 0, sent = 0 } = counts;
    if (mustStop(delivered, failed)) return stopped(tooManyFailed(delivered, failed), counts);
    if (sent === 0) return undefined;
    for (const sink of new Set(places.map((place) => place.sink)))
      if ((await sinkHealth(work.context.deps, work.cluster, sink)) === "failed")
        return stopped(stoppedSink(sink), counts);
    if (performance.now() > until) return await unconfirmed(work, counts);
    await delay(LOOK_EVERY_MS, undefined, { signal: context.signal });
  }
}

export function stopped(message: string, counts: Record<string, number>): StepOutcome {
  return { state: "failed", message, detail: { ...counts } };
}

async function unconfirmed(work: ReplayWork, counts: Record<string, number>): Promise<StepOutcome> {
  await work.context.deps.pool.query(
    "update dead_letter_replay_items set message = 'Sent; the sink has not committed past it' where replay_id = $1 and state = 'sent'",
    [work.step.replayId],
  );
  return stopped(
    `${counts.sent ?? 0} records were sent, and no sink of ${work.cluster} has committed past them within ${CONFIRM_WITHIN_MS / 60_000} minutes`,
    counts,
  );
}

/** A failed event stops the later ones of its row, and only those. */
export async function skipBrokenChains(work: ReplayWork): Promise<void> {
  const { rows } = await work.context.deps.pool.query<{
    position: number;
    id: string;
    message: string;
    chained: number[] | null;
  }>(
    `select f.position, f.dead_letter_id as id, f.message, (select array_agg(w.position) from dead_letter_replay_items w
        where w.replay_id = f.replay_id and w.chain = f.chain and w.wave > f.wave and w.state = 'waiting') as chained
       from dead_letter_replay_items f where f.replay_id = $1 and f.state = 'failed'`,
    [work.step.replayId],
  );
  await recordAll(
    work,
    rows.map(
      (row): RunItem => ({ position: row.position, key: row.id, state: "failed", message: row.message }),
    ),
  );
  await skip(
    work,
    rows.flatMap((row) => row.chained ?? []),
    "An earlier event of this row failed again",
  );
}
