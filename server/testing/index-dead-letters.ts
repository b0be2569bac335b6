import { openPool } from "#db/client.ts";
import { createIndexer } from "#server/dead-letters/indexer.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { createLog } from "#server/log.ts";
import { createRegistryClient } from "#server/schema-registry/client.ts";

/**
 * A worker that only indexes dead letters, in a process of its own: tests kill it, the bench weighs it. Takes
 * `databaseUrl brokers registryUrl`; writes one line of JSON with its memory each tenth of a second; ends on SIGTERM.
 */
const [databaseUrl = "", brokers = "", registryUrl = ""] = process.argv.slice(2);
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
const indexer = createIndexer({
  cluster: "lab",
  pool: openPool(databaseUrl),
  reader: createPartitionReader({ cluster: "lab", brokers: brokers.split(","), tls: false }),
  registry: registryUrl ? createRegistryClient({ cluster: "lab", baseUrl: registryUrl }) : undefined,
  log: createLog("error", "worker"),
  now: () => new Date(),
});
const weigh = () => process.stdout.write(`${JSON.stringify({ mb: process.memoryUsage.rss() / 2 ** 20 })}\n`);
weigh();
setInterval(weigh, 100).unref();
await indexer.run(stop.signal);
await indexer.close();
process.exit(0);
