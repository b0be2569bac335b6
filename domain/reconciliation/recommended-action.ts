import { REASON_WORDS } from "./attribution.ts";
import type { CheckedTableState, DriftCause, ReasonClass } from "./schema.ts";

/** What was found in one table, in numbers. */
export interface Findings {
  missingInTarget: number;
  missingInSource: number;
  valueMismatch: number;
  comparedRows: number | null;
  /** Differing rows per cause. */
  causes: Partial<Record<DriftCause, number>>;
  /** Differing rows per column and reason, most first. */
  columns: readonly { column: string; reason: ReasonClass | null; rows: number }[];
  /** The missing rows are one block of neighbouring keys: its ends. */
  block: { first: string; last: string } | undefined;
}

/** Above this a table is read anew rather than repaired row by row. */
const MANY_ROWS = 10_000;
const MANY_SHARE = 0.01;
/** One column with one reason in this share of the mismatches is a matter of mapping. */
const MAPPING_SHARE = 0.9;

/** What to do about a table, in words: no finding of an earlier check says that all is well where that is not known now. */
export function adviseTable(state: CheckedTableState, findings: Findings): string {
  switch (state) {
    case "not_checked":
      return "Check the table before relying on it.";
    case "stale":
      return "Check the table again before relying on it.";
    case "not_verifiable":
      return "Remove what keeps it from being compared, then check it again.";
    case "running":
      return "Wait for the check that is under way.";
    default:
      return adviseAction(findings);
  }
}

/** What to do next, in words: one way, the most telling finding first. */
export function adviseAction(findings: Findings): string {
  const { missingInTarget, missingInSource, valueMismatch, causes } = findings;
  const total = missingInTarget + missingInSource + valueMismatch;
  if (total === 0) return "Nothing to do: every compared row is equal.";
  const parts = [explained(causes), unexplained(findings, total)].filter((part) => part !== undefined);
  return parts.join(" ");
}

function explained(causes: Findings["causes"]): string | undefined {
  const sentences: string[] = [];
  const rows = (cause: DriftCause) => causes[cause] ?? 0;
  if (rows("dead_letter") > 0)
    sentences.push(`Replay or settle the dead letters that hold back ${counted(rows("dead_letter"))}.`);
  if (rows("held_schema_change") > 0)
    sentences.push(
      `Decide on the schema change that holds the sink; ${counted(rows("held_schema_change"))} wait for it.`,
    );
  if (rows("sink_paused") > 0)
    sentences.push(`Resume the sink; ${counted(rows("sink_paused"))} have not been delivered.`);
  if (rows("truncation") > 0)
    sentences.push(
      `Widen the target's columns or the connector's limit: ${counted(rows("truncation"))} hold cut values.`,
    );
  if (rows("representation") > 0)
    sentences.push(
      `${counted(rows("representation"))} mean the same and are written differently: correct the type mapping, or exclude the column with a reason.`,
    );
  const leftOut = rows("excluded_column") + rows("profile");
  if (leftOut > 0) sentences.push(`${counted(leftOut)} differ only in columns that are left out on purpose.`);
  return sentences.length > 0 ? sentences.join(" ") : undefined;
}

function unexplained(findings: Findings, total: number): string | undefined {
  const open = findings.causes.unexplained ?? 0;
  if (open === 0) return undefined;
  const { missingInTarget, missingInSource, valueMismatch, comparedRows, columns, block } = findings;
  const [column] = columns;
  if (
    column?.reason &&
    column.reason !== "different" &&
    column.rows >= valueMismatch * MAPPING_SHARE &&
    valueMismatch > 0
  )
    return `Almost every changed row differs in ${column.column} alone, by ${REASON_WORDS[column.reason]}: correct the mapping of that column; repairing rows would not last.`;
  if (
    open > MANY_ROWS ||
    (comparedRows !== null && comparedRows > 10_000 && open > comparedRows * MANY_SHARE)
  )
    return `${counted(open)} differ without explanation: take a new snapshot of the table instead of repairing row by row.`;
  if (missingInTarget > 0 && missingInTarget >= open * MAPPING_SHARE && block)
    return `The missing rows are one block, from ${block.first} to ${block.last}: read that range again from the source.`;
  if (missingInSource > 0 && missingInSource === total)
    return `The target holds ${counted(missingInSource)} the source does not have: deletes were not applied. Check delete handling at the sink, then delete them with a repair.`;
  const inSource = Math.min(open, total - missingInSource);
  const again = `Read ${inSource === 1 ? "the row" : `the ${inSource} rows`} again from the source (repair), and check ${inSource === 1 ? "it" : "them"} once more.`;
  if (missingInSource === 0) return again;
  return `${again} ${counted(missingInSource)} that only the target holds ${missingInSource === 1 ? "goes" : "go"} with a repair that writes the target.`;
}

function counted(rows: number): string {
  return rows === 1 ? "1 row" : `${rows} rows`;
}
