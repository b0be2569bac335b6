import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import { listGroups } from "#server/dead-letters/list-groups.ts";
import { listRecords } from "#server/dead-letters/list-records.ts";
import { proposeReplay } from "#server/dead-letters/propose-replay.ts";
import { hashKey } from "#server/dead-letters/read-record.ts";
import { scanNewerEvents } from "#server/dead-letters/scan-newer-events.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { executeRun, RUN_TIMING } from "#server/plans/execute-run.ts";
import { startRun } from "#server/plans/start-run.ts";
import { WORKER_PROCESS } from "#server/start/worker-process.ts";
import { errorHeaders } from "#server/testing/dead-letters.ts";
import { an, readLabFile, type Stack, startStack } from "#server/testing/stack.ts";
import { produceAvro } from "./dead-letters-avro.ts";
import { CAUSES, deleteTopics, type Endpoints, letter, produceLetters } from "./dead-letters-load.ts";
import { type Bench, type Figure, percentile } from "./harness.ts";

const LETTERS = Number(process.argv[3] ?? 1_000_000);
const AVRO_LETTERS = Math.min(200_000, LETTERS);
const REPLAYED = Math.min(100_000, LETTERS);
/** `npm run bench -- dead-letters 100000 replay` runs one part of it. */
const PART = process.argv[4] ?? "all";
const TABLES = 8;
const PARTITIONS = 3;

export const bench: Bench = {
  name: "dead-letters",
  about: `${LETTERS} dead letters of 40 causes in 8 tables: indexing, lists, verdicts, replay`,
  async run(say) {
    const lab = readLabFile<Endpoints>("endpoints.json");
    const stamp = Date.now().toString(36);
    const topics = {
      json: `dlq-bench-${stamp}`,
      avro: `dlq-bench-avro-${stamp}`,
      again: `dlq-bench-again-${stamp}`,
    };
    const originals = Array.from({ length: TABLES }, (_table, index) => `bench${stamp}.public.t${index}`);
    const stack = await startStack();
    try {
      const figures: Figure[] = [];
      say("writing the records…");
      const value = JSON.stringify({
        before: null,
        after: { id: 1, name: "n".repeat(200) },
        source: { ts_ms: 1_700_000_000_000 },
        op: "c",
      });
      if (PART !== "replay") {
        await produceLetters(lab.kafka.brokers, topics.json, LETTERS, (index) => letter(index, value));
        await produceAvro(lab, topics.avro, AVRO_LETTERS);
        figures.push(...(await index(stack, lab, topics.json, LETTERS, "index_records_per_s", 20_000, say)));
        figures.push(...(await lists(stack, say)));
        figures.push(
          ...(await index(stack, lab, topics.avro, AVRO_LETTERS, "index_avro_records_per_s", 10_000, say)),
        );
      }
      if (PART !== "index") figures.push(...(await replays(stack, lab, topics.again, originals, say)));
      if (PART === "all") figures.push(await alternative(lab, topics.json, say));
      return figures;
    } finally {
      await stack.stop();
      await deleteTopics(lab.kafka.brokers, [...Object.values(topics), ...originals]);
    }
  },
};

/** A worker in a process of its own, so that its memory is its own. */
async function index(
  stack: Stack,
  lab: Endpoints,
  topic: string,
  count: number,
  name: string,
  atLeast: number,
  say: (line: string) => void,
): Promise<Figure[]> {
  const args = [
    ...WORKER_PROCESS.args,
    "server/testing/index-dead-letters.ts",
    stack.databaseUrl,
    lab.kafka.brokers.join(","),
    lab.registry.url,
  ];
  const worker: ChildProcess = spawn(process.execPath, args, {
    env: { ...WORKER_PROCESS.env, ...process.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const weights: number[] = [];
  if (worker.stdout)
    createInterface({ input: worker.stdout }).on("line", (line) =>
      weights.push((JSON.parse(line) as { mb: number }).mb),
    );
  await delay(4_000);
  const idle = percentile(weights.slice(-10), 0.5);
  weights.length = 0;
  const { rows } = await stack.deps.pool.query<{ id: number }>(
    "insert into dead_letter_topics (cluster, topic, found_by, found_at) values ('lab', $1, 'hand', now()) returning id",
    [topic],
  );
  const indexed = async () => {
    const { rows: found } = await stack.deps.pool.query<{ n: string }>(
      "select coalesce(sum(next_offset), 0) as n from dead_letter_positions where topic_id = $1",
      [rows[0]?.id],
    );
    return Number(found[0]?.n);
  };
  let [first, started] = [0, 0];
  for (;;) {
    const done = await indexed();
    if (done > 0 && started === 0) [first, started] = [done, performance.now()];
    if (done >= count) break;
    await delay(20);
  }
  const seconds = (performance.now() - started) / 1_000;
  const added = Math.max(...weights) - idle;
  const ended = once(worker, "exit");
  worker.kill("SIGTERM");
  await ended;
  say(
    `${topic}: ${count - first} records in ${seconds.toFixed(1)} s, ${Math.round(added)} MB more than idle`,
  );
  const rate: Figure = { name, value: (count - first) / seconds, unit: "records/s", limit: { atLeast } };
  return name === "index_records_per_s"
    ? [rate, { name: "index_added_mb", value: added, unit: "MB", limit: { atMost: 150 } }]
    : [rate];
}

const FILTERS = [
  "",
  "status:PENDING",
  "table:t3",
  "table:public.t3 status:PENDING",
  "error:FailureB",
  "error:Cause stage:TRANSFORMATION",
  "key:4711",
  "-table:t3 status:PENDING",
  "age:<1h",
  "status:RESOLVED",
  "op:c table:t1",
  "connector:bench status:PENDING",
  "key:id=123456 status:PENDING",
  "attempts:>0",
];

async function lists({ deps }: Stack, say: (line: string) => void): Promise<Figure[]> {
  const actor = an("operator");
  await deps.pool.query("analyze dead_letters");
  await requireCauses(deps, await listGroups(deps, actor, { filter: "", sort: "", page: 1, pageSize: 100 }));
  const groups: number[] = [];
  for (let round = 0; round < 20; round += 1)
    groups.push(await timed(() => listGroups(deps, actor, { filter: "", sort: "", page: 1, pageSize: 100 })));
  const filters: number[] = [];
  for (const filter of FILTERS)
    for (let round = 0; round < 5; round += 1) {
      const ms = await timed(() =>
        listRecords(deps, actor, { filter, sort: "", page: 1 + (round % 3), pageSize: 100 }),
      );
      filters.push(ms);
      if (ms > 300) say(`slow: ${filter || "(all)"} ${Math.round(ms)} ms`);
    }
  return [
    { name: "groups_ms_at_1m", value: percentile(groups, 0.95), unit: "ms", limit: { atMost: 300 } },
    { name: "filter_p95_ms_at_1m", value: percentile(filters, 0.95), unit: "ms", limit: { atMost: 500 } },
  ];
}

/** As many groups as causes were made, each counting what lies in the database. */
async function requireCauses(
  { pool }: Stack["deps"],
  { rows }: Awaited<ReturnType<typeof listGroups>>,
): Promise<void> {
  const { rows: counted } = await pool.query<{ id: string; n: number }>(
    "select group_id as id, count(*)::int as n from dead_letters group by 1",
  );
  const inDatabase = new Map(counted.map(({ id, n }) => [Number(id), n]));
  const wrong = rows.filter(({ id, records }) => inDatabase.get(id) !== records);
  if (rows.length !== CAUSES || wrong.length > 0)
    throw new Error(`${rows.length} groups of ${CAUSES} causes, ${wrong.length} of them count wrongly`);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

/** Events in the original topics, dead letters that tell of some of them, and a stand-in that commits like a sink that takes everything. */
async function replays(
  { deps }: Stack,
  lab: Endpoints,
  topic: string,
  originals: string[],
  say: (line: string) => void,
): Promise<Figure[]> {
  const perPartition = Math.ceil(REPLAYED / (TABLES * PARTITIONS)) + 100;
  const event = JSON.stringify({
    before: null,
    after: { id: 1, text: "x".repeat(500) },
    source: {},
    op: "u",
  });
  for (const original of originals)
    await produceLetters(
      lab.kafka.brokers,
      original,
      perPartition * PARTITIONS,
      (index) => ({ key: JSON.stringify({ id: index }), value: event, partition: index % PARTITIONS }),
      PARTITIONS,
    );
  const place = (index: number) => ({
    topic: originals[index % TABLES] ?? "",
    partition: index % PARTITIONS,
    offset: Math.floor(index / (TABLES * PARTITIONS)),
  });
  await produceLetters(lab.kafka.brokers, topic, REPLAYED, (index) => ({
    key: JSON.stringify({ id: 10_000_000 + index }),
    value: event,
    headers: errorHeaders({ ...place(index), connector: `sink-${topic}` }),
  }));
  const reader = createPartitionReader({ cluster: "lab", brokers: lab.kafka.brokers, tls: false });
  const watched = Array.from({ length: REPLAYED }, (_item, index) => {
    const { topic: original, partition } = place(index);
    const keyHash = hashKey(original, Buffer.from(JSON.stringify({ id: 10_000_000 + index }))).text;
    return { keyHash, topic: original, partition, offset: 0 };
  });
  const scanMs = await timed(() => scanNewerEvents(reader, watched));
  await reader.close();
  const events = perPartition * PARTITIONS * TABLES;
  say(`verdict scan: ${events} events in ${Math.round(scanMs)} ms`);

  await indexInside(deps, lab, topic);
  const sinkArgs = [lab.kafka.brokers.join(","), `connect-sink-${topic}`, originals.join(",")];
  const sink = spawn(process.execPath, ["bench/dead-letters-sink.ts", ...sinkArgs], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const operator = an("operator");
  const started = performance.now();
  const proposed = await proposeReplay(deps, operator, {
    cluster: "lab",
    selection: { filter: `connector:sink-${topic}` },
    alsoSend: [],
    canary: 0,
  });
  const plannedMs = performance.now() - started;
  const { runId } = await startRun(deps, operator, {
    planId: proposed.planId,
    confirmation: { reason: "bench", typedCount: proposed.counts.sent },
  });
  const sendingFrom = performance.now();
  const run = executeRun(deps, runId, {
    worker: "bench",
    stopping: new AbortController().signal,
    timing: RUN_TIMING,
  });
  for (;;) {
    const { rows } = await deps.pool.query<{ n: number }>(
      "select count(*)::int as n from dead_letter_replay_items where replay_id = $1 and state = 'waiting'",
      [proposed.replayId],
    );
    if (rows[0]?.n === 0) break;
    await delay(50);
  }
  const sendMs = performance.now() - sendingFrom;
  const end = await run;
  const allMs = performance.now() - sendingFrom;
  const sinkEnded = once(sink, "exit");
  sink.kill("SIGTERM");
  await sinkEnded;
  say(
    `replay of ${proposed.counts.sent}: planned in ${Math.round(plannedMs)} ms, sent in ${Math.round(sendMs)} ms, ${end} after ${Math.round(allMs)} ms`,
  );
  return [
    {
      name: "replay_records_per_s",
      value: (proposed.counts.sent / sendMs) * 1_000,
      unit: "records/s",
      limit: { atLeast: 10_000 },
      note: "sent and noted",
    },
    {
      name: "replay_settled_records_per_s",
      value: (proposed.counts.sent / allMs) * 1_000,
      unit: "records/s",
      note: "until the last one is confirmed and RESOLVED",
    },
    {
      name: "verdict_scan_records_per_s",
      value: (events / scanMs) * 1_000,
      unit: "records/s",
      limit: { atLeast: 25_000 },
    },
  ];
}

async function indexInside(deps: Stack["deps"], lab: Endpoints, topic: string): Promise<void> {
  const { createIndexer } = await import("#server/dead-letters/indexer.ts");
  await deps.pool.query(
    "insert into dead_letter_topics (cluster, topic, found_by, found_at) values ('lab', $1, 'hand', now())",
    [topic],
  );
  const indexer = createIndexer({
    cluster: "lab",
    pool: deps.pool,
    reader: createPartitionReader({ cluster: "lab", brokers: lab.kafka.brokers, tls: false }),
    registry: undefined,
    log: deps.log,
    now: deps.now,
    waitMs: 100,
  });
  for (let done = 0; done < REPLAYED; ) done += await indexer.step();
  await indexer.close();
}

/** What consoles without an index do for each view: read the topic and count by exception. Cut off after a minute. */
async function alternative(lab: Endpoints, topic: string, say: (line: string) => void): Promise<Figure> {
  const consumer = new Kafka({ brokers: lab.kafka.brokers, logLevel: logLevel.NOTHING }).consumer({
    groupId: `bench-alternative-${topic}`,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const causes = new Map<string, number>();
  let seen = 0;
  const started = performance.now();
  const finished = Promise.withResolvers<void>();
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages) {
        const cause = String(message.headers?.["__connect.errors.exception.class.name"] ?? "");
        causes.set(cause, (causes.get(cause) ?? 0) + 1);
      }
      seen += batch.messages.length;
      if (seen >= LETTERS || performance.now() - started > 60_000) finished.resolve();
    },
  });
  await finished.promise;
  const seconds = (performance.now() - started) / 1_000;
  await consumer.disconnect();
  say(`the alternative read ${seen} records in ${seconds.toFixed(1)} s for one view`);
  return {
    name: "alternative_view_ms_at_1m",
    value: (seconds / seen) * 1_000_000 * 1_000,
    unit: "ms",
    note: "one view by reading the topic, scaled to a million",
  };
}
