import type { FilterGrammar } from "../filters/grammar.ts";

/** How the list of connectors is filtered, for the filter bar and the verb alike. */
export const CONNECTOR_FILTER: FilterGrammar = {
  fields: [
    {
      key: "state",
      label: "State",
      kind: "choice",
      values: ["healthy", "degraded", "failed", "paused", "stopped", "starting", "unknown"],
    },
    { key: "type", label: "Source or sink", kind: "choice", values: ["source", "sink"] },
    { key: "cluster", label: "Cluster", kind: "text" },
    { key: "plugin", label: "Plugin, or a part of its name", kind: "text" },
    { key: "pipeline", label: "Pipeline, by its source connector", kind: "text" },
    {
      key: "changed-outside",
      label: "Live differs from the last version",
      kind: "choice",
      values: ["yes", "no"],
    },
    { key: "managed", label: "Has versions in Headgate", kind: "choice", values: ["yes", "no"] },
    { key: "secrets", label: "Holds a secret in the open", kind: "choice", values: ["yes", "no"] },
    { key: "since", label: "In its state since", kind: "age" },
  ],
  freeText: "name and plugin",
};
