import { setTimeout as delay } from "node:timers/promises";
import pRetry from "p-retry";
import { expect } from "vitest";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { errorHeaders, startTestKafka } from "#server/testing/dead-letters.ts";
import { an, startStack, uniqueName } from "#server/testing/stack.ts";
import { createIndexer } from "../indexer.ts";
import { listRecords } from "../list-records.ts";

/** Uncompressed, more of them would be too large for the broker. */
const BATCH = 500;

export type LettersLab = Awaited<ReturnType<typeof startLettersLab>>;

/** A state database, the lab's Kafka or another one, and an indexer; made for tests that replay without a real sink. */
export async function startLettersLab(brokers?: string[]) {
  const [stack, kafka] = await Promise.all([
    startStack(brokers ? { kafkaBrokers: brokers } : {}),
    startTestKafka(brokers),
  ]);
  const operator = an("operator", "olga");
  const open = () => createPartitionReader({ cluster: "lab", brokers: kafka.brokers, tls: false });
  const reader = open();
  const stop = new AbortController();
  const indexer = createIndexer({
    cluster: "lab",
    pool: stack.deps.pool,
    reader: open(),
    registry: undefined,
    log: stack.deps.log,
    now: stack.deps.now,
    waitMs: 50,
    lookEveryMs: 200,
  });
  const indexing = indexer.run(stop.signal).finally(() => indexer.close());

  let committing: Promise<unknown> = Promise.resolve();

  /** One at a time: kafkajs joins the group for it. Ends come by the reader, since kafkajs may never learn of a topic it asked for too early. */
  function commitAll(connector: string, topic: string): Promise<void> {
    const commit = async () => {
      const offsets = await reader.offsets(topic);
      await kafka.admin.setOffsets({
        groupId: `connect-${connector}`,
        topic,
        partitions: offsets.map(({ partition, end }) => ({ partition, offset: String(end) })),
      });
    };
    const done = committing.then(() => pRetry(commit, { retries: 10, minTimeout: 100, factor: 1 }));
    committing = done.catch(() => undefined);
    return done;
  }

  /** A sink that takes whatever comes, until it is told to stop. */
  function keepCommitting(connector: string, topic: string): () => void {
    let isStopped = false;
    void (async () => {
      while (!isStopped) {
        await commitAll(connector, topic).catch(() => undefined);
        await delay(200);
      }
    })();
    return () => {
      isStopped = true;
    };
  }

  return {
    stack,
    kafka,
    reader,

    /** An original topic with an event per letter, a dead-letter topic that tells of them, and a sink's group that takes everything. */
    async letters(
      count: number,
      {
        keyOf = (index) => `k${index}`,
        payloadOf = (index) => `v${index}`,
      }: { keyOf?: (index: number) => string; payloadOf?: (index: number) => string } = {},
    ) {
      const [original, dlq, connector] = [
        uniqueName("rc-events"),
        uniqueName("dlq-rc"),
        uniqueName("rc-sink"),
      ];
      await kafka.createTopic(original);
      await kafka.createTopic(dlq);
      const all = Array.from({ length: count }, (_item, index) => index);
      const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_item, index) =>
        all.slice(index * BATCH, (index + 1) * BATCH),
      );
      for (const batch of batches) {
        await kafka.produce(
          original,
          batch.map((index) => ({ key: keyOf(index), value: payloadOf(index) })),
        );
        await kafka.produce(
          dlq,
          batch.map((index) => ({
            key: keyOf(index),
            value: payloadOf(index),
            headers: { ...errorHeaders({ topic: original, offset: index, connector }), own: "kept" },
          })),
        );
      }
      await stack.deps.pool.query(
        "insert into dead_letter_topics (cluster, topic, found_by, found_at) values ('lab', $1, 'hand', now())",
        [dlq],
      );
      const filter = `connector:${connector}`;
      const list = () => listRecords(stack.deps, operator, { filter, sort: "", page: 1, pageSize: 100 });
      await expect
        .poll(async () => (await list()).total, { timeout: Math.max(60_000, 2 * count) })
        .toBe(count);
      const done = keepCommitting(connector, original);
      return {
        original,
        dlq,
        connector,
        filter,
        list,
        /** The sink takes everything that is there. */
        commit: () => commitAll(connector, original),
        /** From now on it, or a sink of another name, goes on taking, until the function that comes back is called. */
        keepCommitting: (as = connector) => keepCommitting(as, original),
        /** The sink takes nothing any more. */
        done,
      };
    },

    /** What replays have sent to a topic, in its order. */
    async replayed(
      topic: string,
    ): Promise<{ replay: string; position: number; key: string; value: string; headers: string[] }[]> {
      const found: Awaited<ReturnType<LettersLab["replayed"]>> = [];
      for (const { partition, start, end } of await reader.offsets(topic)) {
        for (let next = start; next < end; ) {
          const [fetched] = await reader.fetch([{ topic, partition, offset: next }]);
          if (!fetched || fetched.next <= next) break;
          for (const record of fetched.records) {
            const headers = record.headers();
            const read = (name: string) => headers.find(([known]) => known === name)?.[1]?.toString();
            const [replay, position] = [read(REPLAY_HEADERS.id), read(REPLAY_HEADERS.position)];
            if (replay === undefined || position === undefined) continue;
            found.push({
              replay,
              position: Number(position),
              key: String(record.key),
              value: String(record.value),
              headers: headers.map(([name]) => name),
            });
          }
          next = fetched.next;
        }
      }
      return found;
    },

    async stop(): Promise<void> {
      stop.abort();
      await indexing;
      await reader.close();
      await kafka.stop();
      await stack.stop();
    },
  };
}
