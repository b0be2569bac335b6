import { z } from "zod";

export const AuditOutcome = z.enum(["pending", "succeeded", "failed", "refused", "unknown"]);
export type AuditOutcome = z.infer<typeof AuditOutcome>;

/** Everything the hash covers, in one shape. */
export interface AuditFacts {
  seq: number;
  actId: string;
  at: Date;
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

/** The text that is hashed: canonical JSON, so that the same facts always give the same bytes whatever the key order. */
export function auditText(prevHash: string, facts: AuditFacts): string {
  return canonicalJson({ ...facts, at: facts.at.toISOString(), prevHash });
}

export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}
