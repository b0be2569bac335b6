import { z } from "zod";
import { ListInput } from "../filters/list-input.ts";

export const AuditListInput = ListInput.extend({
  /** Number of the oldest entry already read: continues with older ones, whatever is added meanwhile. Replaces `page`. */
  before: z.number().int().positive().optional(),
});
export type AuditListInput = z.infer<typeof AuditListInput>;

export const AuditActId = z.object({ actId: z.uuid() });
export type AuditActId = z.infer<typeof AuditActId>;

export const AuditExportFormat = z.enum(["csv", "jsonl"]);
export type AuditExportFormat = z.infer<typeof AuditExportFormat>;

export const AuditExport = z.object({ filter: ListInput.shape.filter, format: AuditExportFormat });
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
