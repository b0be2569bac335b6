import type { Db } from "#db/client.ts";
import type { Actor } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { type AuditAct, appendAudit } from "#server/audit/audited.ts";
import { markRefusalRecorded } from "#server/audit/recorded-refusals.ts";

const REFUSALS: ReadonlySet<string> = new Set(["forbidden", "precondition_failed"]);

/** Runs `act`; a refusal on grounds of rights or rules leaves its own entry in the trail. Typing errors do not. */
export async function auditRefusal<T>(
  db: Db,
  actor: Actor,
  entry: AuditAct,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof AppError && REFUSALS.has(error.code)) {
      const detail = { ...entry.detail, refusal: error.message };
      await appendAudit(db, actor, { ...entry, outcome: "refused", detail });
      markRefusalRecorded(error);
    }
    throw error;
  }
}
