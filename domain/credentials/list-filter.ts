import type { FilterGrammar } from "../filters/grammar.ts";
import type { ReferenceState } from "./reference-check.ts";

const STATES = [
  "ok",
  "key_missing",
  "secret_missing",
  "version_missing",
  "deleted",
  "destroyed",
  "no_mount",
  "denied",
  "sealed",
  "unreachable",
  "not_configured",
  "unchecked",
] as const satisfies readonly (ReferenceState | "unchecked")[];

export const CREDENTIAL_FILTER: FilterGrammar = {
  freeText: "reference, user",
  fields: [
    { key: "state", label: "What Vault last showed", kind: "choice", values: STATES },
    { key: "reader", label: "Who reads it", kind: "choice", values: ["connector", "headgate"] },
    { key: "cluster", label: "Whose Vault", kind: "text" },
    { key: "mount", label: "Mount in Vault", kind: "text" },
    { key: "used-by", label: "Database or connector", kind: "text" },
    { key: "changed", label: "How long ago it changed", kind: "age" },
  ],
};
