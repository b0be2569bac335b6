import type { FilterGrammar } from "../filters/grammar.ts";
import {
  CheckMethod,
  CheckScope,
  CheckTrigger,
  DiscrepancyState,
  DriftCause,
  MismatchType,
  ReasonClass,
  ReconciliationState,
  TABLE_STATES,
} from "./schema.ts";

const WHERE = [
  { key: "cluster", label: "Cluster", kind: "text" },
  { key: "pipeline", label: "Source connector, or a part of its name", kind: "text" },
  { key: "table", label: "Table, or a part of its name", kind: "text" },
] as const;

/** Filters of the list of checked tables. */
export const CHECKED_TABLE_FILTER: FilterGrammar = {
  fields: [
    ...WHERE,
    { key: "sink", label: "Sink connector, or a part of its name", kind: "text" },
    { key: "state", label: "Where the table stands", kind: "choice", values: TABLE_STATES },
    { key: "method", label: "How it is checked", kind: "choice", values: CheckMethod.options },
    { key: "drift", label: "Unexplained drift in percent", kind: "number" },
    { key: "rows", label: "Rows that differ and are not explained", kind: "number" },
    { key: "checked", label: "Time since it was last compared", kind: "age" },
  ],
  freeText: "table and pipeline names",
};

/** Filters of the list of runs. */
export const CHECK_FILTER: FilterGrammar = {
  fields: [
    ...WHERE,
    { key: "state", label: "State of the run", kind: "choice", values: ReconciliationState.options },
    { key: "scope", label: "What it covered", kind: "choice", values: CheckScope.options },
    { key: "by", label: "What started it", kind: "choice", values: CheckTrigger.options },
    { key: "age", label: "Time since it was asked for", kind: "age" },
  ],
};

/** Filters of the list of differing rows; each is carried by an index or by one table's rows. */
export const DISCREPANCY_FILTER: FilterGrammar = {
  fields: [
    ...WHERE,
    { key: "type", label: "How the row differs", kind: "choice", values: MismatchType.options },
    { key: "state", label: "What became of it", kind: "choice", values: DiscrepancyState.options },
    { key: "cause", label: "Why it differs", kind: "choice", values: DriftCause.options },
    { key: "reason", label: "In what way the values differ", kind: "choice", values: ReasonClass.options },
    { key: "column", label: "A column that differs", kind: "text" },
    { key: "key", label: "Key of the row, as shown or id=42", kind: "text" },
    { key: "age", label: "Time since it was first seen", kind: "age" },
  ],
};
