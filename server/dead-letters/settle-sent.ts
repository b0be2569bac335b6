import type { Actor } from "#domain/access/permissions.ts";
import { ReplayStep } from "#domain/dead-letters/replay-input.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { isDatabaseAway } from "#server/plans/patience.ts";
import { deliverSent } from "./deliver-sent.ts";
import { findArrived } from "./find-arrived.ts";
import { sentPlaces } from "./replay-rules.ts";
import { type DeadLetterTopics, deadLetterTopicsOf } from "./replay-work.ts";

interface EndedReplay {
  id: string;
  run_id: string;
  cluster: string;
  target: string;
  markers: Record<string, string>;
  started_by: Actor;
  steps: { input: unknown }[];
  /** Its last batch was not noted: what of it arrived is read back from its topics. */
  unsure: boolean;
  /** Changes when the run is resumed. */
  audit_act_id: string;
  ended_ms_ago: string;
}

/** What a worker sent as it died may reach its topic a moment after the run ended. */
const LATE_ARRIVAL = "1 minute";
const OLD_AFTER_MS = 600_000;
const OLD_EVERY_MS = 60_000;

/**
 * Settles what replays had sent when they ended: a person aborted them, a rule stopped them, or the sink took its time.
 * Whatever became of the run, the sink goes on, and its commits tell which records it has written.
 */
export function createSentSettler() {
  /** When a replay that ended long ago is looked at again. */
  const nextLook = new Map<string, number>();
  /** What was logged last of each replay that cannot be settled. */
  const failures = new Map<string, string>();

  /** Records that no sink ever commits past are left for years: looking at them costs little by being rare. */
  function isDue({ id, ended_ms_ago: age }: EndedReplay): boolean {
    if (Number(age) < OLD_AFTER_MS) return true;
    const at = performance.now();
    if (at < (nextLook.get(id) ?? 0)) return false;
    nextLook.set(id, at + OLD_EVERY_MS);
    return true;
  }

  function tell({ log }: Pick<Deps, "log">, { id, cluster }: EndedReplay, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (failures.get(id) === message) return;
    failures.set(id, message);
    log.warn({ err: error, replay: id, cluster }, "what a replay had sent cannot be settled for now");
  }

  return {
    /** One look at each that is due; answers how many records were settled. */
    async round(deps: Deps, signal: AbortSignal): Promise<number> {
      let settled = 0;
      const topics = new Map<string, DeadLetterTopics>();
      const ended = await endedReplays(deps);
      const ids = new Set(ended.map(({ id }) => id));
      for (const known of [nextLook, failures])
        for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
      for (const replay of ended) {
        if (signal.aborted) return settled;
        if (!deps.config.clusters.some(({ name }) => name === replay.cluster) || !isDue(replay)) continue;
        try {
          const known = topics.get(replay.cluster) ?? (await deadLetterTopicsOf(deps, replay.cluster));
          topics.set(replay.cluster, known);
          settled += await lookAt(deps, replay, known, signal);
          failures.delete(replay.id);
        } catch (error) {
          if (signal.aborted || (!(error instanceof AppError) && isDatabaseAway(error))) throw error;
          tell(deps, replay, error);
        }
      }
      return settled;
    },
  };
}

async function lookAt(
  deps: Deps,
  replay: EndedReplay,
  topics: DeadLetterTopics,
  signal: AbortSignal,
): Promise<number> {
  const { cluster } = replay;
  const reader = createPartitionReader({ cluster, ...deps.cluster(cluster).kafka });
  try {
    if (replay.unsure && (await findArrived(deps, reader, cluster, replay.id)))
      await noteReadBack(deps, replay);
    return await settle(deps, replay, { reader, topics, signal });
  } finally {
    await reader.close();
  }
}

async function endedReplays({ pool }: Pick<Deps, "pool">): Promise<EndedReplay[]> {
  const { rows } = await pool.query<EndedReplay>(
    `select replay.id, replay.run_id, replay.cluster, replay.target, replay.markers, run.started_by, run.audit_act_id,
            coalesce(extract(epoch from now() - run.ended_at) * 1000, 0) as ended_ms_ago, plan.frozen -> 'steps' as steps, left_open.unsure
       from dead_letter_replays replay join runs run on run.id = replay.run_id join plans plan on plan.id = run.plan_id
       cross join lateral (
         select run.state <> 'succeeded' and replay.sending_from is not null and exists (
           select 1 from dead_letter_replay_items item where item.replay_id = replay.id and item.state = 'waiting'
              and item.position between replay.sending_from and replay.sending_to) as unsure) left_open
      where run.state not in ('queued', 'running', 'aborting')
        and (left_open.unsure
             or replay.id in (select item.replay_id from dead_letter_replay_items item where item.state = 'sent'))`,
  );
  return rows;
}

/** All of the last batch that arrived is known now. A run that was resumed meanwhile may be sending the next one. */
async function noteReadBack({ pool }: Pick<Deps, "pool">, replay: EndedReplay): Promise<void> {
  await pool.query(
    `with ended as (
       select id from runs where id = $2 and audit_act_id = $3 and state not in ('queued', 'running', 'aborting')
          and ended_at < now() - $4::interval for share)
     update dead_letter_replays replay set sending_from = null, sending_to = null, sending_starts = null
       from ended where replay.id = $1 and replay.run_id = ended.id`,
    [replay.id, replay.run_id, replay.audit_act_id, LATE_ARRIVAL],
  );
}

async function settle(
  deps: Deps,
  replay: EndedReplay,
  { reader, topics, signal }: { reader: PartitionReader; topics: DeadLetterTopics; signal: AbortSignal },
): Promise<number> {
  const { cluster, target } = replay;
  const actor = { ...replay.started_by, via: "worker" as const };
  let settled = 0;
  try {
    for (const [stepPosition, { input }] of replay.steps.entries()) {
      const work = {
        context: {
          deps,
          actor,
          runId: replay.run_id,
          stepPosition,
          signal,
          workerSignal: signal,
        },
        step: ReplayStep.parse(input),
        cluster,
        targetTopic: target === "original" ? undefined : target,
        reader,
        markers: new Map(Object.entries(replay.markers)),
        topics,
      };
      const places = await sentPlaces(work);
      if (places.length > 0)
        await deliverSent(work, places, (records) => {
          settled += records;
        });
    }
  } finally {
    if (settled > 0) await noteSettled(deps, actor, replay, settled);
  }
  return settled;
}

/** The run's own entry was closed when it ended, without these records. */
async function noteSettled(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  { id, run_id, cluster }: EndedReplay,
  records: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    await notifyChange(tx, "deadLetters", `replay/${id}`);
    await appendAudit(tx, actor, {
      action: "dead-letter.settle-sent",
      subject: { cluster, replay: id, run: run_id },
      outcome: "succeeded",
      detail: { records },
    });
  });
}
