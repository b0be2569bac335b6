import { and, eq, isNull } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { consumesTopic, namedTopics, producesTopic } from "#domain/connectors/produced-topics.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";

export interface SourceTopic {
  topic: string;
  source: string;
  /** Sinks that read it already. */
  readBy: string[];
}

/** The topics a sink may read: those that the observed sources of a cluster write, existing or to come. */
export async function listSourceTopics(
  deps: Pick<Deps, "db" | "topicAdmin" | "limits">,
  actor: Actor,
  { cluster }: { cluster: string },
): Promise<SourceTopic[]> {
  requirePermission(actor, "console:view");
  await limitExpensive(deps, actor, "connectors.sourceTopics");
  const [rows, topics] = await Promise.all([
    deps.db
      .select({
        name: observedConnectors.name,
        type: observedConnectors.type,
        config: observedConnectors.config,
      })
      .from(observedConnectors)
      .where(and(eq(observedConnectors.cluster, cluster), isNull(observedConnectors.removedAt))),
    deps.topicAdmin(cluster).list(),
  ]);
  const sources = rows.filter((row) => row.type === "source");
  const sinks = rows.filter((row) => row.type === "sink");
  return sources
    .flatMap(({ name, config }) => {
      const written = new Set([
        ...namedTopics(config),
        ...topics.filter((topic) => producesTopic(config, topic)),
      ]);
      return [...written].map((topic) => ({
        topic,
        source: name,
        readBy: sinks.filter((sink) => consumesTopic(sink.config, topic)).map((sink) => sink.name),
      }));
    })
    .sort((a, b) => (a.topic < b.topic ? -1 : 1));
}
