import { isSecretName, plaintextIn, plaintextMessage } from "../credentials/plaintext.ts";
import { isWellFormed, isWholeReference, referencesIn } from "./config-reference.ts";
import { errorsOf, type Finding, requireNoErrors } from "./finding.ts";
import { fileProblem } from "./policy-files.ts";
import { jdbcUrlProblem, loadsDriverCode } from "./policy-jdbc.ts";
import type { ConnectorConfig } from "./schema.ts";

/** What a cluster lets connectors do; comes from `headgate.yaml`. */
export interface ConnectorPolicy {
  /** Name of the Vault config provider on the workers. */
  configProvider: string;
  /** Client settings that `*.override.*` may touch. */
  overrides: readonly string[];
  /** Folders on the workers whose files a connector may name. */
  fileFolders: readonly string[];
  /** Secrets connectors may reference, as `mount/path` prefixes; empty leaves it to Vault's own policy. */
  secretPrefixes: readonly string[];
}

interface Entry {
  key: string;
  value: string;
  policy: ConnectorPolicy;
  isPassword: boolean;
}

type Check = (entry: Entry) => string | undefined;

/** Each check says why it refuses, or nothing. The first refusal of a key is shown: the rest would repeat it. */
const CHECKS: readonly Check[] = [
  refuseJaas,
  refuseProviders,
  refuseOverrides,
  refuseClientCode,
  refuseScripts,
  refuseForeignReferences,
  refuseMisplacedReferences,
  requireReferenceForSecret,
  ({ value }) => jdbcUrlProblem(value),
  refusePlaintext,
  ({ key }) => loadsDriverCode(key),
  ({ key, value, policy }) => fileProblem(key, value, policy.fileFolders),
];

/**
 * What no configuration may hold, whoever sends it and whatever for. `passwordKeys` are the keys the plugin types as
 * PASSWORD; without them (plugin unknown, worker down) the names alone decide.
 */
export function policyFindings(
  config: ConnectorConfig,
  policy: ConnectorPolicy,
  passwordKeys: ReadonlySet<string> = new Set(),
): Finding[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const entry = { key, value, policy, isPassword: passwordKeys.has(key) };
    for (const check of CHECKS) {
      const message = check(entry);
      if (message) return [{ path: key, severity: "error", source: "policy", message } as const];
    }
    return [];
  });
}

/** Stands before every call that hands a configuration to Kafka Connect. */
export function requirePolicy(
  config: ConnectorConfig,
  policy: ConnectorPolicy,
  passwordKeys?: ReadonlySet<string>,
): void {
  requireNoErrors(errorsOf(policyFindings(config, policy, passwordKeys)), "The configuration");
}

function refuseJaas({ key, value }: Entry): string | undefined {
  if (/sasl\.jaas\.config/i.test(key)) {
    return "Login settings of Kafka clients belong to the worker; a connector may not set sasl.jaas.config";
  }
  if (/\b[\w$.]+(LoginModule|CallbackHandler)\b/.test(value)) {
    return "Login modules and callback handlers may not be named in a connector";
  }
  return undefined;
}

function refuseProviders({ key }: Entry): string | undefined {
  if (!/(^|\.)config\.providers(\.|$)/.test(key)) return undefined;
  return "Config providers are set up on the workers; a connector may not bring its own";
}

function refuseOverrides({ key, policy }: Entry): string | undefined {
  const setting = /^(?:producer|consumer|admin)\.override\.(.*)$/.exec(key)?.[1];
  if (setting === undefined || policy.overrides.includes(setting)) return undefined;
  const allowed = policy.overrides.length > 0 ? policy.overrides.join(", ") : "nothing";
  return `This cluster lets connectors override ${allowed}; ask an admin to add ${setting} to its overrides`;
}

/** Kafka client settings that load a class by name, also behind a prefix such as `signal.consumer.`. */
const CLIENT_CODE =
  /(^|\.)(interceptor\.classes|metric\.reporters|security\.providers|partitioner\.class|partition\.assignment\.strategy|ssl\.engine\.factory\.class|sasl\.login\.class|sasl\.oauthbearer\.jwt\.(retriever|validator)\.class|sasl\.(login|client)\.callback\.handler\.class|callback\.handler\.class)$/;

function refuseClientCode({ key }: Entry): string | undefined {
  if (!CLIENT_CODE.test(key)) return undefined;
  return "This setting loads code into the Kafka client; only the worker's own configuration may do that";
}

/** Debezium's Filter and ContentBasedRouter hand their expression to a script engine inside the worker. */
function refuseScripts({ key, value }: Entry): string | undefined {
  if (!/^(transforms|predicates)\..+\.language$/.test(key) && !/^jsr223\./.test(value)) return undefined;
  return "This transform would run a script on the worker, beside every connector's secrets; use a transform without scripts";
}

function refuseForeignReferences({ value, policy }: Entry): string | undefined {
  for (const reference of referencesIn(value)) {
    if (reference.provider !== policy.configProvider) {
      return `Only references of the form \${${policy.configProvider}:mount/path:key} are allowed here`;
    }
    if (!isWellFormed(reference)) {
      return `Write the reference as \${${policy.configProvider}:mount/path:key}, with letters, digits, dot, dash and underscore only`;
    }
    if (!isUnderPrefix(reference.path, policy.secretPrefixes)) {
      return `Connectors of this cluster may reference secrets under ${policy.secretPrefixes.join(", ")} only`;
    }
  }
  return undefined;
}

function isUnderPrefix(path: string, prefixes: readonly string[]): boolean {
  if (prefixes.length === 0) return true;
  const secret = path.replace(/\?.*$/, "");
  return prefixes.some((prefix) => `${secret}/`.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`));
}

/** A secret in a topic name, a query or a transform would leave the worker in the open. */
const CONNECTION_KEY =
  /(^|[._])(user|username|user\.name|hostname|host|hosts|port|dbname|url|connection\.string|names|client\.id|cert|certificate|certificate\.chain|certificates|ssl\.keystore\.key|sslkey|sslcert)$/i;

function refuseMisplacedReferences({ key, value, isPassword }: Entry): string | undefined {
  if (referencesIn(value).length === 0) return undefined;
  if (isPassword || isSecretName(key) || CONNECTION_KEY.test(key)) return undefined;
  return "A reference may stand in credentials and connection settings only; here its value would leave the worker in the open";
}

function requireReferenceForSecret({ key, value, policy, isPassword }: Entry): string | undefined {
  if (!isPassword && !isSecretName(key)) return undefined;
  if (value.trim() === "" || isWholeReference(value, policy.configProvider)) return undefined;
  return `Put the secret in Vault and write its reference here: \${${policy.configProvider}:mount/path:key}`;
}

function refusePlaintext({ value }: Entry): string | undefined {
  const kind = plaintextIn(value);
  return kind && plaintextMessage(kind);
}
