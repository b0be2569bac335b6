import { z } from "zod";
import { ReferenceText } from "./reference.ts";
import { Reader } from "./reference-check.ts";

/** A reference in one Vault, as one reader sees it. */
export const CredentialRef = z.object({
  cluster: z.string().min(1),
  reference: ReferenceText,
  reader: Reader,
});
export type CredentialRef = z.infer<typeof CredentialRef>;

export const CheckReferenceInput = CredentialRef.extend({
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
