import { z } from "zod";

export const PlaintextKind = z.enum([
  "secret_key",
  "address_with_password",
  "private_key",
  "token",
  "parameter",
  "login_settings",
]);
export type PlaintextKind = z.infer<typeof PlaintextKind>;

/** A secret that stands in the open at a key; the value itself is never repeated. */
export interface PlaintextSecret {
  key: string;
  kind: PlaintextKind;
  message: string;
}

const MESSAGES: Record<PlaintextKind, string> = {
  secret_key: "This key holds a secret: keep it in Vault and write its reference here",
  address_with_password: "The address carries a user and password: take them out and use references",
  private_key: "This is a private key: keep it in Vault and write its reference here",
  token: "This looks like an access token: keep it in Vault and write its reference here",
  parameter: "A password or token stands among the parameters: keep it in Vault and write its reference here",
  login_settings: "Login settings of Kafka clients hold secrets and belong to the worker's own configuration",
};

/** A reference resolves inside Connect, so what it stands for is not in the open. */
const REFERENCE = /\$\{[^{}:]+:[^{}]*\}/g;
const WHOLE_REFERENCE = /^\$\{[^{}:]+:[^{}]*\}$/;
/** Takes a reference's place while a value is searched: no rule below matches it. */
const STAND_IN = "\uE000";

const SECRET_NAME =
  /(^|[._-])(password|passwd|pwd|passphrase|secret|credentials?|token|api[._-]?key|access[._-]?key|secret[._-]?key|private[._-]?key|user[._-]?info|keystore[._-]key)$/i;

const PARAMETER_NAME =
  "(?:[\\w.-]*(?:password|passwd|passphrase|secret|token)|pwd|pass|api_?key|access_?key|account_?key|shared_?access_?(?:key|signature))";

const FORMS: readonly [PlaintextKind, RegExp][] = [
  [
    "private_key",
    /-----BEGIN (?!CERTIFICATE-----|X509 CRL-----|PUBLIC KEY-----|CERTIFICATE REQUEST-----)[A-Z0-9 ]+-----/,
  ],
  ["login_settings", /\b[\w$.]+LoginModule\s+(?:required|requisite|sufficient|optional)\b/],
  ["address_with_password", /[a-z][a-z0-9+.-]*:\/\/(?!(?:[^/?#\s@:]*:)?\uE000@)[^/?#\s@]+@/i],
  ["token", /\b(?:hv[sbr]\.[A-Za-z0-9_-]{20,}|[sbr]\.[A-Za-z0-9_-]{24,})(?![A-Za-z0-9._-])/],
  ["token", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  [
    "token",
    /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,})/,
  ],
  [
    "token",
    /\b(?:xox[abposr]-[A-Za-z0-9-]{10,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35}|sk-[A-Za-z0-9_-]{32,}|dop_v1_[a-f0-9]{40,})/,
  ],
  ["token", /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/],
  ["token", /\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/],
  ["token", /\b(?:bearer|basic)\s+[A-Za-z0-9._~+/-]{12,}=*/i],
  [
    "parameter",
    new RegExp(
      `(?:^|[?&;,{\\s"'])${PARAMETER_NAME}(?:\\s*=\\s*|["']\\s*:\\s*|:\\s+)["']?(?![\\s"'\uE000&;,}]|$|null\\b)`,
      "i",
    ),
  ],
];

/** What in this text is a secret in the open, if anything. References inside it are left out of the judgement. */
export function plaintextIn(text: string): PlaintextKind | undefined {
  const judged = text.replace(REFERENCE, STAND_IN);
  return FORMS.find(([, form]) => form.test(judged))?.[0];
}

/** Secret by name. A key can be secret by its type as well, but never less than its name says. */
export function isSecretName(key: string): boolean {
  return SECRET_NAME.test(key) || /(^|\.)sasl\.jaas\.config$/i.test(key);
}

/**
 * Every secret that stands in the open in a configuration. `secretKeys` are the keys the plugin types as PASSWORD;
 * names and the forms of known secrets are judged in every key besides.
 */
export function findPlaintextSecrets(
  config: Readonly<Record<string, string>>,
  secretKeys: Iterable<string> = [],
): PlaintextSecret[] {
  const typed = new Set(secretKeys);
  return Object.entries(config).flatMap(([key, value]) => {
    const kind = judge(key, value, typed.has(key));
    return kind === undefined ? [] : [{ key, kind, message: MESSAGES[kind] }];
  });
}

export function plaintextMessage(kind: PlaintextKind): string {
  return MESSAGES[kind];
}

function judge(key: string, value: string, isTyped: boolean): PlaintextKind | undefined {
  const trimmed = value.trim();
  if (trimmed === "" || WHOLE_REFERENCE.test(trimmed)) return undefined;
  if (isTyped) return "secret_key";
  if (isSecretName(key) && !/^(true|false|null)$/i.test(trimmed)) return "secret_key";
  return plaintextIn(value);
}
