import { and, inArray, lte } from "drizzle-orm";
import { plans } from "#db/schema/plans.ts";
import type { Actor } from "#domain/access/permissions.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";

const CLOCK: Actor = { id: "system:plans", name: "Plans", roles: [], via: "worker" };

/** Marks plans that nobody started in time. Starting them is refused from the minute they expire, with or without this. */
export async function expirePlans({ db, now }: Pick<Deps, "db" | "now">): Promise<number> {
  return db.transaction(async (tx) => {
    const expired = await tx
      .update(plans)
      .set({ status: "expired" })
      .where(and(inArray(plans.status, ["proposed", "approved"]), lte(plans.expiresAt, now())))
      .returning({ id: plans.id, subject: plans.subject, title: plans.title });
    for (const { id } of expired) await notifyChange(tx, "plans", id);
    for (const { id, subject, title } of expired)
      await appendAudit(tx, CLOCK, {
        action: "plan.expire",
        subject: { ...subject, plan: id },
        outcome: "succeeded",
        detail: { title },
      });
    return expired.length;
  });
}
