import { setTimeout as sleep } from "node:timers/promises";
import type { Deps } from "#server/deps.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { findTopics } from "./find-topics.ts";
import { createIndexer } from "./indexer.ts";

interface DeadLetterLoop {
  name: string;
  run(deps: Deps, signal: AbortSignal): Promise<void>;
}

const FIND_EVERY_MS = 5_000;

/** What the worker runs for dead letters: finding their topics and indexing them, per cluster. */
export const deadLetterLoops: readonly DeadLetterLoop[] = [
  {
    name: "dead-letter-topics",
    run: async (deps, signal) => {
      await Promise.all(deps.config.clusters.map(({ name }) => keepFinding(deps, name, signal)));
    },
  },
  {
    name: "dead-letter-index",
    run: async (deps, signal) => {
      await Promise.all(deps.config.clusters.map(({ name }) => index(deps, name, signal)));
    },
  },
];

async function keepFinding(deps: Deps, cluster: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // A cluster that does not answer is told by the observer; here it only has no new topics.
    const found = await findTopics(deps, cluster).catch(() => []);
    if (found.length > 0) deps.log.info({ cluster, topics: found }, "dead-letter topics found");
    await sleep(FIND_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function index(deps: Deps, cluster: string, signal: AbortSignal): Promise<void> {
  const indexer = createIndexer({
    cluster,
    pool: deps.pool,
    reader: createPartitionReader({ cluster, ...deps.cluster(cluster).kafka }),
    registry: deps.registry(cluster)?.client,
    log: deps.log,
    now: deps.now,
  });
  try {
    await indexer.run(signal);
  } finally {
    await indexer.close();
  }
}
