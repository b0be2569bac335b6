import { createIndexer } from "#server/dead-letters/indexer.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import type { TestKafka } from "./dead-letters.ts";
import type { Stack } from "./stack.ts";

/** Makes a topic known by hand and indexes it until so many records of it are there. Returns the topic's id. */
export async function indexTopic(
  { deps }: Stack,
  kafka: TestKafka,
  topic: string,
  wanted: number,
): Promise<number> {
  const { rows } = await deps.pool.query<{ id: number }>(
    `insert into dead_letter_topics (cluster, topic, found_by, found_at) values ('lab', $1, 'hand', now())
     on conflict (cluster, topic) do update set gone_at = null returning id`,
    [topic],
  );
  const id = rows[0]?.id ?? 0;
  const indexer = createIndexer({
    cluster: "lab",
    pool: deps.pool,
    reader: createPartitionReader({ cluster: "lab", brokers: kafka.brokers, tls: false }),
    registry: deps.registry("lab")?.client,
    log: deps.log,
    now: deps.now,
    waitMs: 100,
  });
  try {
    const until = performance.now() + 30_000;
    for (;;) {
      await indexer.step();
      const { rows: counted } = await deps.pool.query<{ n: number }>(
        "select count(*)::int as n from dead_letters where topic_id = $1",
        [id],
      );
      if (counted[0]?.n === wanted) return id;
      if (performance.now() > until) throw new Error(`${counted[0]?.n} of ${wanted} records were indexed`);
    }
  } finally {
    await indexer.close();
  }
}
