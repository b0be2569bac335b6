import type { Status } from "#components/ui/status-badge.tsx";
import type { ReferenceState } from "#domain/credentials/reference-check.ts";

interface CheckWords {
  status: Status;
  word: string;
}

/** What nobody knows is grey, never green. */
export const CHECK_WORDS: Record<ReferenceState | "unchecked", CheckWords> = {
  ok: { status: "healthy", word: "there" },
  key_missing: { status: "failed", word: "key missing" },
  secret_missing: { status: "failed", word: "no such secret" },
  version_missing: { status: "failed", word: "no such version" },
  deleted: { status: "failed", word: "deleted" },
  destroyed: { status: "failed", word: "destroyed" },
  no_mount: { status: "failed", word: "no such mount" },
  denied: { status: "failed", word: "denied" },
  sealed: { status: "unknown", word: "Vault sealed" },
  unreachable: { status: "unknown", word: "Vault does not answer" },
  not_configured: { status: "unknown", word: "no Vault" },
  unchecked: { status: "unknown", word: "not checked yet" },
};

/** What a field of a database or a key of a connector is called in a list of users. */
export const FIELD_WORDS: Record<string, string> = {
  connectorUserRef: "connectors' user",
  connectorPasswordRef: "connectors' password",
  readonlyUserRef: "Headgate's read-only user",
  readonlyPasswordRef: "Headgate's read-only password",
  changeUserRef: "change user",
  changePasswordRef: "change password",
};
