import type { Status } from "#components/ui/status-badge.tsx";
import type { AuditOutcome } from "#domain/audit/entry.ts";

/** How each outcome looks; the word itself is the outcome. */
export const OUTCOME_STATUS: Record<AuditOutcome, Status> = {
  pending: "working",
  succeeded: "healthy",
  failed: "failed",
  refused: "held",
  unknown: "unknown",
};

export const OUTCOME_MEANING: Record<AuditOutcome, string> = {
  pending: "It was announced and has not ended yet.",
  succeeded: "It was done.",
  failed: "It was tried and was not done.",
  refused: "It was asked for without the right to it, and was not done.",
  unknown: "Nobody can say from here whether it was done: the system it was asked of gave no clear answer.",
};
