import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { tableProgress } from "#db/schema/observed.ts";
import { readMetrics } from "#server/observability/read-metrics.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { storeObserved } from "#server/testing/observed-connector.ts";
import { type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { handleMetrics } from "./metrics.ts";

let stack: Stack;
let kafka: TestKafka;
const topic = uniqueName("dlq-metrics");
const folder = mkdtempSync(join(tmpdir(), "hg-metrics-"));
const file = join(folder, "token");

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  vi.stubEnv("DATABASE_URL", stack.databaseUrl);
  await kafka.createTopic(topic);
  await kafka.produce(
    topic,
    [0, 1, 2].map((offset) => ({
      key: `k${offset}`,
      value: "canary",
      headers: errorHeaders({ offset, stage: offset === 2 ? "TRANSFORMATION" : "VALUE_CONVERTER" }),
    })),
  );
  await indexTopic(stack, kafka, topic, 3);
  const at = new Date();
  await storeObserved(stack.deps, {
    name: "warehouse-sink",
    type: "sink",
    tasks: [{ id: 0, state: "RUNNING", worker: "w" }],
  });
  const sink = { deliveredAt: null, perSecond: 10, lost: 0 };
  await stack.deps.db.insert(tableProgress).values({
    cluster: "lab",
    source: "shop",
    name: "public.orders",
    topic: "shop.public.orders",
    topicExists: true,
    perSecond: 12,
    sinks: [
      { ...sink, name: "warehouse-sink", delivered: 90, lagEvents: 10, waitingSince: at.getTime() - 5_000 },
    ],
    changedAt: at,
  });
});

afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await kafka.stop();
  await stack.stop();
});

const ask = (token?: string) =>
  handleMetrics(
    new Request("http://localhost/metrics", token ? { headers: { authorization: `Bearer ${token}` } } : {}),
  );

test("the seeds' metrics under the seeds' names, from the store", async () => {
  const text = await readMetrics(stack.deps);

  expect(text).toContain(
    'cdc_errors_total{cluster="lab",connector="warehouse-sink",table="public.orders",type="conversion"} 2',
  );
  expect(text).toContain(
    'cdc_errors_total{cluster="lab",connector="warehouse-sink",table="public.orders",type="transformation"} 1',
  );
  expect(text).toMatch(/cdc_error_rate\{cluster="lab",connector="warehouse-sink",type="transformation"\} \d/);
  expect(text).toContain(
    `kafka_topic_partition_current_offset{cluster="lab",topic="${topic}",partition="0"} 3`,
  );
  expect(text).toContain(
    'headgate_dead_letters_open{cluster="lab",connector="warehouse-sink",table="public.orders",cause="bad-bytes"} 3',
  );
  expect(text).toMatch(/cdc_replication_lag_seconds\{[^}]*table="public.orders"\} [5-9]/);
  expect(text).toContain(
    'cdc_throughput_records_per_second{cluster="lab",connector="shop",direction="source"} 12',
  );
  expect(text).toContain(
    'kafka_connect_connector_task_status{cluster="lab",connector="warehouse-sink",task="0",status="RUNNING"} 1',
  );
  expect(text).not.toContain("canary");
  const names = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(new Set(names.map((line) => line.slice(0, line.lastIndexOf(" ")))).size).toBe(names.length);
});

test("the endpoint is closed without a token, and opens to that token alone", async () => {
  expect((await ask("anything-at-all-1234")).status).toBe(404);
  vi.stubEnv("HEADGATE_METRICS_TOKEN_FILE", file);
  expect((await ask()).status).toBe(401);
  writeFileSync(file, "short\n");
  expect((await ask("short")).status).toBe(401);
  writeFileSync(file, "a-token-that-is-long-enough\n");
  expect((await ask("a-token-that-is-long-enougH")).status).toBe(401);

  const answer = await ask("a-token-that-is-long-enough");

  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toContain("version=0.0.4");
  expect(await answer.text()).toContain("# TYPE cdc_errors_total counter");
});
