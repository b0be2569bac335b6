import { and, asc, eq, lt, sql } from "drizzle-orm";
import { auditEntries, auditHead, auditOpenActs } from "#db/schema/audit.ts";
import type { Actor } from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";
import { appendAudit } from "./audited.ts";

const SETTLER: Actor = { id: "system:audit", name: "Audit", roles: [], via: "worker" };

/** A living process touches its open acts every 30 s. */
const SILENT_FOR = sql`clock_timestamp() - interval '2 minutes'`;

/**
 * Ends acts whose process died between intent and outcome: nobody can say from here whether they happened, and the
 * trail says so. Returns how many.
 */
export async function settlePendingActs({ db, log }: Pick<Deps, "db" | "log">): Promise<number> {
  const silent = await db
    .select({ actId: auditOpenActs.actId })
    .from(auditOpenActs)
    .where(lt(auditOpenActs.touchedAt, SILENT_FOR))
    .orderBy(asc(auditOpenActs.intentSeq))
    .limit(500);
  let settled = 0;
  for (const { actId } of silent) {
    const done = await db.transaction(async (tx) => {
      // Open acts end only under the chain's lock: of two workers one settles, and an outcome that arrives now waits or wins.
      await tx.select().from(auditHead).for("update");
      const [open] = await tx
        .select()
        .from(auditOpenActs)
        .where(and(eq(auditOpenActs.actId, actId), lt(auditOpenActs.touchedAt, SILENT_FOR)));
      if (!open) return false;
      const [intent] = await tx.select().from(auditEntries).where(eq(auditEntries.seq, open.intentSeq));
      if (!intent) return false;
      await appendAudit(tx, SETTLER, {
        actId,
        intentSeq: open.intentSeq,
        action: intent.action,
        subject: intent.subject,
        outcome: "unknown",
        detail: {
          note: "The process that did this ended before it could say how it went. Look at the subject to see whether it happened.",
        },
      });
      return true;
    });
    if (done) settled += 1;
  }
  if (settled > 0) log.warn({ settled }, "acts without an outcome were closed as unknown");
  return settled;
}
