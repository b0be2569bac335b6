import { isDebeziumSource, POSTGRES_SOURCE_CLASS } from "./effects.ts";
import type { Finding } from "./finding.ts";
import { listOf } from "./produced-topics.ts";
import { error, plugin, type Rule, type RuleContext, warning } from "./rule.ts";
import type { ConnectorConfig } from "./schema.ts";

export const SOURCE_RULES: readonly Rule[] = [
  tableListRule,
  queueRule,
  pgoutputRule,
  uniqueOnServerRule,
  topicPrefixRule,
];

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

function server(config: ConnectorConfig): string {
  return `${config["database.hostname"] ?? ""}:${config["database.port"] ?? ""}`;
}
