import type { ClusterFacts } from "#domain/connectors/database-connection.ts";
import type { ConnectorPolicy } from "#domain/connectors/policy-gate.ts";
import type { ClusterSettings } from "#server/config/headgate-config.ts";

export function policyOf(settings: ClusterSettings): ConnectorPolicy {
  return {
    configProvider: settings.configProvider,
    overrides: settings.overrides,
    fileFolders: settings.connect.fileFolders,
    secretPrefixes: settings.connect.secretPrefixes,
  };
}

export function clusterFacts(settings: ClusterSettings): ClusterFacts {
  return {
    name: settings.name,
    brokers: settings.kafka.brokers,
    kafkaTls: settings.kafka.tls,
    partitions: settings.topics.partitions,
    replicationFactor: settings.topics.replicationFactor,
    retentionDays: settings.topics.retentionDays,
    deadLetterRetentionDays: settings.topics.deadLetterRetentionDays,
    compression: settings.topics.compression,
    overrides: settings.overrides,
  };
}
