import { createHash, randomUUID } from "node:crypto";
import { desc, sql } from "drizzle-orm";
import type { Db, DbOrTx } from "#db/client.ts";
import { auditEntries } from "#db/schema/audit.ts";
import type { Actor } from "#domain/access/permissions.ts";
import { type AuditFacts, type AuditOutcome, auditText, GENESIS_HASH } from "#domain/audit/entry.ts";
import { AppError } from "#domain/errors/app-error.ts";

export interface AuditAct {
  /** `<module>.<verb>`, e.g. `connector.pause`. */
  action: string;
  subject: Record<string, string>;
  /** What was asked, redacted. */
  detail?: Record<string, unknown>;
}

/** One lock for the chain: entries get their number and their predecessor's hash one after the other. */
const CHAIN_LOCK = 7_301_001;

/** Appends one entry inside the caller's transaction, for changes that live in PostgreSQL alone. */
export async function appendAudit(
  tx: DbOrTx,
  actor: Actor,
  act: AuditAct & { actId?: string; outcome: AuditOutcome },
): Promise<{ actId: string; seq: number }> {
  await tx.execute(sql`select pg_advisory_xact_lock(${CHAIN_LOCK})`);
  const [last] = await tx
    .select({ seq: auditEntries.seq, hash: auditEntries.hash })
    .from(auditEntries)
    .orderBy(desc(auditEntries.seq))
    .limit(1);
  const prevHash = last?.hash ?? GENESIS_HASH;
  const facts: AuditFacts = {
    seq: (last?.seq ?? 0) + 1,
    actId: act.actId ?? randomUUID(),
    at: new Date(),
    actorId: actor.id,
    actorName: actor.name,
    actorRoles: actor.roles,
    via: actor.via,
    action: act.action,
    subject: act.subject,
    outcome: act.outcome,
    detail: jsonSafe(act.detail ?? {}),
  };
  const hash = createHash("sha256").update(auditText(prevHash, facts)).digest("hex");
  await tx.insert(auditEntries).values({ ...facts, actorRoles: [...facts.actorRoles], prevHash, hash });
  return { actId: facts.actId, seq: facts.seq };
}

/** Intent → act → outcome, for changes in systems that share no transaction with PostgreSQL. */
export async function audited<T>(db: Db, actor: Actor, act: AuditAct, run: () => Promise<T>): Promise<T> {
  const { actId } = await db.transaction((tx) => appendAudit(tx, actor, { ...act, outcome: "pending" }));
  const close = (outcome: AuditOutcome, detail: Record<string, unknown>) =>
    db.transaction((tx) => appendAudit(tx, actor, { ...act, actId, outcome, detail }));
  let result: T;
  try {
    result = await run();
  } catch (error) {
    const reason =
      error instanceof AppError ? { code: error.code, message: error.message } : { code: "internal" };
    await close(outcomeOf(error), { error: reason });
    throw error;
  }
  await close("succeeded", {});
  return result;
}

/** An upstream that gave no answer may still have acted: the trail must not claim that nothing happened. */
function outcomeOf(error: unknown): AuditOutcome {
  if (!(error instanceof AppError)) return "unknown";
  return error.code === "upstream_unavailable" || error.code === "upstream_contract_broken"
    ? "unknown"
    : "failed";
}

/** What the hash covers must be what PostgreSQL gives back: dates become text and undefined disappears before hashing. */
function jsonSafe(value: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
