import { z } from "zod";
import { isDebeziumSource, POSTGRES_SOURCE_CLASS } from "./effects.ts";
import { heartbeatTopic } from "./planned-topics.ts";
import { consumesTopic, listOf, namedTopics, producesTopic } from "./produced-topics.ts";
import type { ConnectorConfig } from "./schema.ts";

export const LeftoverKind = z.enum([
  "topic",
  "dead-letter-topic",
  "signal-topic",
  "notification-topic",
  "heartbeat-topic",
  "schema-history-topic",
  "offsets",
  "consumer-group",
  "slot",
  "publication",
]);
export type LeftoverKind = z.infer<typeof LeftoverKind>;

export const LEFTOVER_NAME: Record<LeftoverKind, string> = {
  topic: "Topic",
  "dead-letter-topic": "Dead-letter topic",
  "signal-topic": "Signal topic",
  "notification-topic": "Notification topic",
  "heartbeat-topic": "Heartbeat topic",
  "schema-history-topic": "Schema history",
  offsets: "Stored position of",
  "consumer-group": "Consumer group",
  slot: "Replication slot",
  publication: "Publication",
};

export const Leftover = z.object({
  /** Unique among the leftovers of a connector: `kind:name`. */
  id: z.string(),
  kind: LeftoverKind,
  name: z.string(),
  keeping: z.string(),
  removing: z.string(),
  /** Kept unless chosen, except what only costs when forgotten. */
  removeByDefault: z.boolean(),
  /** Other connectors that still need it; removing it would break them. */
  neededBy: z.array(z.string()),
  /** For what Headgate cannot remove itself: the statement to run by hand. */
  statement: z.string().optional(),
});
export type Leftover = z.infer<typeof Leftover>;

export interface LeftoverContext {
  name: string;
  others: readonly { name: string; config: ConnectorConfig }[];
  /** Topics the connector used, as Connect tracked them. */
  usedTopics: readonly string[];
}

/** Everything that stays behind when Connect deletes this connector. */
export function leftoversOf(config: ConnectorConfig, context: LeftoverContext): Leftover[] {
  return isDebeziumSource(config["connector.class"] ?? "")
    ? sourceLeftovers(config, context)
    : sinkLeftovers(config, context);
}

function sourceLeftovers(config: ConnectorConfig, { name, others, usedTopics }: LeftoverContext): Leftover[] {
  const prefix = config["topic.prefix"] ?? "";
  const special = new Set<string>();
  const single = (kind: LeftoverKind, topic: string | undefined, keeping: string): Leftover[] => {
    if (!topic) return [];
    special.add(topic);
    return [topicLeftover(kind, topic, keeping, others, false)];
  };
  const channels = listOf(config["notification.enabled.channels"]);
  const named = [
    ...single(
      "signal-topic",
      listOf(config["signal.enabled.channels"]).includes("kafka") ? config["signal.kafka.topic"] : undefined,
      "Old signals are read again by a connector with the same prefix.",
    ),
    ...single(
      "notification-topic",
      channels.includes("sink") ? config["notification.sink.topic.name"] : undefined,
      "The history of snapshots stays readable.",
    ),
    ...single(
      "heartbeat-topic",
      Number(config["heartbeat.interval.ms"] ?? 0) > 0 ? heartbeatTopic(config, prefix) : undefined,
      "A small topic that nobody writes any more.",
    ),
    ...single(
      "schema-history-topic",
      config["schema.history.internal.kafka.topic"],
      "A connector created again with the old offsets needs it to read the log.",
    ),
  ];
  const data = [...new Set([...namedTopics(config), ...usedTopics])]
    .filter((topic) => !special.has(topic) && (producesTopic(config, topic) || usedTopics.includes(topic)))
    .sort()
    .map((topic) =>
      topicLeftover(
        "topic",
        topic,
        "Events stay readable until retention ends; sinks can still catch up.",
        others,
        false,
      ),
    );
  return [offsetsLeftover(name), ...postgresLeftovers(config, others), ...named, ...data];
}

function postgresLeftovers(config: ConnectorConfig, others: LeftoverContext["others"]): Leftover[] {
  if (config["connector.class"] !== POSTGRES_SOURCE_CLASS) return [];
  const slot = config["slot.name"] ?? "debezium";
  const publication = config["publication.name"] ?? "dbz_publication";
  const sharesDatabase = (other: ConnectorConfig) =>
    other["database.hostname"] === config["database.hostname"] &&
    other["database.port"] === config["database.port"];
  const usersOf = (key: string, fallback: string, value: string) =>
    others
      .filter(
        (other) => other.config["connector.class"] === POSTGRES_SOURCE_CLASS && sharesDatabase(other.config),
      )
      .filter((other) => (other.config[key] ?? fallback) === value)
      .map((other) => other.name);
  return [
    leftover({
      kind: "slot",
      name: slot,
      keeping: "The source keeps its log for the slot: the disk fills until somebody drops it.",
      removing: "The position in the source's log is gone; a new connector has to snapshot again.",
      removeByDefault: true,
      neededBy: usersOf("slot.name", "debezium", slot),
      statement: `select pg_drop_replication_slot(${literal(slot)});`,
    }),
    leftover({
      kind: "publication",
      name: publication,
      keeping: "Costs nothing; a connector created again finds it.",
      removing: "A new connector has to make it again.",
      removeByDefault: false,
      neededBy: usersOf("publication.name", "dbz_publication", publication),
      statement: `drop publication ${identifier(publication)};`,
    }),
  ];
}

function sinkLeftovers(config: ConnectorConfig, { name, others }: LeftoverContext): Leftover[] {
  const deadLetters = config["errors.deadletterqueue.topic.name"];
  return [
    leftover({
      kind: "consumer-group",
      name: config["consumer.override.group.id"] ?? `connect-${name}`,
      keeping: "A sink created again under this name goes on where this one stopped.",
      removing: "A sink created again under this name reads its topics from the beginning.",
      removeByDefault: false,
      neededBy: [],
    }),
    ...(deadLetters
      ? [
          topicLeftover(
            "dead-letter-topic",
            deadLetters,
            "Dead letters stay readable and can be replayed until retention ends.",
            others,
            false,
          ),
        ]
      : []),
  ];
}

function offsetsLeftover(name: string): Leftover {
  return leftover({
    kind: "offsets",
    name,
    keeping:
      "A connector created again under this name goes on from the stored position, without a snapshot.",
    removing: "A connector created again under this name starts with a snapshot.",
    removeByDefault: true,
    neededBy: [],
  });
}

function topicLeftover(
  kind: LeftoverKind,
  topic: string,
  keeping: string,
  others: LeftoverContext["others"],
  removeByDefault: boolean,
): Leftover {
  const neededBy = others
    .filter(
      ({ config }) =>
        consumesTopic(config, topic) ||
        config["errors.deadletterqueue.topic.name"] === topic ||
        Object.values(config).includes(topic),
    )
    .map((other) => other.name);
  return leftover({
    kind,
    name: topic,
    keeping,
    removing: "Its records are gone for good.",
    removeByDefault,
    neededBy,
  });
}

function leftover(facts: Omit<Leftover, "id">): Leftover {
  return { id: `${facts.kind}:${facts.name}`, ...facts };
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
