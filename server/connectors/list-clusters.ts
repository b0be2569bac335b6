import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ClusterFacts } from "#domain/connectors/database-connection.ts";
import type { Deps } from "#server/deps.ts";
import { clusterFacts } from "./cluster-policy.ts";

export interface GuideCluster extends ClusterFacts {
  /** Name of the Vault config provider on the workers. */
  configProvider: string;
}

/** What the guide takes from each cluster: its settings for topics, clients and references. */
export async function listClusters({ config }: Pick<Deps, "config">, actor: Actor): Promise<GuideCluster[]> {
  requirePermission(actor, "console:view");
  return config.clusters.map((settings) => ({
    ...clusterFacts(settings),
    configProvider: settings.configProvider,
  }));
}
