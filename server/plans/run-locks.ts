import { eq, inArray } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { plans, runLocks, runs } from "#db/schema/plans.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { lockKeys } from "#domain/plans/locks.ts";
import type { PlanDraft } from "#domain/plans/schema.ts";

/** Takes everything the plan works on, or nothing: a run that holds one of them is named. */
export async function takeRunLocks(tx: DbOrTx, runId: string, draft: PlanDraft): Promise<void> {
  const keys = lockKeys(draft);
  if (keys.length === 0) return;
  await tx
    .insert(runLocks)
    .values(keys.map((key) => ({ key, runId })))
    .onConflictDoNothing();
  const held = await tx
    .select({ key: runLocks.key, runId: runLocks.runId, title: plans.title, planId: plans.id })
    .from(runLocks)
    .innerJoin(runs, eq(runs.id, runLocks.runId))
    .innerJoin(plans, eq(plans.id, runs.planId))
    .where(inArray(runLocks.key, keys));
  const other = held.find((lock) => lock.runId !== runId);
  if (other)
    throw new AppError(
      "conflict",
      `Another run is working on ${other.key}: “${other.title}” (plan ${other.planId}). Wait until it ends, or abort it`,
      { retryable: true },
    );
}

export async function releaseRunLocks(tx: DbOrTx, runId: string): Promise<void> {
  await tx.delete(runLocks).where(eq(runLocks.runId, runId));
}
