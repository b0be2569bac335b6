import { afterAll, beforeAll, expect, test } from "vitest";
import { auditEntries } from "#db/schema/audit.ts";
import type { Rule } from "#domain/dead-letters/rules.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { applyRules } from "./apply-rules.ts";
import { unmuteGroup } from "./change-group.ts";
import { createRule, deleteRule, enableRule, updateRule } from "./change-rules.ts";
import { describeGroup } from "./describe-group.ts";
import { listGroups } from "./list-groups.ts";
import { listRules, listRuleVersions } from "./list-rules.ts";
import { previewRule } from "./preview-rule.ts";
import { ignoreRecords, reopenRecords } from "./settle-records.ts";

let stack: Stack;
let kafka: TestKafka;
const topic = uniqueName("dlq-rules");
const operator = an("operator", "olga");

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  await kafka.createTopic(topic);
  await produce(0);
  await indexTopic(stack, kafka, topic, 90);
  await ignoreRecords(stack.deps, operator, {
    selection: { filter: "offset:0" },
    reason: "for the counters",
  });
});

afterAll(async () => {
  await kafka.stop();
  await stack.stop();
});

/** Three groups of 30: two tables with one message, one with another; two kinds of change each. */
async function produce(from: number): Promise<void> {
  await kafka.produce(
    topic,
    Array.from({ length: 90 }, (_item, index) => ({
      key: JSON.stringify({ id: index % 45 }),
      value: JSON.stringify({ op: index % 2 === 0 ? "c" : "u", source: { ts_ms: 1 } }),
      headers: errorHeaders({
        topic: index < 30 ? "shop.public.orders" : "shop.public.items",
        offset: from + index,
        stage: "TASK_PUT",
        exception: "org.postgresql.util.PSQLException",
        message: index < 60 ? "value too long for type character varying(3)" : "deadlock detected",
      }),
    })),
  );
}

async function groups() {
  const { rows } = await listGroups(stack.deps, operator, {
    filter: "",
    sort: "table",
    page: 1,
    pageSize: 50,
  });
  return rows.map(({ id, table, cause, message, records, open, keys, status, owner }) => ({
    id,
    table,
    cause: cause.id,
    message,
    records,
    open,
    keys,
    status,
    owner,
  }));
}

/** Counters against the rows themselves. */
async function expectTrueCounters(total: number): Promise<void> {
  const { rows } = await stack.deps.pool.query<{
    id: string;
    records: number;
    open: number;
    rows: number;
    pending: number;
    minutes: number;
  }>(
    `select g.id, g.records::int, g.open::int, count(d.id)::int as rows, count(d.id) filter (where d.status = 'PENDING')::int as pending,
            coalesce((select sum(m.records) from dead_letter_minutes m where m.group_id = g.id), 0)::int as minutes
       from dead_letter_groups g left join dead_letters d on d.group_id = g.id group by g.id`,
  );
  for (const row of rows)
    expect(row).toMatchObject({ records: row.rows, open: row.pending, minutes: row.rows });
  expect(rows.reduce((sum, row) => sum + row.records, 0)).toBe(total);
}

async function save(rule: Rule): Promise<number> {
  const { token } = await previewRule(stack.deps, operator, rule);
  return (await createRule(stack.deps, operator, { rule, enabled: true, previewed: token })).id;
}

const merge: Rule = {
  name: "too long",
  match: { cause: "too-long" },
  action: { do: "merge", name: "Columns too narrow" },
};

test("a rule is saved only after its preview, by those who repair", async () => {
  const preview = await previewRule(stack.deps, operator, merge);

  expect(preview).toMatchObject({
    groups: 2,
    records: 60,
    open: 59,
    samples: [{ records: 30 }, { records: 30 }],
  });
  expect(preview.notes[0]).toContain("2 groups would become one");
  await expect(
    createRule(stack.deps, an("viewer"), { rule: merge, enabled: true, previewed: preview.token }),
  ).rejects.toMatchObject({ code: "forbidden" });
  const other = { ...merge, match: { table: "orders" } };
  await expect(
    createRule(stack.deps, operator, { rule: other, enabled: true, previewed: preview.token }),
  ).rejects.toMatchObject({ code: "precondition_failed" });
});

test("merged groups add up, old links lead on, later records follow, and off puts all back", async () => {
  const before = await groups();
  const id = await save(merge);

  expect(await applyRules(stack.deps)).toBe(60);

  const merged = (await groups()).find((group) => group.message === "Columns too narrow");
  expect(merged).toMatchObject({ records: 60, open: 59, cause: "too-long", table: "" });
  expect(Math.abs((merged?.keys ?? 0) - 60)).toBeLessThan(4);
  await expectTrueCounters(90);
  const old = before.find((group) => group.cause === "too-long");
  expect(await describeGroup(stack.deps, operator, { id: old?.id ?? 0 })).toMatchObject({
    movedTo: [merged?.id],
  });
  expect(await describeGroup(stack.deps, operator, { id: merged?.id ?? 0 })).toMatchObject({
    rule: { id, name: "too long", action: "merge" },
  });
  expect(await applyRules(stack.deps)).toBe(0);
  await produce(1_000);
  await indexTopic(stack, kafka, topic, 180);
  expect(await applyRules(stack.deps)).toBe(60);
  expect((await groups()).find(({ message }) => message === "Columns too narrow")?.records).toBe(120);
  await expectTrueCounters(180);

  await enableRule(stack.deps, operator, { id, enabled: false });
  expect(await applyRules(stack.deps)).toBe(120);

  const after = await groups();
  expect(after.map(({ id: group, records }) => [group, records]).sort()).toEqual(
    before.map(({ id: group, records }) => [group, records * 2]).sort(),
  );
  await expectTrueCounters(180);
  expect(await describeGroup(stack.deps, operator, { id: old?.id ?? 0 })).toMatchObject({ movedTo: [] });
  await deleteRule(stack.deps, operator, { id });
});

test("a split divides as its preview said, a new version divides anew", async () => {
  const split: Rule = { name: "by change", match: { table: "orders" }, action: { do: "split", by: "op" } };
  const preview = await previewRule(stack.deps, operator, split);
  expect(preview.parts.map(({ value, records }) => [value, records])).toEqual([
    ["c", 30],
    ["u", 30],
  ]);
  const id = await save(split);

  await applyRules(stack.deps);

  const parts = (await groups()).filter(({ table }) => table === "public.orders");
  expect(parts.map(({ records }) => records)).toEqual([30, 30]);
  expect(parts.map(({ message }) => message).sort()[0]).toContain("(op: c)");
  await expectTrueCounters(180);

  const next: Rule = { ...split, action: { do: "split", by: "topic" } };
  const { token } = await previewRule(stack.deps, operator, next);
  await updateRule(stack.deps, operator, { id, version: 1, rule: next, previewed: token });
  await expect(
    updateRule(stack.deps, operator, { id, version: 1, rule: next, previewed: token }),
  ).rejects.toMatchObject({ code: "conflict" });
  await applyRules(stack.deps);
  await applyRules(stack.deps);
  expect((await groups()).filter(({ table }) => table === "public.orders")).toMatchObject([
    { records: 60, message: expect.stringContaining("(topic: shop.public.orders)") },
  ]);
  await expectTrueCounters(180);
  await deleteRule(stack.deps, operator, { id });
  await applyRules(stack.deps);
  expect(
    (await listRuleVersions(stack.deps, operator, { id })).map(({ version, deleted }) => [version, deleted]),
  ).toEqual([
    [3, true],
    [2, false],
    [1, false],
  ]);
});

test("mute, assign and suggest act once, and a person has the last word", async () => {
  const match = { cause: "conflict" };
  await save({ name: "mute", match, action: { do: "mute", untilTimes: 2 } });
  await save({ name: "assign", match, action: { do: "assign", owner: "team-orders" } });
  await save({ name: "suggest", match, action: { do: "suggest", text: "Ask the team of the nightly job" } });

  expect(await applyRules(stack.deps)).toBe(3);

  const group = (await groups()).find(({ cause }) => cause === "conflict");
  expect(group).toMatchObject({ status: "muted", owner: "team-orders" });
  expect(await describeGroup(stack.deps, operator, { id: group?.id ?? 0 })).toMatchObject({
    suggestion: "Ask the team of the nightly job",
  });
  await unmuteGroup(stack.deps, operator, { id: group?.id ?? 0 });
  expect(await applyRules(stack.deps)).toBe(0);
  expect((await groups()).find(({ cause }) => cause === "conflict")?.status).toBe("open");
  expect(await listRules(stack.deps, operator)).toMatchObject([
    { rule: { name: "mute" }, groups: 1, lastOutcome: "Muted" },
    { rule: { name: "assign" }, groups: 1 },
    { rule: { name: "suggest" }, groups: 1 },
  ]);
  const entries = await stack.deps.db.select().from(auditEntries).orderBy(auditEntries.seq);
  expect(
    entries
      .filter(({ action }) => action.startsWith("dead-letter-rule."))
      .map(({ action }) => action.slice(17)),
  ).toEqual(["create", "disable", "delete", "create", "update", "delete", "create", "create", "create"]);
});

test("a rule that sends by itself needs the right to approve", async () => {
  const rule: Rule = {
    name: "again",
    match: { cause: "conflict" },
    action: { do: "replay", atMost: 50, quietMinutes: 5 },
  };
  const preview = await previewRule(stack.deps, operator, rule);

  expect(preview.notes[0]).toContain("up to 50 records of 1 groups");
  await expect(
    createRule(stack.deps, operator, { rule, enabled: true, previewed: preview.token }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await createRule(stack.deps, an("engineer"), { rule, enabled: true, previewed: preview.token });
});

test("rules, the indexer and people at once: nobody waits for ever, and every counter is true", async () => {
  const { deps } = stack;
  const { rows } = await deps.pool.query<{ id: number }>(
    "select id from dead_letter_rules where deleted_at is null",
  );
  for (const { id } of rows) await deleteRule(deps, an("engineer"), { id });
  await applyRules(deps);
  const rule: Rule = {
    name: "all",
    match: { connector: "warehouse" },
    action: { do: "merge", name: "All of it" },
  };
  const { token } = await previewRule(deps, operator, rule);
  const { id } = await createRule(deps, operator, { rule, enabled: true, previewed: token });
  let going = true;
  const during = async (act: (round: number) => Promise<unknown>) => {
    for (let round = 0; going; round += 1) await act(round);
  };
  const settling = during((round) => {
    const input = { selection: { filter: `offset:>=${(round * 7) % 90}` }, reason: "at once" };
    return (round % 2 === 0 ? ignoreRecords : reopenRecords)(deps, operator, input).catch(
      (error: unknown) => {
        // Nothing to settle is an answer; a deadlock is not.
        if (!(error instanceof AppError && error.code === "conflict")) throw error;
      },
    );
  });
  const ruling = during(async (round) => {
    await applyRules(deps);
    await enableRule(deps, operator, { id, enabled: round % 2 === 1 });
  });
  const total = 180 + 8 * 90;
  const indexing = (async () => {
    for (let round = 0; round < 8; round += 1) {
      await produce(10_000 + round * 90);
      await indexTopic(stack, kafka, topic, 270 + round * 90);
    }
    going = false;
  })();

  await Promise.all([settling, ruling, indexing]);

  await expectTrueCounters(total);
  await enableRule(deps, operator, { id, enabled: false });
  await applyRules(deps);
  await expectTrueCounters(total);
  expect((await groups()).some(({ message }) => message === "All of it")).toBe(false);
});
