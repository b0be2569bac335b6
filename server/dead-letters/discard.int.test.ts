import { afterAll, beforeAll, expect, test } from "vitest";
import { approvePlan } from "#server/plans/approve-plan.ts";
import { executeRun, RUN_TIMING } from "#server/plans/execute-run.ts";
import { startRun } from "#server/plans/start-run.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { listGroups } from "./list-groups.ts";
import { proposeDiscard } from "./propose-discard.ts";
import { resolveRecords } from "./settle-records.ts";

let stack: Stack;
let kafka: TestKafka;
const topic = uniqueName("dlq-discard");
const operator = an("operator", "olga");
const engineer = an("engineer", "ada");

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  await kafka.createTopic(topic, 1, { "retention.ms": "86400000" });
  for (const batch of [0, 1_250])
    await kafka.produce(
      topic,
      Array.from({ length: 1_250 }, (_item, index) => ({
        key: JSON.stringify({ id: (batch + index) % 500 }),
        value: "x",
        headers: errorHeaders({ offset: batch + index }),
      })),
    );
  await stack.deps.pool.query(
    "insert into dead_letter_topics (cluster, topic, found_by, found_at, copy_days, retention_ms) values ('lab', $1, 'hand', now(), 3, 86400000)",
    [topic],
  );
  await indexTopic(stack, kafka, topic, 2_500);
});

afterAll(async () => {
  await kafka.stop();
  await stack.stop();
});

test("a discard is frozen, needs a second person, and leaves alone what was settled meanwhile", async () => {
  const { deps } = stack;
  await expect(
    proposeDiscard(deps, an("viewer"), { selection: { filter: "" }, reason: "x" }),
  ).rejects.toMatchObject({ code: "forbidden" });

  const proposed = await proposeDiscard(deps, operator, {
    selection: { filter: "offset:<2400" },
    reason: "test data of a customer that left",
  });

  expect(proposed.records).toBe(2_400);
  const started = {
    planId: proposed.planId,
    confirmation: { reason: "r", typedCount: 2_400, typedName: "lab" },
  };
  await resolveRecords(deps, operator, { selection: { filter: "offset:7" }, reason: "repaired by hand" });
  await expect(startRun(deps, operator, started)).rejects.toMatchObject({ code: "precondition_failed" });
  await approvePlan(deps, engineer, { id: proposed.planId, reason: "agreed with the owner" });
  const run = await startRun(deps, operator, started);
  // The window in which it could be taken back is over.
  await deps.pool.query("update runs set not_before = now()");

  expect(
    await executeRun(deps, run.runId, {
      worker: "test",
      stopping: new AbortController().signal,
      timing: RUN_TIMING,
    }),
  ).toBe("succeeded");
  const { rows } = await deps.pool.query(
    "select status, count(*)::int as n, min(settled_reason) as reason from dead_letters group by 1 order by 1",
  );
  expect(rows).toEqual([
    { status: "IGNORED", n: 2_399, reason: "Discarded: test data of a customer that left" },
    { status: "PENDING", n: 100, reason: null },
    { status: "RESOLVED", n: 1, reason: "repaired by hand" },
  ]);
  const { rows: copies } = await deps.pool.query("select count(*)::int as n from dead_letter_copies");
  expect(copies).toEqual([{ n: 101 }]);
  const { rows: items } = await deps.pool.query(
    "select state, count(*)::int as n from run_items where run_id = $1 group by 1 order by 1",
    [run.runId],
  );
  expect(items).toEqual([
    { state: "skipped", n: 1 },
    { state: "succeeded", n: 2_399 },
  ]);
  const groups = await listGroups(deps, operator, { filter: "", sort: "", page: 1, pageSize: 10 });
  expect(groups.rows).toMatchObject([{ open: 100, records: 2_500 }]);
});

test("nothing selected is no plan", async () => {
  await expect(
    proposeDiscard(stack.deps, operator, { selection: { filter: "table:nowhere" }, reason: "x" }),
  ).rejects.toMatchObject({ code: "precondition_failed" });
});
