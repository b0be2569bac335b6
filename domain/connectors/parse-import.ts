import { findPlaintextSecrets, plaintextIn } from "../credentials/plaintext.ts";
import type { ConnectorConfig } from "./schema.ts";

export type ParsedImport =
  | { ok: true; name: string | undefined; config: ConnectorConfig }
  | { ok: false; problem: string; holdsSecret: boolean };

/**
 * Reads what people paste: `{ name, config }` as Kafka Connect takes it, or the flat configuration alone. A secret in
 * the open is refused by naming its keys, so that nothing of it travels.
 */
export function parseImport(text: string): ParsedImport {
  const found = readJson(text);
  if (!found) {
    const holdsSecret = plaintextIn(text) !== undefined;
    return {
      ok: false,
      holdsSecret,
      problem: 'This is not a JSON object. Paste { "name": …, "config": { … } }, or the configuration alone',
    };
  }
  const isWrapped = isObject(found.config);
  const raw = isWrapped ? (found.config as Record<string, unknown>) : found;
  const nested = Object.entries(raw).find(([, value]) => typeof value === "object" && value !== null);
  if (nested)
    return {
      ok: false,
      holdsSecret: false,
      problem: `A configuration is flat: ${nested[0]} holds a list or an object`,
    };
  const config = Object.fromEntries(
    Object.entries(raw).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)]])),
  );
  const secrets = findPlaintextSecrets(config);
  if (secrets.length > 0) {
    const keys = secrets.map((secret) => secret.key).join(", ");
    return {
      ok: false,
      holdsSecret: true,
      problem: `A secret stands in the open at ${keys}. Put it in Vault yourself, write its reference there, and paste again`,
    };
  }
  const name = isWrapped ? found.name : raw.name;
  const { name: _name, ...rest } = config;
  return { ok: true, name: typeof name === "string" ? name : undefined, config: rest };
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
