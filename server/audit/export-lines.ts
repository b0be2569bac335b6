import { stringify } from "csv-stringify/sync";
import type { auditEntries } from "#db/schema/audit.ts";
import { canonicalJson } from "#domain/audit/entry.ts";

type Entry = typeof auditEntries.$inferSelect;

const COLUMNS = [
  "seq",
  "at",
  "act_id",
  "intent_seq",
  "actor_id",
  "actor_name",
  "actor_roles",
  "via",
  "action",
  "subject",
  "outcome",
  "detail",
  "prev_hash",
  "hash",
] as const;

export const csvHeader = stringify([[...COLUMNS]]);

/** A cell that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvLine(entry: Entry): string {
  return stringify(
    [
      [
        entry.seq,
        entry.at.toISOString(),
        entry.actId,
        entry.intentSeq ?? "",
        entry.actorId,
        entry.actorName,
        entry.actorRoles.join(" "),
        entry.via,
        entry.action,
        canonicalJson(entry.subject),
        entry.outcome,
        canonicalJson(entry.detail),
        entry.prevHash,
        entry.hash,
      ],
    ],
    { escape_formulas: true },
  );
}

export function jsonLine(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}
