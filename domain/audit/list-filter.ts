import type { FilterGrammar } from "../filters/grammar.ts";

/** How the audit trail is filtered: for the filter bar, the list and the export alike. */
export const AUDIT_FILTER: FilterGrammar = {
  fields: [
    {
      key: "outcome",
      label: "How it ended",
      kind: "choice",
      values: ["succeeded", "failed", "refused", "unknown", "pending"],
    },
    { key: "actor", label: "Who: a name, or a part of it", kind: "text" },
    { key: "action", label: "What: connector.pause, or connector.* for a module", kind: "text" },
    { key: "subject", label: "To what: a name, or a part of it", kind: "text" },
    { key: "via", label: "Through", kind: "choice", values: ["browser", "api", "worker"] },
    { key: "age", label: "How long ago: age:<1d", kind: "age" },
    { key: "from", label: "Not before: 2026-11-21 or 2026-11-21T08:00Z", kind: "text" },
    { key: "to", label: "Before: 2026-11-22 or 2026-11-21T17:30Z", kind: "text" },
  ],
  freeText: "action, person, subject or detail",
};

/** A moment as written in `from:` and `to:`; a date alone is its midnight in UTC. */
export function readMoment(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
