import { eq } from "drizzle-orm";
import { deadLetterReplays } from "#db/schema/dead-letters.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ChangeReplayInput, ReplayId } from "#domain/dead-letters/replay-input.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";

/** Pauses, resumes or slows a replay; it takes effect with the next batch. Aborting is the run's own. */
export async function changeReplay(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  { id, paused, ratePerSecond }: ChangeReplayInput,
): Promise<void> {
  requirePermission(actor, "dead-letters:repair");
  const change = {
    ...(paused === undefined ? {} : { paused, pausedBecause: paused ? `Paused by ${actor.name}` : null }),
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  };
  if (Object.keys(change).length === 0)
    throw new AppError("invalid", "Say what to change: paused, ratePerSecond");
  await db.transaction(async (tx) => {
    const [replay] = await tx
      .update(deadLetterReplays)
      .set(change)
      .where(eq(deadLetterReplays.id, id))
      .returning({ cluster: deadLetterReplays.cluster });
    if (!replay) throw new AppError("not_found", "There is no such replay");
    await notifyChange(tx, "deadLetters", `replay/${id}`);
    await appendAudit(tx, actor, {
      action: "dead-letter-replay.change",
      subject: { cluster: replay.cluster, replay: id },
      outcome: "succeeded",
      detail: { paused, ratePerSecond },
    });
  });
}

/** How a replay is going: counts by state, and what it is doing. */
export async function getReplay({ db, pool }: Pick<Deps, "db" | "pool">, actor: Actor, { id }: ReplayId) {
  requirePermission(actor, "console:view");
  const [replay] = await db.select().from(deadLetterReplays).where(eq(deadLetterReplays.id, id));
  if (!replay) throw new AppError("not_found", "There is no such replay");
  const { rows } = await pool.query<{ state: string; verdict: string; n: number }>(
    "select state, verdict, count(*)::int as n from dead_letter_replay_items where replay_id = $1 group by 1, 2 order by 1, 2",
    [id],
  );
  const { planId, cluster, createdAt, createdBy, paused, pausedBecause, ratePerSecond } = replay;
  return { id, planId, cluster, createdAt, createdBy, paused, pausedBecause, ratePerSecond, counts: rows };
}
