import type { ConnectorConfig } from "../connectors/schema.ts";

/** A sink's dead-letter topic, or nothing where it has none. */
export function deadLetterTopicOf(config: ConnectorConfig): string | undefined {
  return config["errors.deadletterqueue.topic.name"]?.trim() || undefined;
}

/** The usual names: `dlq-sink`, `dlq.sink`, `sink-dlq`, `orders.dead-letter`. */
export function isNamedLikeDeadLetters(topic: string): boolean {
  return /^(?:dlq|dead[-_.]?letters?)[-_.]|[-_.](?:dlq|dead[-_.]?letters?|dlt)$/i.test(topic);
}
