import { formatCounted } from "#domain/format/numbers.ts";
import type { DatabaseListRow, DatabaseView } from "./database-outputs.ts";

/** Can every registered database be reached, and are its secrets there? */
export function listAnswer(rows: readonly Pick<DatabaseListRow, "lastTest" | "references">[]): string {
  if (rows.length === 0) return "No database is registered yet.";
  const broken = rows.filter((row) => row.lastTest?.ok === false).length;
  const secrets = rows.filter((row) => row.references === "problem").length;
  const unknown = rows.filter((row) => row.lastTest === undefined).length;
  const parts = [
    broken > 0
      ? `${broken} of ${formatCounted(rows.length, "database")} did not connect when last tested`
      : "",
    secrets > 0
      ? `${formatCounted(secrets, "database")} ${secrets === 1 ? "has" : "have"} a credential that does not work`
      : "",
    unknown > 0 ? `${formatCounted(unknown, "database")} ${unknown === 1 ? "was" : "were"} never tested` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0 && rows.length === 1) return "The one database connected when last tested.";
  if (parts.length === 0) return `All ${formatCounted(rows.length, "database")} connected when last tested.`;
  return `${parts.join("; ")}.`;
}

const ROLE_WORDS = { source: "Source", target: "Target", both: "Source and target" } as const;

export function databaseAnswer(database: Pick<DatabaseView, "role" | "usedBy" | "lastTest">): string {
  const used =
    database.usedBy.length === 0
      ? "used by no connector"
      : `used by ${formatCounted(database.usedBy.length, "connector")}`;
  const test = database.lastTest;
  const reached =
    test === undefined ? "" : ` ${test.ok ? `${test.sentence}.` : `${test.sentence}. ${test.fix}.`}`;
  return `${ROLE_WORDS[database.role]}, ${used}.${reached}`;
}
