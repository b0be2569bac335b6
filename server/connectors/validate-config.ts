import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { errorsOf, type Finding } from "#domain/connectors/finding.ts";
import { policyFindings } from "#domain/connectors/policy-gate.ts";
import { ruleFindings } from "#domain/connectors/rules.ts";
import type { Unchecked } from "#domain/connectors/unchecked.ts";
import { redactValidation, type ValidatedKey, validationFindings } from "#domain/connectors/validation.ts";
import type { ValidateInput } from "#domain/connectors/version.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { withoutSecrets } from "./ask-connect.ts";
import { checkReferences } from "./check-references.ts";
import { policyOf } from "./cluster-policy.ts";
import { passwordKeysOf } from "./plugin-catalogue.ts";
import { ruleContext } from "./rule-context.ts";

export interface Validation {
  findings: Finding[];
  /** What could not be checked, and why. */
  unchecked: Unchecked[];
}

/**
 * All that is wrong with a configuration, each at its key: the policy gate first, because nothing it refuses may reach
 * Connect; then Headgate's rules and the plugin's own validation, which for sources dials the database.
 */
export async function validateConfig(
  deps: ValidateDeps,
  actor: Actor,
  { cluster, name, config, exists }: ValidateInput,
): Promise<Validation> {
  requirePermission(actor, "connectors:configure");
  await limitExpensive(deps, actor, "connectors.validate");
  const plugin = config["connector.class"]?.trim();
  if (!plugin) {
    const message = "Name the plugin, for example io.debezium.connector.postgresql.PostgresConnector";
    return {
      findings: [{ path: "connector.class", severity: "error", source: "rule", message }],
      unchecked: [],
    };
  }
  const passwordKeys = await passwordKeysOf(deps, cluster, config);
  const refused = policyFindings(config, policyOf(deps.cluster(cluster)), passwordKeys);
  const context = await ruleContext(deps, { cluster, name }, config, { exists });
  const own = [...refused, ...ruleFindings(config, context)];
  const unchecked = context.topics === undefined ? [KAFKA_AWAY] : [];
  if (errorsOf(refused).length > 0) return { findings: own, unchecked: [...unchecked, KEPT_FROM_CONNECT] };
  const references = await checkReferences(deps, actor, cluster, config);
  const found = {
    findings: [...own, ...references.findings],
    unchecked: [...unchecked, ...references.unchecked],
  };
  if (references.findings.length > 0) return { ...found, unchecked: [...found.unchecked, NOT_RESOLVABLE] };
  const keys = await askConnect(deps, cluster, plugin, { ...config, name });
  return { ...found, findings: merge([...found.findings, ...validationFindings(keys)]) };
}

type ValidateDeps = Pick<Deps, "db" | "vault" | "cluster" | "connect" | "topicAdmin" | "limits" | "now">;

const KAFKA_AWAY: Unchecked = {
  upstream: "Kafka",
  message: "Kafka did not answer: topics and brokers were not checked",
  blocks: true,
};
const KEPT_FROM_CONNECT: Unchecked = {
  upstream: "Kafka Connect",
  message: "Kafka Connect was not asked: it never sees what the policy refuses",
  blocks: true,
};
const NOT_RESOLVABLE: Unchecked = {
  upstream: "Kafka Connect",
  message: "Kafka Connect was not asked: it could not resolve the references",
  blocks: true,
};

async function askConnect(
  deps: Pick<Deps, "connect">,
  cluster: string,
  plugin: string,
  config: Record<string, string>,
): Promise<ValidatedKey[]> {
  try {
    const reply = await withoutSecrets(config, () => deps.connect(cluster).validate(plugin, config));
    const keys = reply.configs.flatMap(({ value }) =>
      value
        ? [
            {
              name: value.name,
              value: value.value,
              errors: value.errors,
              recommended: value.recommended_values ?? [],
              isVisible: value.visible,
            },
          ]
        : [],
    );
    return redactValidation(config, keys);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "upstream_rejected") throw error;
    // A class that is not installed, or a provider that cannot resolve a reference: an answer, not an outage.
    const path = /class|plugin/i.test(error.message) ? "connector.class" : "";
    return [{ name: path, value: null, errors: [error.message], recommended: [], isVisible: true }];
  }
}

/** Connect and a rule may say the same thing about a key; ours says it more plainly. */
function merge(findings: Finding[]): Finding[] {
  const ruled = new Set(
    findings.filter((f) => f.source === "rule" && f.severity === "error").map((f) => f.path),
  );
  return findings.filter((finding) => finding.source !== "connect" || !ruled.has(finding.path));
}
