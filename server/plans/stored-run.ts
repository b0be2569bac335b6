import { eq } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { plans, runs } from "#db/schema/plans.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { StoredPlan } from "./stored-plan.ts";

export type StoredRun = typeof runs.$inferSelect;

export async function getStoredRun(db: DbOrTx, id: string): Promise<{ run: StoredRun; plan: StoredPlan }> {
  const [found] = await db
    .select({ run: runs, plan: plans })
    .from(runs)
    .innerJoin(plans, eq(plans.id, runs.planId))
    .where(eq(runs.id, id));
  if (!found) throw new AppError("not_found", "There is no such run");
  return found;
}

export async function lockStoredRun(tx: DbOrTx, id: string): Promise<StoredRun> {
  const [run] = await tx.select().from(runs).where(eq(runs.id, id)).for("update");
  if (!run) throw new AppError("not_found", "There is no such run");
  return run;
}
