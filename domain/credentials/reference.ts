import { z } from "zod";

/** Letters, digits, dot, dash and underscore: nothing a server, a proxy or Kafka Connect could read in two ways. */
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const VERSION = /^[1-9][0-9]{0,8}$/;
const MAX_LENGTH = 500;

const segment = z.string().max(120).regex(SEGMENT);

/** Where a secret is: never its value. The mount is the first part of the path, of a KV version 2 engine. */
export const CredentialReference = z.object({
  mount: segment,
  path: z
    .string()
    .max(400)
    .refine((path) => path.split("/").every((part) => SEGMENT.test(part))),
  key: segment,
  /** A pinned version; without it the newest is meant. */
  version: z.number().int().positive().optional(),
});
export type CredentialReference = z.infer<typeof CredentialReference>;

/** The secret as a whole, without one of its keys. */
export type SecretLocation = Omit<CredentialReference, "key">;

export type ParsedReference = { ok: true; reference: CredentialReference } | { ok: false; problem: string };

const FORM = "vault://mount/path#key";

/** Reads `vault://mount/path#key[@version]`. Problems never quote the text: somebody may have pasted a secret. */
export function parseReference(text: string): ParsedReference {
  const trimmed = text.trim();
  if (trimmed === "") return no(`Write a reference like ${FORM}`);
  if (trimmed.startsWith("${")) return parseConnectReference(trimmed);
  if (!trimmed.startsWith("vault://")) {
    return no(
      `This is not a reference. Keep the secret in Vault and write where it is: ${FORM}. A secret itself is never accepted here`,
    );
  }
  if (trimmed.length > MAX_LENGTH) return no(`A reference has at most ${MAX_LENGTH} characters`);
  const rest = trimmed.slice("vault://".length);
  const hash = rest.indexOf("#");
  if (hash < 0) return no(`The key of the secret is missing: end the reference with #key, as in ${FORM}`);
  const [key = "", version, ...more] = rest.slice(hash + 1).split("@");
  if (more.length > 0) return no("Only one @ may follow the key, with the version after it");
  return build(rest.slice(0, hash), key, version);
}

/** Reads `${provider:mount/path[?version=N]:key}`, the form Kafka Connect resolves. */
export function parseConnectReference(text: string, provider?: string): ParsedReference {
  const match = /^\$\{([^{}:]+):([^{}:]*):([^{}]*)\}$/.exec(text.trim());
  if (!match) return no("A reference for Kafka Connect has the form ${provider:mount/path:key}");
  const [, name, location = "", key = ""] = match;
  if (provider !== undefined && name !== provider) {
    return no(`This cluster resolves references of the provider ${provider} only`);
  }
  const [path = "", query, ...more] = location.split("?");
  if (more.length > 0) return no("Only ?version=N may follow the path");
  if (query === undefined) return build(path, key, undefined);
  if (!query.startsWith("version=")) return no("Only ?version=N may follow the path");
  return build(path, key, query.slice("version=".length));
}

/** `vault://mount/path#key[@version]`: how people read and write it. */
export function formatReference(reference: CredentialReference): string {
  const { mount, path, key, version } = reference;
  return `vault://${mount}/${path}#${key}${version === undefined ? "" : `@${version}`}`;
}

/** `${provider:mount/path[?version=N]:key}`: how a connector's configuration holds it. */
export function formatConnectReference(reference: CredentialReference, provider = "vault"): string {
  const { mount, path, key, version } = reference;
  return `\${${provider}:${mount}/${path}${version === undefined ? "" : `?version=${version}`}:${key}}`;
}

/** Every well-formed reference of this provider in a configuration value, wherever it stands. */
export function referencesIn(value: string, provider: string): CredentialReference[] {
  const found = value.match(/\$\{[^{}]*\}/g) ?? [];
  return found.flatMap((text) => {
    const parsed = parseConnectReference(text, provider);
    return parsed.ok ? [parsed.reference] : [];
  });
}

/** A field that holds a reference as text and nothing else; answers in the canonical form. */
export const ReferenceText = z.string().transform((text, context) => {
  const parsed = parseReference(text);
  if (parsed.ok) return formatReference(parsed.reference);
  context.issues.push({ code: "custom", message: parsed.problem, input: undefined });
  return z.NEVER;
});

/** For text that was stored by us: anything else is damage. */
export function referenceOf(text: string): CredentialReference {
  const parsed = parseReference(text);
  if (parsed.ok) return parsed.reference;
  throw new Error(`A stored reference cannot be read: ${parsed.problem}`);
}

function build(location: string, key: string, version: string | undefined): ParsedReference {
  const [mount = "", ...path] = location.split("/");
  if (mount === "" || path.length === 0 || path.some((part) => part === "")) {
    return no(`Name the mount and the path of the secret: ${FORM}`);
  }
  if (path[0] === "data" && path.length > 1) {
    return no(`Leave out data/: write ${FORM}, as vault kv get takes it`);
  }
  if (![mount, ...path].every((part) => SEGMENT.test(part))) {
    return no(
      "Mount and path may hold letters, digits, dot, dash and underscore only, and no part may start with a dot",
    );
  }
  if (key === "") return no(`The key of the secret is missing: end the reference with #key, as in ${FORM}`);
  if (!SEGMENT.test(key)) return no("The key may hold letters, digits, dot, dash and underscore only");
  if (version !== undefined && !VERSION.test(version))
    return no("The version after @ is a whole number of 1 or more");
  const parsed = CredentialReference.safeParse({
    mount,
    path: path.join("/"),
    key,
    ...(version === undefined ? {} : { version: Number(version) }),
  });
  return parsed.success ? { ok: true, reference: parsed.data } : no("The reference is too long");
}

function no(problem: string): ParsedReference {
  return { ok: false, problem };
}
