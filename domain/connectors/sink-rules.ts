import type { Finding } from "./finding.ts";
import { consumesTopic, listOf, producesTopic } from "./produced-topics.ts";
import { error, isSink, plugin, type Rule, type RuleContext, warning } from "./rule.ts";
import type { ConnectorConfig } from "./schema.ts";

export const SINK_RULES: readonly Rule[] = [
  sinkTopicsRule,
  upsertRule,
  deleteRule,
  deadLetterRule,
  schemasRule,
];

const DLQ = "errors.deadletterqueue.topic.name";
const DLQ_HEADERS = "errors.deadletterqueue.context.headers.enable";

function sinkTopicsRule(
  config: ConnectorConfig,
  { cluster, others, topics, plannedTopics }: RuleContext,
): Finding[] {
  if (!isSink(config)) return [];
  const named = listOf(config.topics);
  const pattern = config["topics.regex"];
  if (named.length > 0 && pattern) return [error("topics.regex", "Set topics or topics.regex, not both")];
  if (named.length === 0 && !pattern) return [error("topics", "Name the topics to read")];
  const here = others.filter((other) => other.cluster === cluster);
  const findings = named
    .filter((topic) => topics !== undefined && !topics.has(topic) && !plannedTopics.includes(topic))
    .filter((topic) => !here.some((other) => producesTopic(other.config, topic)))
    .map((topic) => error("topics", `The topic ${topic} does not exist and no known source writes it`));
  const twice = named.find((topic, index) => named.indexOf(topic) !== index);
  if (twice) findings.push(warning("topics", `${twice} is named twice`));
  return findings;
}

/** The Debezium sink and the Confluent and Aiven sinks use two vocabularies for the same settings. */
function keySettings(config: ConnectorConfig): {
  mode: string;
  fields: string;
  modeKey: string;
  fieldsKey: string;
} {
  const [modeKey, fieldsKey] = /^io\.debezium\./.test(plugin(config))
    ? ["primary.key.mode", "primary.key.fields"]
    : ["pk.mode", "pk.fields"];
  return { mode: config[modeKey] ?? "none", fields: config[fieldsKey] ?? "", modeKey, fieldsKey };
}

function upsertRule(config: ConnectorConfig): Finding[] {
  if (!isJdbc(config) || !["upsert", "update"].includes(config["insert.mode"] ?? "insert")) return [];
  const { mode, fields, modeKey, fieldsKey } = keySettings(config);
  if (mode === "none" || mode === "kafka") {
    return [
      error(
        modeKey,
        `${config["insert.mode"]} finds rows by their key: set record_key, or record_value with ${fieldsKey}`,
      ),
    ];
  }
  if (mode !== "record_key" && listOf(fields).length === 0) {
    return [error(fieldsKey, `With ${modeKey}=${mode}, name the columns of the key`)];
  }
  return [];
}

function deleteRule(config: ConnectorConfig): Finding[] {
  if (!isJdbc(config) || config["delete.enabled"] !== "true") return [];
  const { mode, modeKey } = keySettings(config);
  return mode === "record_key"
    ? []
    : [error(modeKey, "delete.enabled needs record_key: a deleted row is known by its key alone")];
}

function deadLetterRule(config: ConnectorConfig): Finding[] {
  const topic = config[DLQ] ?? "";
  const tolerates = config["errors.tolerance"] === "all";
  if (!isSink(config)) {
    return tolerates
      ? [
          warning(
            "errors.tolerance",
            "A source has no dead-letter topic: with all, a record that Kafka refuses is dropped",
          ),
        ]
      : [];
  }
  if (topic === "") {
    return tolerates
      ? [error(DLQ, "With errors.tolerance=all, name a dead-letter topic; without one, bad records vanish")]
      : [];
  }
  const findings: Finding[] = [];
  if (!tolerates)
    findings.push(
      warning("errors.tolerance", "The dead-letter topic is used with errors.tolerance=all only"),
    );
  if (consumesTopic(config, topic))
    findings.push(error(DLQ, "The sink would read its own dead letters; choose a topic outside its list"));
  if (config[DLQ_HEADERS] !== "true") {
    findings.push(warning(DLQ_HEADERS, "Set true: without the headers nobody can tell why a record failed"));
  }
  return findings;
}

function schemasRule(config: ConnectorConfig): Finding[] {
  if (!isJdbc(config)) return [];
  return ["key.converter", "value.converter"].flatMap((key) =>
    /JsonConverter$/.test(config[key] ?? "") && config[`${key}.schemas.enable`] === "false"
      ? [
          error(
            `${key}.schemas.enable`,
            "The JDBC sink needs schemas: set true here and at the source, or use Avro",
          ),
        ]
      : [],
  );
}

function isJdbc(config: ConnectorConfig): boolean {
  return /\.JdbcSinkConnector$/.test(plugin(config));
}
