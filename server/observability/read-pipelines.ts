import { and, eq, isNull } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import { type DerivedPipeline, derivePipelines } from "#domain/catalog/derive-pipelines.ts";
import type { Deps } from "#server/deps.ts";
import type { ClusterMemory } from "./cluster-memory.ts";

export interface WatchedPipelines {
  pipelines: readonly DerivedPipeline[];
  /** The consumer group of each sink. */
  groups: ReadonlyMap<string, string>;
}

/** Derives the cluster's pipelines anew whenever its connectors or its topics changed. */
export function createPipelineReader({ db }: Pick<Deps, "db">, cluster: string, memory: ClusterMemory) {
  let current: WatchedPipelines = { pipelines: [], groups: new Map() };
  let basis = "";

  return async function readPipelines(
    topics: readonly string[],
  ): Promise<WatchedPipelines & { isNew: boolean }> {
    const written = Object.fromEntries(memory.written);
    const now = `${memory.generation} ${topics.length} ${topics.join()} ${JSON.stringify(written)}`;
    if (now === basis) return { ...current, isNew: false };
    const connectors = await db
      .select({
        name: observedConnectors.name,
        type: observedConnectors.type,
        config: observedConnectors.config,
      })
      .from(observedConnectors)
      .where(and(eq(observedConnectors.cluster, cluster), isNull(observedConnectors.removedAt)));
    const pipelines = derivePipelines(connectors, { existing: topics, written });
    const groups = new Map(
      connectors.map(({ name, config }) => [name, config["consumer.override.group.id"] ?? `connect-${name}`]),
    );
    current = { pipelines, groups };
    basis = now;
    memory.pipelines = pipelines;
    return { ...current, isNew: true };
  };
}
