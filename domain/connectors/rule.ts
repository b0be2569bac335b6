import type { Finding } from "./finding.ts";
import type { ConnectorConfig } from "./schema.ts";

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

/** One rule of Headgate's own. */
export type Rule = (config: ConnectorConfig, context: RuleContext) => Finding[];

export function error(path: string, message: string): Finding {
  return { path, severity: "error", source: "rule", message };
}

export function warning(path: string, message: string): Finding {
  return { path, severity: "warning", source: "rule", message };
}

export function plugin(config: ConnectorConfig): string {
  return config["connector.class"] ?? "";
}

export function isSink(config: ConnectorConfig): boolean {
  return /Sink/.test(plugin(config)) || config.topics !== undefined || config["topics.regex"] !== undefined;
}
