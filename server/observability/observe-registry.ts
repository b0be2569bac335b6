import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { recordUpstream } from "./record-upstream.ts";

/** Asks whether the schema registry answers; a cluster without one has no such row. */
export function createRegistryObserver(deps: Pick<Deps, "db" | "registry" | "now">, cluster: string) {
  return async function observeRegistry(): Promise<void> {
    const registry = deps.registry(cluster);
    if (!registry) return;
    try {
      await registry.client.health();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const state = error.code === "upstream_unavailable" ? "down" : "degraded";
      await recordUpstream(deps, cluster, "registry", { state, message: error.message });
      return;
    }
    await recordUpstream(deps, cluster, "registry", { state: "up" });
  };
}
