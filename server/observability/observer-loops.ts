import type { Deps } from "#server/deps.ts";
import { leadClusters } from "./lead-clusters.ts";
import { createConnectObserver } from "./observe-connect.ts";
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

/** Each upstream has its own loop: one that hangs or is down delays none of the others. */
async function observeCluster(deps: Deps, cluster: string, signal: AbortSignal): Promise<void> {
  const log = deps.log.child({ cluster });
  const { connectMs } = deps.observe;
  await Promise.all([
    repeat(log, signal, {
      name: "connect",
      everyMs: connectMs,
      run: createConnectObserver(deps, cluster),
    }),
  ]);
}
