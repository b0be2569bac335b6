import { isDebeziumSource } from "./effects.ts";
import type { Finding } from "./finding.ts";
import { error, plugin, type Rule, type RuleContext, warning } from "./rule.ts";
import { type ConnectorConfig, ConnectorName } from "./schema.ts";
import { SINK_RULES } from "./sink-rules.ts";
import { SOURCE_RULES } from "./source-rules.ts";

const RULES: readonly Rule[] = [nameRule, tasksRule, ...SOURCE_RULES, ...SINK_RULES, replicationRule];

const DLQ = "errors.deadletterqueue.topic.name";
const DLQ_REPLICATION = "errors.deadletterqueue.topic.replication.factor";

/** Headgate's own rules: every problem at once, each at its key. */
export function ruleFindings(config: ConnectorConfig, context: RuleContext): Finding[] {
  return RULES.flatMap((rule) => rule(config, context));
}

function nameRule(_config: ConnectorConfig, { name, cluster, exists, others }: RuleContext): Finding[] {
  if (exists) return [];
  const parsed = ConnectorName.safeParse(name);
  if (!parsed.success) return parsed.error.issues.map((issue) => error("name", issue.message));
  const taken = others.filter((other) => other.name === name);
  if (taken.some((other) => other.cluster === cluster)) {
    return [error("name", `${cluster} already has a connector ${name}; choose another name`)];
  }
  const [elsewhere] = taken;
  return elsewhere
    ? [warning("name", `${elsewhere.cluster} has a connector ${name} too; a unique name avoids mix-ups`)]
    : [];
}

function tasksRule(config: ConnectorConfig): Finding[] {
  const text = config["tasks.max"];
  if (text === undefined) return [];
  const tasks = Number(text);
  if (!Number.isInteger(tasks) || tasks < 1) return [error("tasks.max", "A whole number of at least 1")];
  const isSingle = isDebeziumSource(plugin(config)) && !/SqlServer|MongoDb/.test(plugin(config));
  return isSingle && tasks > 1
    ? [warning("tasks.max", "This source runs one task whatever the number: its log is one stream")]
    : [];
}

function replicationRule(config: ConnectorConfig, { brokers }: RuleContext): Finding[] {
  if (brokers === undefined) return [];
  const keys = ["topic.creation.default.replication.factor", ...(config[DLQ] ? [DLQ_REPLICATION] : [])];
  return keys.flatMap((key) => {
    const factor = Number(config[key] ?? (key === DLQ_REPLICATION ? 3 : 1));
    if (!Number.isInteger(factor) || factor <= brokers) return [];
    return [error(key, `Replication factor ${factor} needs ${factor} brokers; the cluster has ${brokers}`)];
  });
}
