import { afterAll, beforeAll, expect, test } from "vitest";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { runPlan } from "#server/connectors/testing/lab-pipeline.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { changeReplay, getReplay } from "./change-replay.ts";
import { createIndexer } from "./indexer.ts";
import { listRecords } from "./list-records.ts";
import { proposeReplay } from "./propose-replay.ts";
import { resolveRecords } from "./settle-records.ts";

let stack: Stack;
let kafka: TestKafka;
let reader: PartitionReader;
const operator = an("operator", "olga");
const stop = new AbortController();
let indexing: Promise<void>;

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  reader = createPartitionReader({ cluster: "lab", brokers: kafka.brokers, tls: false });
  const indexer = createIndexer({
    cluster: "lab",
    pool: stack.deps.pool,
    reader: createPartitionReader({ cluster: "lab", brokers: kafka.brokers, tls: false }),
    avro: undefined,
    log: stack.deps.log,
    now: stack.deps.now,
    waitMs: 50,
  });
  indexing = indexer.run(stop.signal).finally(() => indexer.close());
});

afterAll(async () => {
  stop.abort();
  await indexing;
  await reader?.close();
  await kafka?.stop();
  await stack?.stop();
});

/** An original topic with an event per letter, a dead-letter topic that tells of them, and a sink's group. */
async function letters(count: number, keyOf: (index: number) => string = (index) => `k${index}`) {
  const [original, dlq, connector] = [uniqueName("rc-events"), uniqueName("dlq-rc"), uniqueName("rc-sink")];
  await kafka.createTopic(original);
  await kafka.createTopic(dlq);
  const all = Array.from({ length: count }, (_item, index) => index);
  await kafka.produce(
    original,
    all.map((index) => ({ key: keyOf(index), value: `v${index}` })),
  );
  await kafka.produce(
    dlq,
    all.map((index) => ({
      key: keyOf(index),
      value: `v${index}`,
      headers: { ...errorHeaders({ topic: original, offset: index, connector }), own: "kept" },
    })),
  );
  await stack.deps.pool.query(
    "insert into dead_letter_topics (cluster, topic, found_by, found_at) values ('lab', $1, 'hand', now())",
    [dlq],
  );
  const list = () =>
    listRecords(stack.deps, operator, { filter: `connector:${connector}`, sort: "", page: 1, pageSize: 100 });
  await expect.poll(async () => (await list()).rows.length, { timeout: 20_000 }).toBe(count);
  const commits = setInterval(() => void commitAll(connector, original), 200);
  return { original, connector, list, done: () => clearInterval(commits) };
}

async function commitAll(connector: string, topic: string): Promise<void> {
  const offsets = await kafka.admin.fetchTopicOffsets(topic);
  await kafka.admin
    .setOffsets({
      groupId: `connect-${connector}`,
      topic,
      partitions: offsets.map(({ partition, offset }) => ({ partition, offset })),
    })
    .catch(() => undefined);
}

async function replayed(topic: string): Promise<{ position: number; key: string; headers: string[] }[]> {
  const [fetched] = await reader.fetch([{ topic, partition: 0, offset: 0 }]);
  return (fetched?.records ?? []).flatMap((record) => {
    const headers = record.headers();
    const position = headers.find(([name]) => name === REPLAY_HEADERS.position)?.[1];
    return position
      ? [{ position: Number(position), key: String(record.key), headers: headers.map(([name]) => name) }]
      : [];
  });
}

test("a worker that died between sending and noting it: what arrived is not sent twice, what did not is sent", async () => {
  const { original, connector, list, done } = await letters(6);
  const { planId, replayId } = await proposeReplay(stack.deps, operator, {
    cluster: "lab",
    selection: { filter: `connector:${connector}` },
    alsoSend: [],
    canary: 0,
  });
  await stack.deps.pool.query(
    "update dead_letter_replays set sending_from = 0, sending_to = 3, sending_starts = $2 where id = $1",
    [replayId, JSON.stringify({ [`${original}/0`]: 6 })],
  );
  await kafka.produce(
    original,
    [0, 2].map((position) => ({
      key: `k${position}`,
      value: `v${position}`,
      headers: { [REPLAY_HEADERS.id]: replayId, [REPLAY_HEADERS.position]: String(position) },
    })),
  );

  const run = await runPlan(stack.deps, operator, planId);
  done();

  expect(run.end, run.message).toBe("succeeded");
  const sent = await replayed(original);
  expect(sent.map((record) => record.position).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(
    sent.find((record) => record.position === 5)?.headers.filter((name) => name.startsWith("__connect")),
  ).toEqual([]);
  expect(sent.find((record) => record.position === 5)?.headers).toContain("own");
  expect((await list()).rows.map((row) => row.status)).toEqual(Array(6).fill("RESOLVED"));
});

test("failed events of one row go one after the other; a newer event and a settled record are left out", async () => {
  const { original, connector, list, done } = await letters(6, (index) => `row${index % 3}`);
  const { planId, counts } = await proposeReplay(stack.deps, operator, {
    cluster: "lab",
    selection: { filter: `connector:${connector}` },
    alsoSend: [],
    canary: 0,
  });
  await kafka.produce(original, [{ key: "row1", value: "newer" }]);
  const settled = (await list()).rows.find((row) => row.originalOffset === 5);
  await resolveRecords(stack.deps, operator, {
    selection: { ids: [settled?.id ?? 0] },
    reason: "repaired by hand",
  });

  const run = await runPlan(stack.deps, operator, planId);
  done();

  expect(counts).toMatchObject({ chained: 6, sent: 6 });
  expect(run.end, run.message).toBe("succeeded");
  expect((await replayed(original)).map((record) => record.key)).toEqual(["row0", "row2", "row0"]);
  const status = new Map((await list()).rows.map((row) => [row.originalOffset, row.status]));
  expect([0, 1, 2, 3, 4, 5].map((offset) => status.get(offset))).toEqual([
    "RESOLVED",
    "PENDING",
    "RESOLVED",
    "RESOLVED",
    "PENDING",
    "RESOLVED",
  ]);
});

test("a record that fails again is the same dead letter with one more attempt", async () => {
  const { original, connector, list, done } = await letters(1);
  const { planId, replayId } = await proposeReplay(stack.deps, operator, {
    cluster: "lab",
    selection: { filter: `connector:${connector}` },
    alsoSend: [],
    canary: 0,
  });
  const [letter] = (await list()).rows;
  const echo = {
    key: "k0",
    value: "v0",
    headers: {
      [REPLAY_HEADERS.id]: replayId,
      [REPLAY_HEADERS.position]: "0",
      ...errorHeaders({ topic: original, offset: 1, connector, message: "value too long for type x" }),
    },
  };
  const failing = expect
    .poll(async () => (await replayed(original)).length, { timeout: 30_000 })
    .toBe(1)
    .then(() => kafka.produce(letter?.topic ?? "", [echo]));

  const run = await runPlan(stack.deps, operator, planId);
  await failing;
  done();

  expect(run.end).toBe("failed");
  const { rows, total } = await list();
  expect(total).toBe(1);
  expect(rows).toMatchObject([{ id: letter?.id, status: "PENDING", attempts: 1, cause: "too-long" }]);
});

test("a paused replay sends nothing until it is resumed, and only those who may repair can do so", async () => {
  const { original, connector, done } = await letters(3);
  const selection = { filter: `connector:${connector}` };
  const { planId, replayId } = await proposeReplay(stack.deps, operator, {
    cluster: "lab",
    selection,
    alsoSend: [],
    canary: 0,
  });
  await changeReplay(stack.deps, operator, { id: replayId, paused: true });
  await expect(changeReplay(stack.deps, an("viewer"), { id: replayId, paused: false })).rejects.toMatchObject(
    { code: "forbidden" },
  );

  const run = runPlan(stack.deps, operator, planId);
  await expect.poll(async () => (await getReplay(stack.deps, operator, { id: replayId })).paused).toBe(true);
  expect(await replayed(original)).toEqual([]);
  await changeReplay(stack.deps, operator, { id: replayId, paused: false });

  expect((await run).end).toBe("succeeded");
  done();
  expect(await replayed(original)).toHaveLength(3);
});
