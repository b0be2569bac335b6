import type { inferRouterOutputs } from "@trpc/server";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { AppRouter } from "#server/api/root.ts";

type Clusters = inferRouterOutputs<AppRouter>["catalog"]["clusters"]["clusters"];

/** The Vaults that cannot be asked now, each with its cluster. */
export function silentVaults(clusters: Clusters): { cluster: string; message: string | null }[] {
  return clusters.flatMap(({ name, upstreams }) =>
    upstreams
      .filter(({ upstream, state }) => upstream === "vault" && state !== "up")
      .map(({ message }) => ({ cluster: name, message })),
  );
}

/** One banner per Vault that cannot be asked: what the rows say of its secrets is old. */
export function VaultOutages({ vaults }: { vaults: ReturnType<typeof silentVaults> }) {
  return vaults.map(({ cluster, message }) => (
    <StateMessage
      key={cluster}
      kind="stale"
      look="banner"
      title={`References of ${cluster} are shown as they were when Vault last answered`}
    >
      {message}
    </StateMessage>
  ));
}
