import { z } from "zod";
import { AuditOutcome } from "./entry.ts";

/** What the audit page, its URL and the export can narrow down to; times are ISO 8601. */
export const AuditFilter = z.object({
  /** Id of the actor. */
  actor: z.string().min(1).max(200).optional(),
  /** Exact action such as `connector.pause`, or a whole module as `connector.*`. */
  action: z.string().min(1).max(100).optional(),
  /** Part of any value of the subject. */
  subject: z.string().min(1).max(200).optional(),
  /** How the act ended; `pending` finds acts that have not. */
  outcome: AuditOutcome.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Part of the action, the actor's name, the subject or the detail. */
  text: z.string().min(1).max(200).optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const AuditPage = AuditFilter.extend({
  /** Number of the last entry already shown; the page continues with older ones. */
  before: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type AuditPage = z.infer<typeof AuditPage>;

export const AuditActId = z.object({ actId: z.uuid() });
export type AuditActId = z.infer<typeof AuditActId>;

export const AuditExportFormat = z.enum(["csv", "jsonl"]);
export type AuditExportFormat = z.infer<typeof AuditExportFormat>;

export const AuditExport = AuditFilter.extend({ format: AuditExportFormat });
export type AuditExport = z.infer<typeof AuditExport>;

/** What a verification found, as it is stored and shown. */
export const ChainVerdict = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("intact"),
    entries: z.number(),
    lastSeq: z.number(),
    lastHash: z.string(),
  }),
  z.object({
    state: z.literal("broken"),
    /** Entries that were in order before the break. */
    entries: z.number(),
    /** Number of the first entry that is wrong or missing. */
    seq: z.number(),
    reason: z.enum(["missing", "changed", "relinked", "cut_off", "not_as_noted"]),
    message: z.string(),
  }),
]);
export type ChainVerdict = z.infer<typeof ChainVerdict>;
