import type { FilterGrammar } from "../filters/grammar.ts";
import { FLOW_STATUSES } from "./pipeline-view.ts";

/** How the list of pipelines is filtered, for the filter bar and the verb alike. */
export const PIPELINE_FILTER: FilterGrammar = {
  fields: [
    { key: "state", label: "State", kind: "choice", values: FLOW_STATUSES },
    { key: "cluster", label: "Cluster", kind: "text" },
    {
      key: "engine",
      label: "Source database",
      kind: "choice",
      values: ["postgresql", "mysql", "mariadb", "sqlserver", "oracle", "mongodb", "cassandra", "other"],
    },
    { key: "table", label: "Has a table of this name, or a part of it", kind: "text" },
    { key: "sink", label: "Has a sink of this name, or a part of it", kind: "text" },
    { key: "lag", label: "Events that wait", kind: "number" },
    { key: "late", label: "The oldest waits for", kind: "age" },
    { key: "dead-letters", label: "Dead letters", kind: "number" },
  ],
  freeText: "name and topic prefix",
};

/** How the tables of one pipeline are filtered. */
export const TABLE_FILTER: FilterGrammar = {
  fields: [
    { key: "state", label: "State", kind: "choice", values: FLOW_STATUSES },
    {
      key: "phase",
      label: "Snapshot or stream",
      kind: "choice",
      values: ["SNAPSHOT_START", "SNAPSHOT_COMPLETE", "STREAMING"],
    },
    { key: "sink", label: "Sink, or a part of its name", kind: "text" },
    { key: "target", label: "Target table, or a part of its name", kind: "text" },
    { key: "lag", label: "Events that wait", kind: "number" },
    { key: "late", label: "The oldest waits for", kind: "age" },
    { key: "quiet", label: "No event for", kind: "age" },
  ],
  freeText: "table and topic",
};
