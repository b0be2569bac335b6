import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Rule } from "#domain/dead-letters/rules.ts";
import { proposeCreate } from "#server/connectors/propose-create.ts";
import {
  CLUSTER,
  cleanUp,
  runPlan,
  shopSource,
  sql,
  warehouseSink,
} from "#server/connectors/testing/lab-pipeline.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { executeRun } from "#server/plans/execute-run.ts";
import { QUICK_TIMING } from "#server/plans/testing/quick-timing.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { storeObserved } from "#server/testing/observed-connector.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { createRule } from "./change-rules.ts";
import { listRules } from "./list-rules.ts";
import { previewRule } from "./preview-rule.ts";
import { replayByRules } from "./replay-by-rules.ts";

let stack: Stack;
let kafka: TestKafka;
const prefix = uniqueName("rr-shop");
const sink = uniqueName("rr-sink");
const table = `again_${prefix.replaceAll("-", "_")}`;
const schema = sink.replaceAll("-", "_");
const topic = `${prefix}.public.${table}`;
const dlq = `dlq-${sink}`;
const engineer = an("engineer", "ada");

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  const { deps } = stack;
  const [owner] = await sql<{ name: string }>(
    "shop",
    "select tableowner as name from pg_tables where tablename = 'products'",
  );
  await sql("shop", `create table public.${table} (id int primary key, name text)`);
  await sql("shop", `alter table public.${table} owner to "${owner?.name}"`);
  await sql("shop", `insert into public.${table} select g, 'row ' || g from generate_series(1, 10) g`);
  await sql("warehouse", `create schema "${schema}"`);
  await sql("warehouse", `grant all on schema "${schema}" to public`);
  const source = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: prefix,
    config: shopSource(deps, prefix, [table]),
  });
  expect(await runPlan(deps, engineer, source.planId)).toMatchObject({ end: "succeeded" });
  const drained = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: sink,
    config: warehouseSink(deps, sink, schema, [topic]),
  });
  expect(await runPlan(deps, engineer, drained.planId)).toMatchObject({ end: "succeeded" });
  await vi.waitFor(async () => expect(await target()).toHaveLength(10), { timeout: 60_000, interval: 250 });
});

afterAll(async () => {
  await cleanUp(stack.deps, [prefix, sink], [schema]);
  await sql("shop", `drop table if exists public.${table}`);
  await kafka.stop();
  await stack.stop();
});

async function target(): Promise<number[]> {
  const rows = await sql<{ id: number }>(
    "warehouse",
    `select id from "${schema}".${table} order by id`,
  ).catch(() => []);
  return rows.map((row) => row.id);
}

/** Dead letters as a deadlock leaves them: the events are real, and their rows are not at the target. */
async function loseRows(ids: readonly number[]): Promise<void> {
  await sql("warehouse", `delete from "${schema}".${table} where id = any($1)`, [[...ids]]);
  const reader = createPartitionReader({ cluster: "lab", brokers: kafka.brokers, tls: false });
  const avro = stack.deps.registry("lab")?.avro;
  for (const { partition } of await reader.offsets(topic)) {
    const [fetched] = await reader.fetch([{ topic, partition, offset: 0 }], { waitMs: 100 });
    for (const record of fetched?.records ?? []) {
      const { value } = await decodePart({ key: record.key, value: null, headers: {} }, "key", avro);
      if (!ids.includes((value as { id: number }).id)) continue;
      const headers = errorHeaders({
        topic,
        partition,
        offset: record.offset,
        connector: sink,
        stage: "TASK_PUT",
        exception: "org.postgresql.util.PSQLException",
        message: "deadlock detected",
      });
      await kafka.produce(dlq, [{ key: record.key, value: record.value, headers }]);
    }
  }
  await reader.close();
}

async function work(): Promise<void> {
  const { rows } = await stack.deps.pool.query<{ id: string }>("select id from runs where state = 'queued'");
  for (const { id } of rows)
    await executeRun(stack.deps, id, {
      worker: "test",
      stopping: new AbortController().signal,
      timing: QUICK_TIMING,
    });
}

test("once the sink delivers again, a rule sends what a passing fault left behind, up to its cap", async () => {
  const { deps } = stack;
  await loseRows([3, 4, 5]);
  await indexTopic(stack, kafka, dlq, 3);
  const rule: Rule = {
    name: "deadlocks pass",
    match: { connector: sink, cause: "conflict" },
    action: { do: "replay", atMost: 2, quietMinutes: 5 },
  };
  const { token } = await previewRule(deps, engineer, rule);
  await createRule(deps, engineer, { rule, enabled: true, previewed: token });

  // The last failure is a moment ago, the sink was not seen, and nothing is known to be delivered since.
  expect(await replayByRules(deps)).toBe(0);
  const at = new Date();
  const ago = (minutes: number) => new Date(at.getTime() - minutes * 60_000);
  await deps.pool.query("update dead_letter_groups set last_seen = $1", [ago(10)]);
  await storeObserved(deps, {
    cluster: CLUSTER,
    name: sink,
    type: "sink",
    tasks: [{ id: 0, state: "RUNNING", worker: "w" }],
  });
  expect(await replayByRules(deps)).toBe(0);
  const delivered = (minutes: number, total: number) =>
    deps.pool.query(
      "insert into dead_letter_traffic (cluster, connector, table_name, minute, source, delivered) values ('lab', $1, $2, date_trunc('minute', $3::timestamptz), $4, $5)",
      [sink, `public.${table}`, ago(minutes), prefix, total],
    );
  await delivered(11, 10);
  await delivered(1, 15);

  expect(await replayByRules(deps)).toBe(1);
  await work();

  expect(await target()).toHaveLength(9);
  const { rows } = await deps.pool.query<{ status: string; n: number }>(
    "select status, count(*)::int as n from dead_letters group by 1 order by 1",
  );
  expect(rows).toEqual([
    { status: "PENDING", n: 1 },
    { status: "RESOLVED", n: 2 },
  ]);
  expect(await replayByRules(deps)).toBe(0);
  expect(await listRules(deps, engineer)).toMatchObject([
    { records: 2, lastOutcome: "2 records are sent again" },
  ]);
  await deps.pool.query("update dead_letter_rule_hits set at = $1", [ago(25 * 60)]);
  expect(await replayByRules(deps)).toBe(1);
  await work();
  expect(await target()).toHaveLength(10);
});

test("a cause that does not pass by itself is left to people, and the rule says so", async () => {
  const { deps } = stack;
  await deps.pool.query("update dead_letter_groups set cause = 'check', open = 1");
  const rule: Rule = {
    name: "not this one",
    match: { connector: sink, cause: "check" },
    action: { do: "replay", atMost: 2, quietMinutes: 5 },
  };
  const { token } = await previewRule(deps, engineer, rule);
  await createRule(deps, engineer, { rule, enabled: true, previewed: token });

  expect(await replayByRules(deps)).toBe(0);

  expect((await listRules(deps, engineer)).at(-1)?.lastOutcome).toContain("does not pass by itself");
});
