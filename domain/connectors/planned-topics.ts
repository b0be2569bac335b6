import { z } from "zod";
import type { ClusterFacts } from "./database-connection.ts";
import { isDebeziumSource } from "./effects.ts";
import { days, kafkaCompression } from "./postgres-source.ts";
import { listOf, namedTopics } from "./produced-topics.ts";
import type { ConnectorConfig } from "./schema.ts";

export const PlannedTopic = z.object({
  name: z.string(),
  purpose: z.enum(["data", "dead-letter", "signal", "notification", "heartbeat"]),
  partitions: z.number().int().positive(),
  replicationFactor: z.number().int().positive(),
  settings: z.record(z.string(), z.string()),
});
export type PlannedTopic = z.infer<typeof PlannedTopic>;

/** The topics a configuration needs, with the cluster's settings; Headgate makes those that are missing. */
export function plannedTopics(config: ConnectorConfig, cluster: ClusterFacts): PlannedTopic[] {
  const isSource = isDebeziumSource(config["connector.class"] ?? "");
  const prefix = config["topic.prefix"] ?? "";
  const make = (name: string, purpose: PlannedTopic["purpose"], partitions: number, retention: number) => ({
    name,
    purpose,
    partitions,
    replicationFactor: cluster.replicationFactor,
    settings: {
      "cleanup.policy": "delete",
      "retention.ms": String(days(retention)),
      "compression.type": kafkaCompression(cluster.compression),
      // One replica may be down without stopping writers, and never fewer than two hold what was acknowledged.
      ...(cluster.replicationFactor >= 3 ? { "min.insync.replicas": "2" } : {}),
    },
  });
  const single = (key: string, purpose: PlannedTopic["purpose"], isUsed: boolean) =>
    isUsed && config[key] ? [make(config[key], purpose, 1, cluster.retentionDays)] : [];
  const deadLetters = config["errors.deadletterqueue.topic.name"];
  return [
    ...namedTopics(config).map((topic) => make(topic, "data", cluster.partitions, cluster.retentionDays)),
    ...single("signal.kafka.topic", "signal", listOf(config["signal.enabled.channels"]).includes("kafka")),
    ...single(
      "notification.sink.topic.name",
      "notification",
      listOf(config["notification.enabled.channels"]).includes("sink"),
    ),
    ...(isSource && Number(config["heartbeat.interval.ms"] ?? 0) > 0
      ? [make(heartbeatTopic(config, prefix), "heartbeat", 1, cluster.retentionDays)]
      : []),
    ...(deadLetters && !isSource
      ? [make(deadLetters, "dead-letter", 1, cluster.deadLetterRetentionDays)]
      : []),
  ];
}

export function heartbeatTopic(config: ConnectorConfig, prefix: string): string {
  return `${config["topic.heartbeat.prefix"] ?? "__debezium-heartbeat"}.${prefix}`;
}

/** What an existing topic has otherwise; it is never altered silently. */
export function topicDifferences(
  planned: PlannedTopic,
  existing: { partitions: number; replicationFactor: number; settings: Record<string, string> },
): string[] {
  const differences: string[] = [];
  if (existing.partitions !== planned.partitions)
    differences.push(`${existing.partitions} partitions instead of ${planned.partitions}`);
  if (existing.replicationFactor !== planned.replicationFactor) {
    differences.push(
      `replication factor ${existing.replicationFactor} instead of ${planned.replicationFactor}`,
    );
  }
  for (const [key, wanted] of Object.entries(planned.settings)) {
    const has = existing.settings[key];
    if (has !== undefined && has !== wanted) differences.push(`${key} ${has} instead of ${wanted}`);
  }
  return differences;
}
