import { z } from "zod";
import { CredentialReference } from "./reference.ts";

/** Who will read the secret: the connectors, through Kafka Connect's own identity, or Headgate with its own. */
export const Reader = z.enum(["connector", "headgate"]);
export type Reader = z.infer<typeof Reader>;

/** What asking Vault about a secret, without reading it, can show. */
export type SecretLook =
  | {
      state: "present";
      version: number;
      newestVersion: number;
      createdAt: Date;
      /** Vault will delete this version then. */
      expiresAt: Date | undefined;
      keys: readonly string[];
    }
  | { state: "deleted"; version: number; deletedAt: Date | undefined }
  | { state: "destroyed"; version: number }
  | { state: "version_missing"; newestVersion: number }
  | { state: "missing" }
  | { state: "no_mount" }
  | { state: "denied"; path: string };

/** What Vault says an identity may do with the secret's value. */
export type MayRead = "yes" | "no" | "unknown";

export const ReferenceState = z.enum([
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
]);
export type ReferenceState = z.infer<typeof ReferenceState>;

/** The answer of a check, as it is shown and stored; never holds a value. */
export const ReferenceCheck = z.object({
  cluster: z.string(),
  reference: CredentialReference,
  reader: Reader,
  state: ReferenceState,
  exists: z.boolean(),
  keyPresent: z.boolean(),
  version: z.number().int().optional(),
  newestVersion: z.number().int().optional(),
  changedAt: z.coerce.date().optional(),
  expiresAt: z.coerce.date().optional(),
  /** The policy path that refused, when something was denied. */
  deniedPath: z.string().optional(),
  readerMayRead: z.enum(["yes", "no", "unknown"]),
  sentence: z.string(),
  /** What to do about it; absent when nothing is to be done. */
  fix: z.string().optional(),
  /** True but not in the way: a pinned old version, an unknown permission, a value Headgate could read and should not. */
  remarks: z.array(z.string()),
  checkedAt: z.coerce.date(),
});
export type ReferenceCheck = z.infer<typeof ReferenceCheck>;

export interface CheckQuestion {
  cluster: string;
  reference: CredentialReference;
  reader: Reader;
  checkedAt: Date;
}

export interface CheckFacts {
  look: SecretLook;
  connectorMayRead: MayRead;
  headgateMayRead: MayRead;
}

/** Turns what Vault showed into one answer in words. */
export function judgeReference(question: CheckQuestion, facts: CheckFacts): ReferenceCheck {
  const { reference, reader } = question;
  const { look } = facts;
  const secret = `${reference.mount}/${reference.path}`;
  const readerMayRead = reader === "connector" ? facts.connectorMayRead : facts.headgateMayRead;
  const base = { ...question, readerMayRead, remarks: [] };
  const absent = { ...base, exists: false, keyPresent: false };
  switch (look.state) {
    case "missing":
      return {
        ...absent,
        state: "secret_missing",
        sentence: `There is no secret at ${secret}`,
        fix: `Write it with vault kv put -mount=${reference.mount} ${reference.path} ${reference.key}=…, or correct the path`,
      };
    case "no_mount":
      return {
        ...absent,
        state: "no_mount",
        sentence: `Vault has no KV version 2 engine mounted at ${reference.mount}`,
        fix: "Correct the mount; its name is the first part of the reference. KV version 1 is not supported: it has no versions and no way to look without reading",
      };
    case "version_missing":
      return {
        ...absent,
        state: "version_missing",
        newestVersion: look.newestVersion,
        sentence: `${secret} has no version ${reference.version}; the newest is ${look.newestVersion}`,
        fix: `Pin an existing version, or leave out @${reference.version} to use the newest`,
      };
    case "deleted":
      return {
        ...absent,
        state: "deleted",
        version: look.version,
        changedAt: look.deletedAt,
        sentence: `Version ${look.version} of ${secret} is deleted`,
        fix: `Bring it back with vault kv undelete -mount=${reference.mount} -versions=${look.version} ${reference.path}, or write a new version`,
      };
    case "destroyed":
      return {
        ...absent,
        state: "destroyed",
        version: look.version,
        sentence: `Version ${look.version} of ${secret} is destroyed and cannot be brought back`,
        fix: "Write a new version, or pin one that still exists",
      };
    case "denied":
      return {
        ...absent,
        state: "denied",
        deniedPath: look.path,
        sentence: `Vault does not let Headgate look at ${look.path}, so whether the secret exists is unknown`,
        fix: `Give Headgate's policy read on ${look.path} (it shows key names, never values), or check the mount: Vault answers the same for a mount it does not have`,
      };
    case "present":
      return judgePresent(question, facts, look, readerMayRead);
  }
}

/** The answer when Vault itself could not be asked. */
export function unansweredCheck(
  question: CheckQuestion,
  state: Extract<ReferenceState, "sealed" | "unreachable" | "not_configured">,
  sentence: string,
): ReferenceCheck {
  const fixes = {
    sealed: "Unseal Vault; running connectors are not affected until they restart",
    unreachable:
      "See that Vault runs and that Headgate's address and login for it are right; then check again",
    not_configured: `Add \`vault\` to the cluster ${question.cluster} in headgate.yaml, or set VAULT_ADDR`,
  };
  return {
    ...question,
    state,
    exists: false,
    keyPresent: false,
    readerMayRead: "unknown",
    sentence,
    fix: fixes[state],
    remarks: [],
  };
}

function judgePresent(
  question: CheckQuestion,
  { headgateMayRead }: CheckFacts,
  look: Extract<SecretLook, { state: "present" }>,
  readerMayRead: MayRead,
): ReferenceCheck {
  const { reference, reader } = question;
  const secret = `${reference.mount}/${reference.path}`;
  const dataPath = `${reference.mount}/data/${reference.path}`;
  const base = {
    ...question,
    exists: true,
    keyPresent: look.keys.includes(reference.key),
    version: look.version,
    newestVersion: look.newestVersion,
    changedAt: look.createdAt,
    readerMayRead,
    ...(look.expiresAt === undefined ? {} : { expiresAt: look.expiresAt }),
  };
  if (!base.keyPresent) {
    return {
      ...base,
      state: "key_missing",
      remarks: [],
      sentence: `${secret} has no key ${reference.key} in version ${look.version}`,
      fix: `Its keys are: ${listed(look.keys)}. Correct the key, or add it with vault kv patch -mount=${reference.mount} ${reference.path} ${reference.key}=…`,
    };
  }
  if (readerMayRead === "no") {
    const who = reader === "connector" ? "the connectors" : "Headgate";
    return {
      ...base,
      state: "denied",
      deniedPath: dataPath,
      remarks: [],
      sentence: `The secret is there, but Vault does not let ${who} read ${dataPath}`,
      fix: `Give ${reader === "connector" ? "the connectors'" : "Headgate's"} policy read on ${dataPath}`,
    };
  }
  const remarks: string[] = [];
  if (look.newestVersion > look.version) {
    remarks.push(`Pinned to version ${look.version}; the newest is ${look.newestVersion}`);
  }
  if (readerMayRead === "unknown") {
    remarks.push(
      reader === "connector"
        ? "Whether the connectors may read it is unknown: set connectorAccessor for this cluster's Vault"
        : "Whether Headgate may read it is unknown",
    );
  }
  if (reader === "connector" && headgateMayRead === "yes") {
    remarks.push(
      `Headgate's own policy may read ${dataPath} and should not: limit it to Headgate's read-only credentials`,
    );
  }
  return {
    ...base,
    state: "ok",
    remarks,
    sentence: `The secret is there in version ${look.version}${readerMayRead === "yes" ? `, and ${reader === "connector" ? "the connectors" : "Headgate"} may read it` : ""}`,
  };
}

function listed(keys: readonly string[]): string {
  return keys.length === 0 ? "none" : keys.slice(0, 20).join(", ");
}
