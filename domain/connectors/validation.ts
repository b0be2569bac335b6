import { holdsReference } from "./config-reference.ts";
import type { Finding } from "./finding.ts";
import { redactUpstream } from "./redact.ts";
import type { ConnectorConfig } from "./schema.ts";

/** One key of Connect's validate answer, in our words. */
export interface ValidatedKey {
  name: string;
  value: string | null;
  errors: readonly string[];
  recommended: readonly string[];
  isVisible: boolean;
}

/**
 * Connect answers with what references resolved to, in values and in messages, also at keys that hold no reference
 * themselves. For keys that do, nothing it says is kept; elsewhere what the configuration did not say is taken out.
 */
export function redactValidation(submitted: ConnectorConfig, keys: readonly ValidatedKey[]): ValidatedKey[] {
  const usesReferences = Object.values(submitted).some(holdsReference);
  return keys.map((key) => {
    const sent = submitted[key.name];
    if (sent !== undefined && holdsReference(sent)) {
      const errors = key.errors.length > 0 ? ["What this reference resolves to is not accepted here"] : [];
      return { ...key, value: sent, errors, recommended: [] };
    }
    const errors = key.errors.map((message) => plainMessage(message, submitted, usesReferences));
    return { ...key, value: sent ?? key.value, errors };
  });
}

export function validationFindings(keys: readonly ValidatedKey[]): Finding[] {
  return keys.flatMap((key) =>
    [...new Set(key.errors)].map(
      (message) => ({ path: key.name, severity: "error", source: "connect", message }) as const,
    ),
  );
}

/** The drivers' most frequent refusals, said plainly; the rest is kept with its quotes emptied. */
const KNOWN: readonly [pattern: RegExp, sentence: string][] = [
  [/password authentication failed/i, "The database refused the user and password of the reference"],
  [/no pg_hba\.conf entry/i, "The database does not let this worker in: pg_hba.conf has no entry for it"],
  [/role "[^"]*" is not permitted to log in/i, "The user of the reference may not log in"],
  [/role "[^"]*" does not exist/i, "The user of the reference does not exist in the database"],
  [/database "([^"]*)" does not exist/i, "The database does not exist on this server"],
  [/(connection to [^ ]+ refused|connection refused)/i, "Nothing answers at this host and port"],
  [/(unknownhost|name or service not known|no such host)/i, "The workers cannot resolve this host name"],
  [
    /(connect timed out|connection validation timed out|timed out after)/i,
    "The database did not answer in time",
  ],
  [
    /(server does not support ssl|ssl off)/i,
    "The server does not offer the TLS that database.sslmode asks for",
  ],
  [
    /(pkix|certificate|ssl error)/i,
    "The server's certificate was not accepted; check database.sslmode and the CA",
  ],
  [/too many (clients|connections)/i, "The database has no free connection"],
];

function plainMessage(message: string, submitted: ConnectorConfig, usesReferences: boolean): string {
  const known = KNOWN.find(([pattern]) => pattern.test(message));
  if (known && /connect|authentication|fatal|ssl/i.test(message)) return known[1];
  const redacted = redactUpstream(message);
  return usesReferences ? emptyForeignQuotes(redacted, submitted) : redacted;
}

/** A quoted text that nobody submitted may be what a reference resolved to. */
function emptyForeignQuotes(message: string, submitted: ConnectorConfig): string {
  const own = new Set([...Object.keys(submitted), ...Object.values(submitted)]);
  return message.replace(/(["'])((?:(?!\1).)*)\1/g, (whole, quote: string, text: string) =>
    own.has(text) || text === "…" ? whole : `${quote}…${quote}`,
  );
}
