import { listOf } from "../connectors/produced-topics.ts";
import type { ConnectorConfig } from "../connectors/schema.ts";

/** Where a Debezium source listens for signals over Kafka. */
export interface SignalChannel {
  topic: string;
  /** Signals are keyed with the topic prefix; a connector ignores those of others. */
  key: string;
  /** Where it tells how far a snapshot is, if it does. */
  notifications: string | undefined;
}

/** The channel of a source, or the keys to set before rows can be read again without writing to the source. */
export function signalChannel(
  config: ConnectorConfig,
  brokers: readonly string[],
): { channel: SignalChannel } | { missing: Record<string, string> } {
  const prefix = config["topic.prefix"] ?? "";
  const channels = listOf(config["signal.enabled.channels"]);
  const topic = config["signal.kafka.topic"];
  const missing: Record<string, string> = {};
  if (!channels.includes("kafka")) missing["signal.enabled.channels"] = [...channels, "kafka"].join(",");
  if (!topic) missing["signal.kafka.topic"] = `${prefix}-signal`;
  if (!config["signal.kafka.bootstrap.servers"])
    missing["signal.kafka.bootstrap.servers"] = brokers.join(",");
  // Without it an incremental snapshot writes its watermarks into a table of the source.
  if (config["read.only"] !== "true" && !config["signal.data.collection"]) missing["read.only"] = "true";
  if (Object.keys(missing).length > 0 || !topic) return { missing };
  const notifies = listOf(config["notification.enabled.channels"]).includes("sink");
  return {
    channel: {
      topic,
      key: prefix,
      notifications: notifies ? config["notification.sink.topic.name"] : undefined,
    },
  };
}

/** Debezium's order to read rows of one table again and send them as snapshot events. */
export function snapshotSignal(id: string, collection: string, filter: string): string {
  return JSON.stringify({
    id,
    type: "execute-snapshot",
    data: {
      type: "INCREMENTAL",
      "data-collections": [pattern(collection)],
      "additional-conditions": [{ "data-collection": collection, filter }],
    },
  });
}

/** Collections are matched as patterns. */
function pattern(collection: string): string {
  return collection.replace(/[$^*+?()[\]{}|\\]/g, "\\$&");
}
