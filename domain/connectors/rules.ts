import { isDebeziumSource, POSTGRES_SOURCE_CLASS } from "./effects.ts";
import type { Finding } from "./finding.ts";
import { consumesTopic, listOf, producesTopic } from "./produced-topics.ts";
import { type ConnectorConfig, ConnectorName } from "./schema.ts";

/** What a configuration is judged against. Undefined facts could not be asked; their rules are left out. */
export interface RuleContext {
  name: string;
  cluster: string;
  /** It is there already: its name is not judged again. */
  exists: boolean;
  /** Every other known connector, of all clusters. */
  others: readonly { cluster: string; name: string; config: ConnectorConfig }[];
  /** Topics that exist in the cluster. */
  topics: ReadonlySet<string> | undefined;
  /** Brokers of the cluster. */
  brokers: number | undefined;
  /** Topics the plan at hand will create before the connector starts. */
  plannedTopics: readonly string[];
}

type Rule = (config: ConnectorConfig, context: RuleContext) => Finding[];

const RULES: readonly Rule[] = [
  nameRule,
  tasksRule,
  tableListRule,
  queueRule,
  pgoutputRule,
  uniqueOnServerRule,
  topicPrefixRule,
  sinkTopicsRule,
  upsertRule,
  deleteRule,
  deadLetterRule,
  replicationRule,
  schemasRule,
];

/** Headgate's own rules: every problem at once, each at its key. */
export function ruleFindings(config: ConnectorConfig, context: RuleContext): Finding[] {
  return RULES.flatMap((rule) => rule(config, context));
}

const error = (path: string, message: string): Finding => ({
  path,
  severity: "error",
  source: "rule",
  message,
});
const warning = (path: string, message: string): Finding => ({
  path,
  severity: "warning",
  source: "rule",
  message,
});

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

function tableListRule(config: ConnectorConfig): Finding[] {
  if (!isDebeziumSource(plugin(config)) || /MongoDb/.test(plugin(config))) return [];
  const findings = ["table.include.list", "table.exclude.list"].flatMap((key) =>
    listOf(config[key])
      .filter((entry) => !/^[^.\\]+\\?\..+$/.test(entry))
      .map((entry) => error(key, `${entry} is not in the form schema.table`)),
  );
  for (const thing of ["table", "schema", "column", "database"]) {
    if (
      listOf(config[`${thing}.include.list`]).length > 0 &&
      listOf(config[`${thing}.exclude.list`]).length > 0
    ) {
      findings.push(
        error(`${thing}.exclude.list`, `Set ${thing}.include.list or ${thing}.exclude.list, not both`),
      );
    }
  }
  return findings;
}

function queueRule(config: ConnectorConfig): Finding[] {
  if (!isDebeziumSource(plugin(config))) return [];
  const batch = Number(config["max.batch.size"] ?? 2048);
  const queue = Number(config["max.queue.size"] ?? 8192);
  if (!Number.isFinite(batch) || !Number.isFinite(queue)) return [];
  const key = config["max.queue.size"] === undefined ? "max.batch.size" : "max.queue.size";
  if (queue <= batch)
    return [error(key, `max.queue.size (${queue}) must be larger than max.batch.size (${batch})`)];
  if (queue === 4 * batch) return [];
  return [warning(key, `max.queue.size should be 4 × max.batch.size: ${4 * batch} for a batch of ${batch}`)];
}

function pgoutputRule(config: ConnectorConfig): Finding[] {
  if (plugin(config) !== POSTGRES_SOURCE_CLASS || config["plugin.name"] === "pgoutput") return [];
  const extension = config["plugin.name"] ?? "decoderbufs, the default,";
  const say = config["plugin.name"] === undefined ? error : warning;
  return [say("plugin.name", `Set pgoutput: ${extension} needs an extension on the server`)];
}

/** What a database server can hold once only: a slot, a publication written by two, a server id in its replication. */
function uniqueOnServerRule(config: ConnectorConfig, { others }: RuleContext): Finding[] {
  const peers = others.filter(
    (other) => isDebeziumSource(plugin(other.config)) && server(other.config) === server(config),
  );
  const findings: Finding[] = [];
  if (plugin(config) === POSTGRES_SOURCE_CLASS) {
    const slot = config["slot.name"] ?? "debezium";
    const publication = config["publication.name"] ?? "dbz_publication";
    const pg = peers.filter((peer) => plugin(peer.config) === POSTGRES_SOURCE_CLASS);
    const slotHolder = pg.find((peer) => (peer.config["slot.name"] ?? "debezium") === slot);
    if (slotHolder)
      findings.push(
        error(
          "slot.name",
          `${slotHolder.name} uses the slot ${slot} on this server; each source needs its own`,
        ),
      );
    const shares = pg.find(
      (peer) =>
        peer.config["database.dbname"] === config["database.dbname"] &&
        (peer.config["publication.name"] ?? "dbz_publication") === publication,
    );
    if (shares) findings.push(publicationFinding(config, shares.name, publication));
    if (!/^[a-z0-9_]{1,63}$/.test(slot)) {
      findings.push(error("slot.name", "Lower-case letters, digits and underscore, at most 63 characters"));
    }
  }
  const serverId = config["database.server.id"];
  const twin = serverId && peers.find((peer) => peer.config["database.server.id"] === serverId);
  if (twin)
    findings.push(
      error(
        "database.server.id",
        `${twin.name} uses the id ${serverId} on this server; each source needs its own`,
      ),
    );
  return findings;
}

function publicationFinding(config: ConnectorConfig, holder: string, publication: string): Finding {
  const isRewritten = config["publication.autocreate.mode"] === "filtered";
  return isRewritten
    ? error(
        "publication.name",
        `${holder} uses the publication ${publication}; with autocreate filtered each would rewrite the other's tables`,
      )
    : warning(
        "publication.name",
        `${holder} uses the publication ${publication} too; a change of it concerns both`,
      );
}

function topicPrefixRule(config: ConnectorConfig, { cluster, others }: RuleContext): Finding[] {
  if (!isDebeziumSource(plugin(config))) return [];
  const prefix = config["topic.prefix"];
  if (!prefix)
    return [error("topic.prefix", "Give the prefix of the topics' names, for example the database's name")];
  if (!/^[A-Za-z0-9._-]{1,120}$/.test(prefix))
    return [error("topic.prefix", "Letters, digits, dot, dash and underscore only")];
  const holder = others.find(
    (other) =>
      other.cluster === cluster &&
      isDebeziumSource(plugin(other.config)) &&
      other.config["topic.prefix"] === prefix,
  );
  return holder
    ? [
        error(
          "topic.prefix",
          `${holder.name} writes under ${prefix} already; two sources would mix in the same topics`,
        ),
      ]
    : [];
}

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

const DLQ = "errors.deadletterqueue.topic.name";
const DLQ_HEADERS = "errors.deadletterqueue.context.headers.enable";
const DLQ_REPLICATION = "errors.deadletterqueue.topic.replication.factor";

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

function replicationRule(config: ConnectorConfig, { brokers }: RuleContext): Finding[] {
  if (brokers === undefined) return [];
  const keys = ["topic.creation.default.replication.factor", ...(config[DLQ] ? [DLQ_REPLICATION] : [])];
  return keys.flatMap((key) => {
    const factor = Number(config[key] ?? (key === DLQ_REPLICATION ? 3 : 1));
    if (!Number.isInteger(factor) || factor <= brokers) return [];
    return [error(key, `Replication factor ${factor} needs ${factor} brokers; the cluster has ${brokers}`)];
  });
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

function plugin(config: ConnectorConfig): string {
  return config["connector.class"] ?? "";
}

function isJdbc(config: ConnectorConfig): boolean {
  return /\.JdbcSinkConnector$/.test(plugin(config));
}

function isSink(config: ConnectorConfig): boolean {
  return /Sink/.test(plugin(config)) || config.topics !== undefined || config["topics.regex"] !== undefined;
}

function server(config: ConnectorConfig): string {
  return `${config["database.hostname"] ?? ""}:${config["database.port"] ?? ""}`;
}
