import { eq } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { plans } from "#db/schema/plans.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { isUntouched } from "./fingerprint.ts";

export type StoredPlan = typeof plans.$inferSelect;

export async function getStoredPlan(db: DbOrTx, id: string): Promise<StoredPlan> {
  const [plan] = await db.select().from(plans).where(eq(plans.id, id));
  if (!plan) throw new AppError("not_found", "There is no such plan");
  return plan;
}

/** Locks the row, so that two people (or two clicks) decide about one plan one after the other. */
export async function lockStoredPlan(tx: DbOrTx, id: string): Promise<StoredPlan> {
  const [plan] = await tx.select().from(plans).where(eq(plans.id, id)).for("update");
  if (!plan) throw new AppError("not_found", "There is no such plan");
  return plan;
}

export function requireUntouched(plan: StoredPlan): void {
  if (isUntouched(plan)) return;
  throw new AppError(
    "precondition_failed",
    "The stored plan is not the one that was reviewed: its content no longer matches its fingerprint. Nothing was done; propose it again and tell a security reviewer",
  );
}
