import type { Actor } from "#domain/access/permissions.ts";
import { ReplayStep } from "#domain/dead-letters/replay-input.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { writeRunItems } from "#server/plans/run-items.ts";
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
}

/** What a worker sent as it died may reach its topic a moment after the run ended. */
const LATE_ARRIVAL = "1 minute";

/**
 * Settles what replays had sent when they ended: a person aborted them, a rule stopped them, or the sink took its time.
 * Whatever became of the run, the sink goes on, and its commits tell which records it has written.
 */
export function createSentSettler() {
  return {
    /** One look at each; answers how many records were settled. */
    async round(deps: Deps, signal: AbortSignal): Promise<number> {
      let settled = 0;
      const topics = new Map<string, DeadLetterTopics>();
      for (const replay of await endedReplays(deps)) {
        if (signal.aborted || !deps.config.clusters.some(({ name }) => name === replay.cluster)) continue;
        const known = topics.get(replay.cluster) ?? (await deadLetterTopicsOf(deps, replay.cluster));
        topics.set(replay.cluster, known);
        const reader = createPartitionReader({
          cluster: replay.cluster,
          ...deps.cluster(replay.cluster).kafka,
        });
        try {
          if (replay.unsure && (await findArrived(deps, reader, replay.cluster, replay.id)))
            await noteReadBack(deps, replay);
          settled += await settle(deps, replay, { reader, topics: known, signal });
        } catch (error) {
          // A cluster that does not answer is told by the observer; the next round asks again.
          if (!(error instanceof AppError)) throw error;
        } finally {
          await reader.close();
        }
      }
      return settled;
    },
  };
}

async function endedReplays({ pool }: Pick<Deps, "pool">): Promise<EndedReplay[]> {
  const { rows } = await pool.query<EndedReplay>(
    `select replay.id, replay.run_id, replay.cluster, replay.target, replay.markers, run.started_by, run.audit_act_id,
            plan.frozen -> 'steps' as steps, left_open.unsure
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
          signal,
          workerSignal: signal,
          recordItems: (items: Parameters<typeof writeRunItems>[2]) =>
            writeRunItems(deps.db, { runId: replay.run_id, stepPosition }, items),
        },
        step: ReplayStep.parse(input),
        cluster,
        targetTopic: target === "original" ? undefined : target,
        reader,
        markers: new Map(Object.entries(replay.markers)),
        topics,
      };
      const places = await sentPlaces(work);
      if (places.length > 0) settled += await deliverSent(work, places);
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
