import { z } from "zod";

export const AuditOutcome = z.enum(["pending", "succeeded", "failed", "refused", "unknown"]);
export type AuditOutcome = z.infer<typeof AuditOutcome>;

/** What an entry says, apart from its place in the chain. */
export interface AuditFacts {
  actId: string;
  /** Number of the entry that announced the act, on the entry that tells how it ended. */
  intentSeq: number | null;
  actorId: string;
  actorName: string;
  actorRoles: readonly string[];
  via: string;
  action: string;
  subject: Record<string, string>;
  outcome: AuditOutcome;
  detail: Record<string, unknown>;
}

export const GENESIS_HASH = "0".repeat(64);

/** The text whose SHA-256 is an entry's content hash: canonical JSON, so that the same facts always give the same bytes. */
export function auditContent(facts: AuditFacts): string {
  const { actId, intentSeq, actorId, actorName, actorRoles, via, action, subject, outcome, detail } = facts;
  return canonicalJson({
    actId,
    intentSeq,
    actorId,
    actorName,
    actorRoles,
    via,
    action,
    subject,
    outcome,
    detail,
  });
}

/** The text whose SHA-256 is an entry's hash. `append_audit_entry` in the database builds the same text. */
export function chainText(prevHash: string, seq: number, at: Date, contentHash: string): string {
  return `${prevHash} ${seq} ${at.toISOString()} ${contentHash}`;
}

export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}

/**
 * A copy that PostgreSQL gives back exactly as it was given: dates become text, undefined disappears, and what jsonb
 * refuses (NUL, halves of surrogate pairs) is replaced. What is hashed must be what is stored.
 */
export function storable<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, item: unknown) => {
    if (typeof item === "string") return storableText(item);
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [storableText(key), inner]));
  }) as T;
}

function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\ufffd");
}
