import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { FULL_SIZE, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";

const RECORDS = FULL_SIZE ? 200_000 : 30_000;
const KILLS = FULL_SIZE ? 20 : 4;

let stack: Stack;
let kafka: TestKafka;

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
});

afterAll(async () => {
  await kafka?.stop();
  await stack?.stop();
});

function startWorker(): ChildProcess {
  const args = ["server/testing/index-dead-letters.ts", stack.databaseUrl, kafka.brokers.join(",")];
  return spawn("node_modules/.bin/node", args, { stdio: ["ignore", "ignore", "inherit"] });
}

async function kill(worker: ChildProcess): Promise<void> {
  const ended = once(worker, "exit");
  worker.kill("SIGKILL");
  await ended;
}

test(`a worker killed ${KILLS} times leaves no record out and writes none twice`, {
  timeout: 480_000,
}, async () => {
  const topic = uniqueName("dlq-kill");
  await kafka.createTopic(topic, 2);
  for (let from = 0; from < RECORDS; from += 1_000)
    await kafka.produce(
      topic,
      Array.from({ length: 1_000 }, (_item, index) => ({
        key: JSON.stringify({ id: from + index }),
        value: "x",
        headers: errorHeaders({
          offset: from + index,
          message: `Unknown magic byte! ${index}`,
          trace: "a.B: x\n\tat a.B.c(B.java:1)\n",
        }),
      })),
    );
  const { pool } = stack.deps;
  const { rows } = await pool.query<{ id: number }>(
    "insert into dead_letter_topics (cluster, topic, found_by, found_at) values ('lab', $1, 'hand', now()) returning id",
    [topic],
  );
  const id = rows[0]?.id;
  const indexed = async () => {
    const { rows: found } = await pool.query<{ n: number }>(
      "select count(*)::int as n from dead_letters where topic_id = $1",
      [id],
    );
    return found[0]?.n ?? 0;
  };

  for (let round = 1; round <= KILLS; round += 1) {
    const worker = startWorker();
    await expect
      .poll(indexed, { timeout: 60_000, interval: 10 })
      .toBeGreaterThanOrEqual(Math.floor((RECORDS * round) / (KILLS + 2)));
    await kill(worker);
  }
  const last = startWorker();
  await expect.poll(indexed, { timeout: 120_000, interval: 100 }).toBe(RECORDS);
  await kill(last);

  const { rows: facts } = await pool.query(
    `select count(*)::int as rows, count(distinct original_offset)::int as records, max(original_offset)::int as last,
            (select sum(records)::int from dead_letter_groups) as counted,
            (select sum(records)::int from dead_letter_minutes) as by_minute
       from dead_letters where topic_id = $1`,
    [id],
  );
  expect(facts).toEqual([
    { rows: RECORDS, records: RECORDS, last: RECORDS - 1, counted: RECORDS, by_minute: RECORDS },
  ]);
});
