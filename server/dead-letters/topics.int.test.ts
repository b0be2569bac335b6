import { afterAll, beforeAll, expect, test } from "vitest";
import { auditEntries } from "#db/schema/audit.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { addTopic, excludeTopic, setCopyPolicy } from "./change-topic.ts";
import { expireCopies, refreshRetention } from "./expire-copies.ts";
import { findTopics } from "./find-topics.ts";
import { getRecord, revealRecord } from "./get-record.ts";
import { listRecords } from "./list-records.ts";
import { listTopics } from "./list-topics.ts";

let stack: Stack;
let kafka: TestKafka;
const topic = uniqueName("failures");
const operator = an("operator", "olga");
const engineer = an("engineer", "ada");

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  await kafka.createTopic(topic, 1, { "retention.ms": "86400000" });
});

afterAll(async () => {
  await kafka.stop();
  await stack.stop();
});

const letters = (count: number) =>
  Array.from({ length: count }, (_item, index) => ({
    key: `k${index}`,
    value: `v${index}`,
    headers: errorHeaders(),
  }));

async function topicRow() {
  const found = (await listTopics(stack.deps, operator)).find((row) => row.topic === topic);
  if (!found) throw new Error("the topic is not listed");
  return found;
}

test("a topic added by hand is listed with how far it is indexed", async () => {
  await expect(addTopic(stack.deps, an("viewer"), { cluster: "lab", topic })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(
    addTopic(stack.deps, operator, { cluster: "lab", topic: "no-such-topic" }),
  ).rejects.toMatchObject({ code: "not_found" });
  await expect(
    addTopic(stack.deps, operator, { cluster: "lab", topic: "__consumer_offsets" }),
  ).rejects.toMatchObject({ code: "invalid" });

  await addTopic(stack.deps, operator, { cluster: "lab", topic });

  expect(await topicRow()).toMatchObject({
    foundBy: "hand",
    addedBy: "olga",
    state: "waiting",
    retentionMs: 86_400_000,
    sinks: [],
  });
  await expect(addTopic(stack.deps, operator, { cluster: "lab", topic })).rejects.toMatchObject({
    code: "conflict",
  });
  await kafka.produce(topic, letters(5));
  await indexTopic(stack, kafka, topic, 5);
  expect(await topicRow()).toMatchObject({ state: "indexed", lag: 0, lost: 0, isFresh: true });
  await kafka.produce(topic, letters(2));
  expect(await topicRow()).toMatchObject({ state: "behind", lag: 2, partitions: [{ indexedTo: 5, end: 7 }] });
});

test("with a copy policy the bytes outlive the topic, and go when their time has come", async () => {
  const { deps } = stack;
  const { id } = await topicRow();
  await expect(setCopyPolicy(deps, operator, { id, copyDays: 7 })).rejects.toMatchObject({
    code: "forbidden",
  });
  await setCopyPolicy(deps, engineer, { id, copyDays: 7 });
  await indexTopic(stack, kafka, topic, 7);
  const page = await listRecords(deps, operator, { filter: "", sort: "", page: 1, pageSize: 10 });
  const [newest] = page.rows;
  if (!newest) throw new Error("no record");
  expect(newest.expiresAt?.getTime()).toBe(newest.recordedAt.getTime() + 86_400_000);
  const shown = await getRecord(deps, operator, newest);
  expect(shown).toMatchObject({ copyDays: 7, isGoneFromKafka: false });
  expect(shown.copyUntil?.getTime()).toBeGreaterThan(Date.now() + 7.9 * 86_400_000);
  const oldest = await getRecord(deps, operator, { id: page.rows.at(-1)?.id ?? 0 });
  expect(oldest.copyUntil).toBeNull();

  await kafka.admin.fetchTopicOffsets(topic);
  await kafka.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "7" }] });
  expect(await revealRecord(deps, engineer, newest)).toMatchObject({ from: "copy", value: { value: "v1" } });
  expect(await expireCopies({ ...deps, now: () => new Date(Date.now() + 9 * 86_400_000) })).toBe(2);
  expect((await getRecord(deps, operator, newest)).copyUntil).toBeNull();
});

test("a changed retention is followed", async () => {
  await kafka.admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: 2, name: topic, configEntries: [{ name: "retention.ms", value: "172800000" }] }],
  });

  await expect
    .poll(async () => {
      await refreshRetention(stack.deps);
      return (await topicRow()).retentionMs;
    })
    .toBe(172_800_000);
});

test("an excluded topic is not found again by itself, and can be added again; every step is in the trail", async () => {
  const { deps } = stack;
  const { id } = await topicRow();

  await excludeTopic(deps, operator, { id, reason: "an ordinary topic" });

  expect(await topicRow()).toMatchObject({
    state: "excluded",
    problem: expect.stringContaining("an ordinary topic"),
  });
  await findTopics(deps, "lab");
  expect((await topicRow()).state).toBe("excluded");
  await addTopic(deps, operator, { cluster: "lab", topic });
  expect((await topicRow()).state).not.toBe("excluded");
  const entries = await deps.db.select().from(auditEntries).orderBy(auditEntries.seq);
  expect(
    entries.filter((entry) => entry.action.startsWith("dead-letter-topic.")).map((entry) => entry.action),
  ).toEqual([
    "dead-letter-topic.add",
    "dead-letter-topic.copy-policy",
    "dead-letter-topic.exclude",
    "dead-letter-topic.add",
  ]);
});

test("a topic that is deleted is gone, and found again when it is back", async () => {
  const { deps } = stack;
  await kafka.deleteTopic(topic);
  await expect.poll(() => kafka.admin.listTopics()).not.toContain(topic);
  await deps.pool.query(
    "update dead_letter_topics set gone_at = now(), problem = 'Kafka no longer has this topic' where topic = $1",
    [topic],
  );
  expect((await topicRow()).state).toBe("gone");
  await kafka.createTopic(topic);

  await expect
    .poll(async () => {
      await findTopics(deps, "lab");
      return (await topicRow()).state;
    })
    .not.toBe("gone");
});
