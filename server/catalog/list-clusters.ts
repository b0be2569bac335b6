import { upstreamStates } from "#db/schema/observed.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { Upstream } from "#domain/observability/upstream.ts";
import { type UpstreamSight, upstreamSight } from "#domain/observability/upstream-sight.ts";
import type { Deps } from "#server/deps.ts";

export interface ClusterUpstream extends UpstreamSight {
  upstream: Upstream;
  /** Since when it is in this state. */
  since: Date | null;
  /** Versions and counts worth showing. */
  facts: Record<string, string | number>;
}

export interface ClusterView {
  name: string;
  /** Kafka and Connect always; the registry and Vault where the cluster has them. */
  upstreams: ClusterUpstream[];
}

export interface ClusterList {
  clusters: ClusterView[];
  /** What to do when there is none. */
  hint: string | null;
}

/** The configured clusters and how each of their systems answers. */
export async function listClusters(
  { db, config, now }: Pick<Deps, "db" | "config" | "now">,
  actor: Actor,
): Promise<ClusterList> {
  requirePermission(actor, "console:view");
  const stored = await db.select().from(upstreamStates);
  const clusters = config.clusters.map(({ name, registry, vault }) => {
    const expected: Upstream[] = ["connect", "kafka"];
    if (registry) expected.push("registry");
    if (vault) expected.push("vault");
    const upstreams = expected.map((upstream) => {
      const row = stored.find((candidate) => candidate.cluster === name && candidate.upstream === upstream);
      return {
        upstream,
        ...upstreamSight(upstream, row, now()),
        since: row?.since ?? null,
        facts: row?.facts ?? {},
      };
    });
    return { name, upstreams };
  });
  const hint =
    "Name a cluster in headgate.yaml, or set KAFKA_BROKERS and CONNECT_URL, and start Headgate again";
  return { clusters, hint: clusters.length === 0 ? hint : null };
}
