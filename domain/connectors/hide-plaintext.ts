import { findPlaintextSecrets } from "../credentials/plaintext.ts";
import type { ConnectorConfig } from "./schema.ts";

/** The configuration with every secret in the open taken out; references stay. */
export function hidePlaintext(config: ConnectorConfig, passwordKeys: Iterable<string> = []): ConnectorConfig {
  const secrets = new Set(findPlaintextSecrets(config, passwordKeys).map((secret) => secret.key));
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, secrets.has(key) ? "[redacted]" : value]),
  );
}
