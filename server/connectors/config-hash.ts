import { createHash } from "node:crypto";
import { canonicalJson } from "#domain/audit/entry.ts";
import { normaliseConfig } from "#domain/connectors/config-diff.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";

/** The same for configurations Connect would treat the same. */
export function configHash(config: ConnectorConfig): string {
  return createHash("sha256")
    .update(canonicalJson(normaliseConfig(config)))
    .digest("base64url");
}
