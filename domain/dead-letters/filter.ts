import type { FilterGrammar } from "../filters/grammar.ts";
import { CAUSES } from "./causes.ts";
import type { DeadLetterStatus, FailureStage, GroupStatus } from "./schema.ts";

// Written out, so that a list's page does not load the schemas.
const STAGES = [
  "TASK_POLL",
  "TASK_PUT",
  "TRANSFORMATION",
  "KEY_CONVERTER",
  "VALUE_CONVERTER",
  "HEADER_CONVERTER",
  "KAFKA_PRODUCE",
  "KAFKA_CONSUME",
  "UNKNOWN",
] as const satisfies readonly FailureStage[];
const GROUP_STATES = ["open", "muted", "resolved", "regressed"] as const satisfies readonly GroupStatus[];
const STATUSES = ["PENDING", "RESOLVED", "IGNORED"] as const satisfies readonly DeadLetterStatus[];

const SHARED = [
  { key: "table", label: "Table, or a part of its name", kind: "text" },
  { key: "error", label: "Exception or message, or a part of it", kind: "text" },
  {
    key: "cause",
    label: "Cause from the catalogue",
    kind: "choice",
    values: CAUSES.map((cause) => cause.id),
  },
  { key: "stage", label: "Where in Connect it failed", kind: "choice", values: STAGES },
  { key: "connector", label: "Sink connector", kind: "text" },
  { key: "cluster", label: "Cluster", kind: "text" },
] as const;

/** Filters of the list of failure groups. */
export const GROUP_FILTER: FilterGrammar = {
  fields: [
    ...SHARED,
    { key: "state", label: "State of the group", kind: "choice", values: GROUP_STATES },
    { key: "owner", label: "Who looks after it", kind: "text" },
    { key: "age", label: "Time since it was last seen", kind: "age" },
    { key: "records", label: "Open records", kind: "number" },
  ],
};

/** Filters of the list of dead letters. Each is carried by an index or by the groups, so there is no free text. */
export const RECORD_FILTER: FilterGrammar = {
  fields: [
    ...SHARED,
    { key: "status", label: "What became of it", kind: "choice", values: STATUSES },
    { key: "age", label: "Time since it failed", kind: "age" },
    { key: "key", label: "Key of the row, as shown or id=42", kind: "text" },
    { key: "op", label: "Kind of change", kind: "choice", values: ["c", "u", "d", "r", "t", "m"] },
    { key: "topic", label: "Original topic", kind: "text" },
    { key: "partition", label: "Original partition", kind: "number" },
    { key: "offset", label: "Original offset", kind: "number" },
    { key: "attempts", label: "Times it was replayed", kind: "number" },
  ],
};
