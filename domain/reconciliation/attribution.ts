import type { Health } from "../connectors/health.ts";
import { REPRESENTATION_ONLY } from "./reason-class.ts";
import type { DriftCause, ExcludedColumn, MismatchType, ReasonClass } from "./schema.ts";

/** Why a row differs, with what leads to the proof. */
export interface Attribution {
  cause: DriftCause;
  /** One sentence for people, without row data. */
  words: string;
  deadLetterId?: number;
  connector?: string;
  columns?: string[];
}

export interface DifferingRow {
  type: MismatchType;
  /** Columns that differ; empty for a missing row. */
  columns: readonly string[];
  reason: ReasonClass | null;
  firstSeen: Date;
}

/** What is known of the table's way while the row is judged. */
export interface PipelineFacts {
  /** The open dead letter of this row, if there is one. */
  deadLetter: { id: number } | undefined;
  sink: { name: string; health: Health; since: Date };
  /** A schema change that waits for a decision holds the sink: columns the target does not have yet. */
  heldColumns: readonly string[] | undefined;
  excluded: readonly Pick<ExcludedColumn, "column" | "because">[];
  /** Columns the connectors themselves leave out, cut or mask. */
  configured: readonly ConfiguredColumn[];
}

export interface ConfiguredColumn {
  column: string;
  connector: string;
  effect: "left_out" | "cut" | "masked";
  /** The length it is cut to. */
  length?: number;
}

/** The first cause that accounts for all of the row's difference; what none accounts for is unexplained. */
export function attribute(row: DifferingRow, facts: PipelineFacts): Attribution {
  const { deadLetter, sink } = facts;
  if (deadLetter) {
    return {
      cause: "dead_letter",
      words: `A change of this row is a dead letter that waits (${deadLetter.id})`,
      deadLetterId: deadLetter.id,
    };
  }
  const columns = [...row.columns];
  const only = (names: readonly string[]) =>
    columns.length > 0 && columns.every((column) => names.includes(column));
  if (facts.heldColumns) {
    const all = columns.length === 0 || only(facts.heldColumns) || sink.health === "failed";
    if (all)
      return {
        cause: "held_schema_change",
        words: `The sink ${sink.name} is held by a schema change of this table`,
        connector: sink.name,
        columns: [...facts.heldColumns],
      };
  }
  if ((sink.health === "paused" || sink.health === "stopped") && row.firstSeen >= sink.since)
    return {
      cause: "sink_paused",
      words: `The sink ${sink.name} is ${sink.health}: the change has not been delivered yet`,
      connector: sink.name,
    };
  const profile = named(facts.excluded.filter(({ because }) => because === "profile"));
  if (only(profile))
    return { cause: "profile", words: "Only columns of the processing profile differ", columns };
  const leftOut = [
    ...named(facts.excluded),
    ...named(facts.configured.filter(({ effect }) => effect !== "cut")),
  ];
  if (only(leftOut))
    return { cause: "excluded_column", words: "Only columns that are left out on purpose differ", columns };
  const cut = named(facts.configured.filter(({ effect }) => effect === "cut"));
  if (only([...cut, ...leftOut]) || (row.reason === "truncated" && columns.length > 0))
    return {
      cause: "truncation",
      words: "The target holds the beginning of a longer value",
      columns,
    };
  if (row.type === "value_mismatch" && row.reason && REPRESENTATION_ONLY.includes(row.reason))
    return {
      cause: "representation",
      words: `The values mean the same and are written differently (${REASON_WORDS[row.reason]})`,
      columns,
    };
  return { cause: "unexplained", words: "Nothing known accounts for this difference" };
}

/** Ends the sentence "equal but for …". */
export const REASON_WORDS: Record<ReasonClass, string> = {
  trim: "blanks at the ends",
  case: "upper and lower case",
  unicode_form: "the Unicode form",
  rounding: "rounded digits",
  time_offset: "a constant time offset",
  time_precision: "fractions of a second",
  empty_or_null: "an empty text against NULL",
  json_meaning: "how the JSON is written",
  truncated: "a cut end",
  unchanged_placeholder: "a large value the source did not send again",
  different: "different values",
};

function named(columns: readonly { column: string }[]): string[] {
  return columns.map(({ column }) => column);
}
