import { asc, eq } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { auditEntries } from "#db/schema/audit.ts";
import type { Actor } from "#domain/access/permissions.ts";
import type { AuditOutcome } from "#domain/audit/entry.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { StoredRun } from "./stored-run.ts";

/** Closes the intent that `plan.run` or `plan.resume` opened, with the same action and subject. */
export async function closeRunAudit(
  tx: DbOrTx,
  run: Pick<StoredRun, "auditActId">,
  actor: Actor,
  outcome: AuditOutcome,
  detail: Record<string, unknown>,
): Promise<void> {
  const [intent] = await tx
    .select({ intentSeq: auditEntries.seq, action: auditEntries.action, subject: auditEntries.subject })
    .from(auditEntries)
    .where(eq(auditEntries.actId, run.auditActId))
    .orderBy(asc(auditEntries.seq))
    .limit(1);
  if (!intent) throw new Error(`The audit trail has no entry ${run.auditActId}`);
  await appendAudit(tx, actor, { ...intent, actId: run.auditActId, outcome, detail });
}
