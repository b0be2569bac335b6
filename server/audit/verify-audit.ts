import { desc, eq } from "drizzle-orm";
import { auditEntries } from "#db/schema/audit.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { ChainVerdict } from "#domain/audit/schema.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { appendAudit } from "./audited.ts";
import { verifyChain } from "./verify.ts";

const ACTION = "audit.verify";

/** Verifies the whole trail now. The verdict becomes an entry itself, so everybody sees when it was last looked at. */
export async function verifyAudit(
  { db, limits }: Pick<Deps, "db" | "limits">,
  actor: Actor,
): Promise<ChainVerdict> {
  requirePermission(actor, "audit:view");
  await limitExpensive({ limits }, actor, ACTION);
  const verdict = await verifyChain(db);
  const outcome = verdict.state === "intact" ? "succeeded" : "failed";
  await appendAudit(db, actor, { action: ACTION, subject: {}, outcome, detail: { verdict } });
  return verdict;
}

export interface LastVerification {
  at: Date;
  by: string;
  verdict: ChainVerdict;
}

/** The newest verdict, and how far the trail has grown by now. */
export async function getAuditState(
  { db }: Pick<Deps, "db">,
  actor: Actor,
): Promise<{ lastSeq: number; verification: LastVerification | undefined }> {
  requirePermission(actor, "audit:view");
  const [newest] = await db
    .select({ seq: auditEntries.seq })
    .from(auditEntries)
    .orderBy(desc(auditEntries.seq))
    .limit(1);
  const [entry] = await db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.action, ACTION))
    .orderBy(desc(auditEntries.seq))
    .limit(1);
  const verdict = ChainVerdict.safeParse(entry?.detail.verdict);
  const verification =
    entry && verdict.success ? { at: entry.at, by: entry.actorName, verdict: verdict.data } : undefined;
  return { lastSeq: newest?.seq ?? 0, verification };
}
