import type { ConnectorConfig } from "../connectors/schema.ts";
import { findPlaintextSecrets } from "../credentials/plaintext.ts";

export const REDACTED = "[redacted]";

/** Names that Kafka, Connect, Debezium, JDBC drivers and registries give to secrets. */
const SECRET_KEY =
  /pass(word|wd|phrase)|secret|token|api[._-]?key|private[._-]?key|access[._-]?key|credential|user\.info|sasl\.jaas\.config|keystore\.key\b/i;
/** These only sound like secrets: they name classes, files, times or modes. */
const HARMLESS_KEY = /\.(class|location|type|mode|file|path|url|uri|ms|name|enabled?|provider)$/i;
const HARMLESS_VALUE = /^(|true|false|none|\d{1,3}|\[hidden\])$/i;
const WHOLE_REFERENCE = /^\$\{[^{}:]+:[^{}]*\}$/;

/** Secrets inside a longer value: user info of an address, `password=…` of a JDBC or JAAS string, a bearer token, a PEM block. */
const EMBEDDED: readonly RegExp[] = [
  /(?<=\/\/[^\s/:@]*:)(?!\$\{)[^\s@/]+(?=@)/g,
  /(?<=\b(?:password|passwd|pwd|secret|token|apikey|api_key|accesskey|access_key)\s*[=:]\s*["']?)(?!\$\{|["'\s]|\[redacted\])[^\s"'&;,)}]+/gi,
  /(?<=\bbearer\s+)[A-Za-z0-9._~+/-]{12,}=*/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
  /\b(?:hvs|hvb|s)\.[A-Za-z0-9_-]{24,}\b/g,
];

/** Whom a worker logged in as may come from Vault, and refusals name it. */
const IDENTITY = /(?<=\b(?:user|role|login|username) ["'])[^"'\n]+(?=["'])/gi;

export interface RedactedConfig {
  config: ConnectorConfig;
  /** Keys whose value was, or held, a plaintext secret. */
  plaintextSecretKeys: string[];
  /** The values that were taken out, to be removed from messages of the same connector; never stored. */
  secrets: string[];
}

/** What of an adopted connector's configuration may be stored. References stay: they are no secrets. */
export function redactConfig(config: ConnectorConfig): RedactedConfig {
  const found = new Set(findPlaintextSecrets(config).map(({ key }) => key));
  const plaintextSecretKeys: string[] = [];
  const secrets: string[] = [];
  const take = (secret: string) => {
    secrets.push(secret);
    return REDACTED;
  };
  const kept = Object.entries(config).map(([key, value]) => {
    const safe = isSecret(key, value) ? take(value) : withoutEmbedded(value, take);
    const isStillFound =
      found.has(key) && findPlaintextSecrets({ [key]: safe }).length > 0 && safe !== REDACTED;
    const stored = isStillFound ? take(value) : safe;
    if (stored !== value) plaintextSecretKeys.push(key);
    return [key, stored] as const;
  });
  return { config: Object.fromEntries(kept), plaintextSecretKeys, secrets };
}

/** Traces quote configuration and statements: known secrets of the connector and known forms of secrets are taken out. */
export function redactText(text: string, secrets: readonly string[], maxLength = 20_000): string {
  let safe = text;
  // Shorter ones would tear ordinary words apart; a password of three letters is in no trace by itself.
  for (const secret of secrets) if (secret.length >= 4) safe = safe.replaceAll(secret, REDACTED);
  safe = withoutEmbedded(safe, () => REDACTED).replace(IDENTITY, REDACTED);
  return safe.length > maxLength
    ? `${safe.slice(0, maxLength)}\n… ${safe.length - maxLength} more characters`
    : safe;
}

function isSecret(key: string, value: string): boolean {
  if (!SECRET_KEY.test(key) || HARMLESS_KEY.test(key)) return false;
  return !HARMLESS_VALUE.test(value.trim()) && !WHOLE_REFERENCE.test(value.trim());
}

function withoutEmbedded(value: string, take: (secret: string) => string): string {
  return EMBEDDED.reduce((text, form) => text.replace(form, (secret) => take(secret)), value);
}
