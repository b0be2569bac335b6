import { asc, eq } from "drizzle-orm";
import { auditEntries } from "#db/schema/audit.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AuditOutcome } from "#domain/audit/entry.ts";
import type { AuditActId } from "#domain/audit/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";

export interface AuditEntryDetail {
  seq: number;
  at: Date;
  actor: { id: string; name: string; roles: string[]; via: string };
  outcome: AuditOutcome;
  detail: Record<string, unknown>;
  hash: string;
}

export interface AuditAct {
  actId: string;
  action: string;
  subject: Record<string, string>;
  /** The intent first, then how it ended. */
  entries: AuditEntryDetail[];
  /** Set when the act changed something that has a before and an after. */
  change: { before: unknown; after: unknown } | undefined;
}

/** Everything the trail knows of one act. */
export async function getAuditAct(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  { actId }: AuditActId,
): Promise<AuditAct> {
  requirePermission(actor, "audit:view");
  const rows = await db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.actId, actId))
    .orderBy(asc(auditEntries.seq));
  const [first] = rows;
  if (!first) throw new AppError("not_found", "The audit trail has no such act");
  const changed = rows.find(({ detail }) => "before" in detail || "after" in detail)?.detail;
  return {
    actId,
    action: first.action,
    subject: first.subject,
    entries: rows.map((row) => ({
      seq: row.seq,
      at: row.at,
      actor: { id: row.actorId, name: row.actorName, roles: row.actorRoles, via: row.via },
      outcome: AuditOutcome.catch("unknown").parse(row.outcome),
      detail: row.detail,
      hash: row.hash,
    })),
    change: changed ? { before: changed.before ?? null, after: changed.after ?? null } : undefined,
  };
}
