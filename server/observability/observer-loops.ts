import type { Deps } from "#server/deps.ts";
import { emptyMemory } from "./cluster-memory.ts";
import { leadClusters } from "./lead-clusters.ts";
import { createCheckpointObserver } from "./observe-checkpoints.ts";
import { createConnectObserver } from "./observe-connect.ts";
import { createProgressObserver } from "./observe-progress.ts";
import { createRegistryObserver } from "./observe-registry.ts";
import { createVaultObserver } from "./observe-vault.ts";
import { repeat } from "./repeat.ts";

export interface ObserverLoop {
  name: string;
  /** Resolves after the signal is aborted and everything it started has ended. */
  run(deps: Deps, signal: AbortSignal): Promise<void>;
}

/** What the worker runs for as long as it lives. */
export const observerLoops: readonly ObserverLoop[] = [
  {
    name: "observer",
    run: (deps, signal) => leadClusters(deps, signal, (cluster, lead) => observeCluster(deps, cluster, lead)),
  },
];

const REGISTRY_MS = 5_000;
const VAULT_MS = 5_000;
const CHECKPOINTS_MS = 3_000;

/** Each upstream has its own loop: one that hangs or is down delays none of the others. */
async function observeCluster(deps: Deps, cluster: string, signal: AbortSignal): Promise<void> {
  const log = deps.log.child({ cluster });
  const { connectMs, progressMs } = deps.observe;
  const memory = emptyMemory();
  const loops = [
    { name: "connect", everyMs: connectMs, run: createConnectObserver(deps, cluster, memory) },
    { name: "progress", everyMs: progressMs, run: createProgressObserver(deps, cluster, memory) },
    { name: "checkpoints", everyMs: CHECKPOINTS_MS, run: createCheckpointObserver(deps, cluster, memory) },
    { name: "registry", everyMs: REGISTRY_MS, run: createRegistryObserver(deps, cluster) },
    { name: "vault", everyMs: VAULT_MS, run: createVaultObserver(deps, cluster) },
  ];
  await Promise.all(loops.map((loop) => repeat(log, signal, loop)));
  await deps.kafka(cluster).close();
}
