import { z } from "zod";
import type { FilterGrammar } from "../filters/grammar.ts";
import { ReferenceText } from "./reference.ts";
import { Reader, ReferenceState } from "./reference-check.ts";

export const CheckReferenceInput = z.object({
  cluster: z.string().min(1),
  reference: ReferenceText,
  reader: Reader,
  /** Ask Vault even if it was asked a moment ago. */
  fresh: z.boolean().default(false),
});
export type CheckReferenceInput = z.infer<typeof CheckReferenceInput>;

/** Where a reference stands: a field of a registered database, or a key of a connector's configuration. */
export const CredentialUse = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("database"), id: z.uuid(), name: z.string(), field: z.string() }),
  z.object({ kind: z.literal("connector"), cluster: z.string(), name: z.string(), field: z.string() }),
]);
export type CredentialUse = z.infer<typeof CredentialUse>;

export const CREDENTIAL_FILTER: FilterGrammar = {
  freeText: "reference, user",
  fields: [
    {
      key: "state",
      label: "What Vault last showed",
      kind: "choice",
      values: [...ReferenceState.options, "unchecked"],
    },
    { key: "reader", label: "Who reads it", kind: "choice", values: Reader.options },
    { key: "cluster", label: "Whose Vault", kind: "text" },
    { key: "mount", label: "Mount in Vault", kind: "text" },
    { key: "used-by", label: "Database or connector", kind: "text" },
    { key: "changed", label: "How long ago it changed", kind: "age" },
  ],
};
