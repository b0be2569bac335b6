import type { FilterGrammar } from "../filters/grammar.ts";

export const DATABASE_FILTER: FilterGrammar = {
  freeText: "name, host, database",
  fields: [
    { key: "role", label: "What it is for", kind: "choice", values: ["source", "target", "both"] },
    { key: "cluster", label: "Whose Vault", kind: "text" },
    { key: "test", label: "Last connection test", kind: "choice", values: ["passed", "failed", "none"] },
    {
      key: "references",
      label: "State of the references",
      kind: "choice",
      values: ["ok", "problem", "unchecked"],
    },
    { key: "used", label: "Used by a connector", kind: "choice", values: ["yes", "no"] },
  ],
};
