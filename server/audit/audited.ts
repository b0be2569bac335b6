import { createHash, randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import pRetry from "p-retry";
import type { Db, DbOrTx } from "#db/client.ts";
import { auditOpenActs } from "#db/schema/audit.ts";
import type { Actor } from "#domain/access/permissions.ts";
import { type AuditFacts, type AuditOutcome, auditContent, storable } from "#domain/audit/entry.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { markRefusalRecorded } from "./recorded-refusals.ts";

export interface AuditAct {
  /** `<module>.<verb>`, e.g. `connector.pause`. */
  action: string;
  subject: Record<string, string>;
  /** What was asked, redacted; `before` and `after` are shown as a diff. */
  detail?: Record<string, unknown>;
}

interface AuditLine extends AuditAct {
  outcome: AuditOutcome;
  /** Set together with `intentSeq` on the entry that ends an announced act. */
  actId?: string;
  intentSeq?: number;
}

/** How often a long act says that its process is alive; `settlePendingActs` waits for several missed beats. */
const BEAT_MS = 30_000;

/**
 * Appends one entry inside the caller's transaction, for changes that live in PostgreSQL alone. The chain stays locked
 * until that transaction ends: make it the last statement, or other writers wait for yours.
 */
export async function appendAudit(
  tx: DbOrTx,
  actor: Actor,
  line: AuditLine,
): Promise<{ actId: string; seq: number }> {
  const facts: AuditFacts = storable({
    actId: line.actId ?? randomUUID(),
    intentSeq: line.intentSeq ?? null,
    actorId: actor.id,
    actorName: actor.name,
    actorRoles: actor.roles,
    via: actor.via,
    action: line.action,
    subject: line.subject,
    outcome: line.outcome,
    detail: line.detail ?? {},
  });
  const contentHash = createHash("sha256").update(auditContent(facts)).digest("hex");
  const { rows } = await tx.execute<{ seq: string }>(sql`select append_audit_entry(
    ${facts.actId}::uuid, ${facts.intentSeq}::bigint, ${facts.actorId}, ${facts.actorName},
    ${sql.param([...facts.actorRoles])}::text[], ${facts.via}, ${facts.action}, ${JSON.stringify(facts.subject)}::jsonb,
    ${facts.outcome}, ${JSON.stringify(facts.detail)}::jsonb, ${contentHash}) as seq`);
  return { actId: facts.actId, seq: Number(rows[0]?.seq) };
}

/** Intent → act → outcome, for changes in systems that share no transaction with PostgreSQL. */
export async function audited<T>(db: Db, actor: Actor, act: AuditAct, run: () => Promise<T>): Promise<T> {
  const { actId, seq: intentSeq } = await appendAudit(db, actor, { ...act, outcome: "pending" });
  const beat = setInterval(() => {
    db.update(auditOpenActs)
      .set({ touchedAt: sql`clock_timestamp()` })
      .where(eq(auditOpenActs.actId, actId))
      .catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  const close = (outcome: AuditOutcome, detail: Record<string, unknown>) =>
    pRetry(() => appendAudit(db, actor, { ...act, actId, intentSeq, outcome, detail }), {
      retries: 3,
      minTimeout: 200,
    });
  let result: T;
  try {
    result = await run();
  } catch (error) {
    // The caller must learn what went wrong with the act; an outcome that could not be written is settled by the job.
    await close(outcomeOf(error), { error: reasonOf(error) }).then(
      () => markRefusalRecorded(error),
      () => undefined,
    );
    throw error;
  } finally {
    clearInterval(beat);
  }
  await close("succeeded", {}).catch((cause: unknown) => {
    throw new AppError(
      "upstream_unavailable",
      "It was done, but Headgate's own database did not take the note of it; the audit trail shows it as open until it is settled",
      { upstream: "state database", cause },
    );
  });
  return result;
}

function reasonOf(error: unknown): Record<string, string> {
  return error instanceof AppError ? { code: error.code, message: error.message } : { code: "internal" };
}

/** An upstream that gave no answer may still have acted: the trail must not claim that nothing happened. */
function outcomeOf(error: unknown): AuditOutcome {
  if (!(error instanceof AppError)) return "unknown";
  if (error.code === "forbidden") return "refused";
  return error.code === "upstream_unavailable" || error.code === "upstream_contract_broken"
    ? "unknown"
    : "failed";
}
