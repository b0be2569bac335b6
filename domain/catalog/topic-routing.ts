import { listOf } from "../connectors/produced-topics.ts";
import type { ConnectorConfig } from "../connectors/schema.ts";

/** Transforms that name the topic anew from something Headgate cannot see beforehand: time, headers, the record itself. */
const UNFORESEEABLE =
  /\.(TimestampRouter|ExtractTopic(\$Key|\$Value)?|HeaderToTopic|ContentBasedRouter|outbox\.EventRouter|EventRouter)$/;
const REGEX_ROUTERS: Record<string, [pattern: string, replacement: string]> = {
  "org.apache.kafka.connect.transforms.RegexRouter": ["regex", "replacement"],
  "io.debezium.transforms.ByLogicalTableRouter": ["topic.regex", "topic.replacement"],
};

/** The topic after the connector's transforms, or nothing when only the running task can tell. */
export function routedTopic(config: ConnectorConfig, topic: string): string | undefined {
  let name = topic;
  for (const alias of listOf(config.transforms)) {
    const setting = (key: string) => config[`transforms.${alias}.${key}`];
    const type = setting("type") ?? "";
    const router = REGEX_ROUTERS[type];
    if (!router && !UNFORESEEABLE.test(type)) continue;
    if (!router || setting("predicate")) return undefined;
    const [pattern, replacement] = router;
    const renamed = rename(name, setting(pattern) ?? "", setting(replacement) ?? "");
    if (renamed === undefined) return undefined;
    name = renamed;
  }
  return name;
}

/** True if records lose Debezium's envelope before the connector's end: `source` is gone then. */
export function flattens(config: ConnectorConfig): boolean {
  return listOf(config.transforms).some((alias) =>
    /ExtractNew(Record|Document)State$/.test(config[`transforms.${alias}.type`] ?? ""),
  );
}

/** Both routers rename only names their pattern matches as a whole. */
function rename(name: string, pattern: string, replacement: string): string | undefined {
  try {
    const whole = new RegExp(`^(?:${pattern})$`);
    return whole.test(name) ? name.replace(whole, replacement.replaceAll("$0", "$$&")) : name;
  } catch {
    return undefined; // Java's patterns know forms that JavaScript's do not.
  }
}
