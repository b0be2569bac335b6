import { AppError } from "#domain/errors/app-error.ts";
import type { UpstreamCondition } from "#domain/observability/upstream.ts";
import type { Deps } from "#server/deps.ts";
import { recordUpstream } from "./record-upstream.ts";

type VaultState = "active" | "standby" | "sealed" | "uninitialised";

const CONDITION: Record<VaultState, { state: UpstreamCondition; message?: string }> = {
  active: { state: "up" },
  standby: { state: "up" },
  sealed: {
    state: "sealed",
    message: "Vault is sealed: running tasks go on, but no connector can start until someone unseals it",
  },
  uninitialised: { state: "down", message: "Vault was never initialised" },
};

/** Asks for Vault's health, which needs no sign-in; a cluster without Vault has no such row. */
export function createVaultObserver(deps: Pick<Deps, "db" | "vault" | "now">, cluster: string) {
  return async function observeVault(): Promise<void> {
    const vault = deps.vault(cluster);
    if (!vault) return;
    try {
      const { state, version } = await vault.health();
      await recordUpstream(deps, cluster, "vault", { ...CONDITION[state], facts: { version } });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await recordUpstream(deps, cluster, "vault", { state: "down", message: error.message });
    }
  };
}
