import { randomUUID } from "node:crypto";
import pRetry from "p-retry";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { runPlan } from "#server/connectors/testing/lab-pipeline.ts";
import { an, uniqueName } from "#server/testing/stack.ts";
import { expireEdits } from "./expire-edits.ts";
import { createLetterSource } from "./letter-source.ts";
import { createNewerKeys } from "./newer-keys.ts";
import { proposeReplay } from "./propose-replay.ts";
import { findStored, readRaw } from "./raw-record.ts";
import { type LettersLab, startLettersLab } from "./testing/letters-lab.ts";

let lab: LettersLab;
const operator = an("operator", "olga");
const away = { code: "upstream_unavailable", retryable: true };

beforeAll(async () => {
  lab = await startLettersLab();
});
afterAll(() => lab?.stop());

const propose = (filter: string) =>
  proposeReplay(lab.stack.deps, operator, { cluster: "lab", selection: { filter }, alsoSend: [], canary: 0 });

/** As retention does. kafkajs knows the leader of a new topic only after a while. */
const removeBefore = (topic: string, offset: number) =>
  pRetry(
    () =>
      lab.kafka.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] }),
    { retries: 10, minTimeout: 100, factor: 1 },
  );

const sendingOf = (replayId: string, position: number) => ({
  key: `k${position}`,
  value: `v${position}`,
  headers: { [REPLAY_HEADERS.id]: replayId, [REPLAY_HEADERS.position]: String(position) },
});

test("retention took events that came after the plan was made: what they might have replaced is not sent", async () => {
  const { original, filter, done } = await lab.letters(2);
  const { planId, replayId } = await propose(filter);
  await lab.kafka.produce(original, [{ key: "k0", value: "newer" }]);
  await removeBefore(original, 3);

  const run = await runPlan(lab.stack.deps, operator, planId);
  done();

  expect(run.end, run.message).toBe("succeeded");
  expect(await lab.replayed(original)).toEqual([]);
  const { rows } = await lab.stack.deps.pool.query(
    "select distinct state, message from dead_letter_replay_items where replay_id = $1",
    [replayId],
  );
  expect(rows).toEqual([{ state: "skipped", message: expect.stringContaining("cannot be told") }]);
});

test("a topic that cannot be found is asked for again: it is not taken for one without newer events", async () => {
  const missing = `${uniqueName("rc-missing")}/0`;
  const keys = createNewerKeys(lab.reader, "lab", { [missing]: 5 }, randomUUID());
  await expect(keys.readOn([missing])).rejects.toMatchObject(away);
});

test("after a crash a batch is looked for from where its topic ended before it, whatever retention has taken since", async () => {
  const { original, filter, done } = await lab.letters(2);
  const keys = createNewerKeys(lab.reader, "lab", {}, randomUUID());
  expect(await keys.startsOf([`${original}/0`])).toEqual({ [`${original}/0`]: 2 });

  const { planId, replayId } = await propose(filter);
  await lab.kafka.produce(original, [sendingOf(replayId, 0)]);
  await removeBefore(original, 2);
  await lab.stack.deps.pool.query(
    "update dead_letter_replays set sending_from = 0, sending_to = 1, sending_starts = $2 where id = $1",
    [replayId, JSON.stringify({ [`${original}/0`]: 0 })],
  );

  const run = await runPlan(lab.stack.deps, operator, planId);
  done();

  expect(run.end, run.message).toBe("succeeded");
  expect((await lab.replayed(original)).map(({ position }) => position)).toEqual([0, 1]);
});

test("after a crash nothing is sent before every topic of the last batch was read back", async () => {
  const { original, filter, done } = await lab.letters(2);
  const { pool } = lab.stack.deps;
  const { planId, replayId } = await propose(filter);
  const late = uniqueName("rc-late");
  await pool.query(
    "update dead_letter_replays set sending_from = 0, sending_to = 1, sending_starts = $2 where id = $1",
    [replayId, JSON.stringify({ [`${late}/0`]: 0 })],
  );
  const asked = vi.spyOn(pool, "query");
  const looks = () =>
    asked.mock.calls.filter(([text]) => String(text).startsWith("select sending_from, sending_to")).length;

  const run = runPlan(lab.stack.deps, operator, planId);
  await vi.waitFor(() => expect(looks()).toBeGreaterThan(1), { timeout: 15_000, interval: 20 });
  asked.mockRestore();
  await lab.kafka.createTopic(late);
  await lab.kafka.produce(late, [sendingOf(replayId, 0)]);

  expect((await run).end).toBe("succeeded");
  done();
  expect((await lab.replayed(original)).map(({ position }) => position)).toEqual([1]);
});

test("only what retention has taken is gone: what cannot be read now is asked for again", async () => {
  const { dlq, list, done } = await lab.letters(2);
  done();
  const { deps } = lab.stack;
  await removeBefore(dlq, 1);
  const source = createLetterSource(lab.reader, "lab");
  expect(await source.read({ topic: dlq, partition: 0, offset: 0 })).toBeUndefined();
  expect((await source.read({ topic: dlq, partition: 0, offset: 1 }))?.offset).toBe(1);
  await expect(source.read({ topic: uniqueName("dlq-gone"), partition: 0, offset: 0 })).rejects.toMatchObject(
    away,
  );

  const [first] = (await list()).rows;
  const row = await findStored(deps, first?.id ?? 0);
  expect(await readRaw(deps, { ...row, offset: "0" })).toBeUndefined();
  expect(await readRaw(deps, { ...row, offset: "1" })).toMatchObject({ from: "kafka" });
  await expect(readRaw(deps, { ...row, topic: uniqueName("dlq-gone") })).rejects.toMatchObject(away);
  await deps.pool.query("update dead_letter_topics set gone_at = now() where topic = $1", [dlq]);
  expect(await readRaw(deps, { ...row, topic: uniqueName("dlq-gone") })).toBeUndefined();
});

test("values written by hand go with the plan that was to send them, failed ones after some days", async () => {
  const { filter, done } = await lab.letters(1);
  done();
  const { pool, now } = lab.stack.deps;
  const { planId, replayId } = await propose(filter);
  const write = () =>
    pool.query(
      "insert into dead_letter_edits (replay_id, position, value, created_at) values ($1, 0, 'secret', now()) on conflict do nothing",
      [replayId],
    );
  const plan = async (status: string) => {
    await write();
    await pool.query("update plans set status = $2 where id = $1", [planId, status]);
  };
  const expire = (days = 0) =>
    expireEdits({ pool, now: () => new Date(now().getTime() + days * 24 * 3_600_000) });

  for (const status of ["proposed", "approved", "running"]) {
    await plan(status);
    expect(await expire(30)).toBe(0);
  }
  for (const status of ["discarded", "expired", "aborted", "done"]) {
    await plan(status);
    expect(await expire()).toBe(1);
  }
  await pool.query(
    `insert into runs (id, plan_id, state, queued_at, not_before, ended_at, started_by, confirmation, audit_act_id)
     values ($1, $2, 'failed', now(), now(), now(), '{}', '{}', $3)`,
    [randomUUID(), planId, randomUUID()],
  );
  await plan("failed");
  expect(await expire(1)).toBe(0);
  expect(await expire(8)).toBe(1);
  await write();
  await pool.query("update dead_letter_replays set plan_id = null where id = $1", [replayId]);
  expect(await expire()).toBe(0);
  expect(await expire(1)).toBe(1);
});

test("what a sink was like when it was sent to is kept when the step is done again", async () => {
  const { connector, filter, done } = await lab.letters(1);
  const { pool } = lab.stack.deps;
  const { planId, replayId } = await propose(filter);
  await pool.query("update dead_letter_replays set markers = $2 where id = $1", [
    replayId,
    JSON.stringify({ [connector]: "before", another: "too" }),
  ]);

  expect(await runPlan(lab.stack.deps, operator, planId)).toMatchObject({ end: "succeeded" });
  done();

  const { rows } = await pool.query(
    `select r.markers, a.marker from dead_letter_replays r join dead_letter_attempts a on a.run_id = r.id where r.id = $1`,
    [replayId],
  );
  expect(rows).toEqual([{ markers: { [connector]: "before", another: "too" }, marker: "before" }]);
});
