import { X509Certificate } from "node:crypto";
import type { DatabaseDraft } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";

const FIELDS = [
  "name",
  "engine",
  "host",
  "port",
  "databaseName",
  "tlsMode",
  "cluster",
  "role",
  "connectorRole",
  "connectorUserRef",
  "connectorPasswordRef",
  "readonlyUserRef",
  "readonlyPasswordRef",
  "changeUserRef",
  "changePasswordRef",
] as const satisfies readonly (keyof DatabaseDraft)[];

/** For the audit trail: references and addresses as they are, certificates by their fingerprint. */
export function describeDraft(draft: DatabaseDraft): Record<string, unknown> {
  const described = Object.fromEntries(FIELDS.map((field) => [field, draft[field]]));
  return { ...described, tlsCa: draft.tlsCa === undefined ? undefined : fingerprints(draft.tlsCa) };
}

/** What is different, before and after. */
export function describeChange(before: DatabaseDraft, after: DatabaseDraft): Record<string, unknown> {
  const [old, changed] = [describeDraft(before), describeDraft(after)];
  const keys = Object.keys(changed).filter(
    (key) => JSON.stringify(old[key]) !== JSON.stringify(changed[key]),
  );
  const pick = (from: Record<string, unknown>) =>
    Object.fromEntries(keys.map((key) => [key, from[key] ?? null]));
  return { before: pick(old), after: pick(changed) };
}

/** What the schema alone cannot know: the cluster is configured, and the CA holds real certificates. */
export function requireUsable(
  deps: Pick<Deps, "config">,
  draft: Pick<DatabaseDraft, "cluster" | "tlsCa">,
): void {
  const names = deps.config.clusters.map(({ name }) => name);
  if (!names.includes(draft.cluster)) {
    const message = `There is no cluster ${draft.cluster}. Configured clusters: ${names.join(", ") || "none"}`;
    throw new AppError("invalid", message, { problems: [{ path: "cluster", message }] });
  }
  if (draft.tlsCa === undefined) return;
  try {
    fingerprints(draft.tlsCa);
  } catch {
    const message = "One of the certificates cannot be read; paste it again as it was given out";
    throw new AppError("invalid", message, { problems: [{ path: "tlsCa", message }] });
  }
}

function fingerprints(pem: string): string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map(
    (block) => `sha256:${new X509Certificate(block).fingerprint256.replaceAll(":", "").toLowerCase()}`,
  );
}
