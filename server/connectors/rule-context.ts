import { isNull, sql } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import { plannedTopics } from "#domain/connectors/planned-topics.ts";
import type { RuleContext } from "#domain/connectors/rule.ts";
import type { ConnectorConfig, ConnectorRef } from "#domain/connectors/schema.ts";
import type { Deps } from "#server/deps.ts";
import { found } from "./ask-connect.ts";
import { clusterFacts } from "./cluster-policy.ts";

/** The only keys rules ask other connectors for: thousands of configurations need not travel whole. */
const ASKED_KEYS = [
  "connector.class",
  "topic.prefix",
  "table.include.list",
  "table.exclude.list",
  "database.hostname",
  "database.port",
  "database.dbname",
  "database.server.id",
  "slot.name",
  "publication.name",
  "publication.autocreate.mode",
  "topics",
  "topics.regex",
  "errors.deadletterqueue.topic.name",
  "signal.kafka.topic",
  "notification.sink.topic.name",
];

export interface OtherConnector extends ConnectorRef {
  config: ConnectorConfig;
}

/** What is known of all connectors, of all clusters, in the keys that rules and leftovers ask for. */
export async function listOthers(
  { db }: Pick<Deps, "db">,
  self: ConnectorRef | undefined,
): Promise<OtherConnector[]> {
  const rows = await db
    .select({
      cluster: observedConnectors.cluster,
      name: observedConnectors.name,
      config: sql<ConnectorConfig>`coalesce((
        select jsonb_object_agg(entry.key, entry.value)
        from jsonb_each(${observedConnectors.config}) entry
        where entry.key in ${ASKED_KEYS}
      ), '{}'::jsonb)`,
    })
    .from(observedConnectors)
    .where(isNull(observedConnectors.removedAt));
  return rows.filter((row) => row.cluster !== self?.cluster || row.name !== self.name);
}

/** What the rules judge against. Without Kafka, the rules about topics and brokers are left out and said to be. */
export async function ruleContext(
  deps: Pick<Deps, "db" | "cluster" | "connect" | "topicAdmin">,
  self: ConnectorRef,
  config: ConnectorConfig,
  { exists }: { exists: boolean },
): Promise<RuleContext> {
  const admin = deps.topicAdmin(self.cluster);
  const [others, topics, brokers, taken] = await Promise.all([
    listOthers(deps, exists ? self : undefined),
    admin.list().catch(() => undefined),
    admin.brokers().catch(() => undefined),
    exists ? undefined : found(deps.connect(self.cluster).get(self.name)),
  ]);
  return {
    name: self.name,
    cluster: self.cluster,
    exists,
    others: taken ? [...others, { cluster: self.cluster, name: self.name, config: {} }] : others,
    topics: topics && new Set(topics),
    brokers,
    plannedTopics: plannedTopics(config, clusterFacts(deps.cluster(self.cluster))).map((topic) => topic.name),
  };
}
