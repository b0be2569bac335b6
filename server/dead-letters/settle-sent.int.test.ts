import { randomUUID } from "node:crypto";
import pino from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { abortRun } from "#server/plans/abort-run.ts";
import { executeRun, RUN_TIMING } from "#server/plans/execute-run.ts";
import { resumeRun } from "#server/plans/resume-run.ts";
import { startRun } from "#server/plans/start-run.ts";
import { errorHeaders } from "#server/testing/dead-letters.ts";
import { an, uniqueName } from "#server/testing/stack.ts";
import { getReplay } from "./change-replay.ts";
import { findSinksNow } from "./find-sinks-now.ts";
import { proposeReplay } from "./propose-replay.ts";
import { reopenRecords } from "./settle-records.ts";
import { createSentSettler } from "./settle-sent.ts";
import { type LettersLab, startLettersLab } from "./testing/letters-lab.ts";
import { storeSink } from "./testing/observed-sink.ts";

let lab: LettersLab;
const operator = an("operator", "olga");

beforeAll(async () => {
  lab = await startLettersLab();
});
afterAll(() => lab?.stop());

const round = (deps = lab.stack.deps) => createSentSettler().round(deps, new AbortController().signal);

/** Commits are read as ever; topics cannot be. */
function unreadable() {
  const { deps } = lab.stack;
  const kafka = { brokers: ["127.0.0.1:1"], tls: false };
  return { ...deps, cluster: (name: string) => ({ ...deps.cluster(name), kafka }) };
}

async function begin(planId: string, typedCount: number) {
  const confirmation = { reason: "test", typedCount };
  const { runId } = await startRun(lab.stack.deps, operator, { planId, confirmation });
  return { runId, end: execute(runId) };
}

function execute(runId: string) {
  const timing = { ...RUN_TIMING, lease: { ttlMs: 12_000, renewMs: 200 } };
  return executeRun(lab.stack.deps, runId, {
    worker: "test",
    stopping: new AbortController().signal,
    timing,
  });
}

async function states(replayId: string): Promise<Record<string, number>> {
  const { counts } = await getReplay(lab.stack.deps, operator, { id: replayId });
  return Object.fromEntries(counts.map(({ state, n }) => [state, n]));
}

/** A replay that is aborted in the middle while its sink takes nothing. */
async function aborted(count: number, keyOf?: (index: number) => string) {
  const letters = await lab.letters(count, keyOf ? { keyOf } : {});
  letters.done();
  const { deps } = lab.stack;
  const propose = () =>
    proposeReplay(deps, operator, {
      cluster: "lab",
      selection: { filter: letters.filter },
      alsoSend: [],
      canary: 0,
    });
  const { planId, replayId, counts } = await proposeReplay(deps, operator, {
    cluster: "lab",
    selection: { filter: letters.filter },
    alsoSend: [],
    canary: 0,
    ratePerSecond: 50,
  });
  const { runId, end } = await begin(planId, counts.sent);
  await vi.waitFor(async () => expect((await states(replayId)).sent).toBeGreaterThan(0), {
    timeout: 20_000,
    interval: 20,
  });
  await abortRun(deps, operator, { id: runId });
  expect(await end).toBe("aborted");
  const { sent = 0, waiting = 0 } = await states(replayId);
  return { ...letters, propose, planId, replayId, runId, sent, waiting };
}

test("what an aborted replay had sent is settled once the sink gets to it, and the rest by the next replay, each record sent once", async () => {
  const count = 60;
  const first = await aborted(count);
  expect(first.sent + first.waiting).toBe(count);
  expect(first.waiting).toBeGreaterThan(0);
  expect(await round()).toBe(0);

  const second = await first.propose();
  expect(second.counts).toMatchObject({
    blocked: first.sent,
    safe: first.waiting,
    superseded: 0,
    sent: first.waiting,
  });
  const { end } = await begin(second.planId, second.counts.sent);
  const stop = first.keepCommitting();
  expect(await end).toBe("succeeded");
  stop();
  expect(await round(unreadable())).toBe(0);
  expect((await states(first.replayId)).sent).toBe(first.sent);
  const { pool } = lab.stack.deps;
  await pool.query("alter table run_items add constraint nothing_goes check (false) not valid");
  expect(await round()).toBe(0);
  await pool.query("alter table run_items drop constraint nothing_goes");
  expect(await round()).toBe(first.sent);
  expect(await round()).toBe(0);
  const { rows: audited } = await lab.stack.deps.pool.query(
    "select actor_id, via, subject, outcome, detail from audit_entries where action = 'dead-letter.settle-sent'",
  );
  expect(audited).toEqual([
    {
      actor_id: operator.id,
      via: "worker",
      subject: { cluster: "lab", replay: first.replayId, run: first.runId },
      outcome: "succeeded",
      detail: { records: first.sent },
    },
  ]);

  const { rows } = await lab.stack.deps.pool.query(
    "select status, attempts, count(*)::int as n from dead_letters where original_topic = $1 group by 1, 2",
    [first.original],
  );
  expect(rows).toEqual([{ status: "RESOLVED", attempts: 1, n: count }]);
  const keys = (await lab.replayed(first.original)).map(({ key }) => key);
  expect([keys.length, new Set(keys).size]).toEqual([count, count]);
  const { rows: told } = await lab.stack.deps.pool.query(
    "select state, step_position, count(*)::int as n from run_items where run_id = $1 group by 1, 2",
    [first.runId],
  );
  expect(told).toEqual([{ state: "succeeded", step_position: 0, n: first.sent }]);
});

test("aborted after its worker died in the middle of a batch: what arrived is found and settled, what did not stays open", async () => {
  const { deps } = lab.stack;
  const { original, filter, connector, dlq, list, commit, done } = await lab.letters(4);
  done();
  const { planId, replayId } = await proposeReplay(deps, operator, {
    cluster: "lab",
    selection: { filter },
    alsoSend: [],
    canary: 0,
  });
  const { runId } = await startRun(deps, operator, {
    planId,
    confirmation: { reason: "test", typedCount: 4 },
  });
  await deps.pool.query(
    "update dead_letter_replays set run_id = $2, sending_from = 0, sending_to = 3, sending_starts = $3 where id = $1",
    [replayId, runId, JSON.stringify({ [`${original}/0`]: 4 })],
  );
  const headers = (position: number) => ({
    [REPLAY_HEADERS.id]: replayId,
    [REPLAY_HEADERS.position]: String(position),
  });
  await lab.kafka.produce(
    original,
    [1, 2].map((position) => ({ key: `k${position}`, value: `v${position}`, headers: headers(position) })),
  );
  await lab.kafka.produce(dlq, [
    {
      key: "k2",
      value: "v2",
      headers: { ...headers(2), ...errorHeaders({ topic: original, offset: 5, connector }) },
    },
  ]);
  await abortRun(deps, operator, { id: runId });
  await commit();

  expect(await round()).toBe(1);

  const rows = (await list()).rows.map((row) => [row.originalOffset, row.status, row.attempts]);
  expect(rows.sort()).toEqual([
    [0, "PENDING", 0],
    [1, "RESOLVED", 1],
    [2, "PENDING", 1],
    [3, "PENDING", 0],
  ]);
  expect(await states(replayId)).toEqual({ waiting: 2, delivered: 1, failed: 1 });
});

test("failed in the middle of a batch: what arrived is settled, and resuming it sends only the rest", async () => {
  const { deps } = lab.stack;
  const { original, filter, list, commit, keepCommitting, done } = await lab.letters(4);
  done();
  const { planId, replayId } = await proposeReplay(deps, operator, {
    cluster: "lab",
    selection: { filter },
    alsoSend: [],
    canary: 0,
  });
  const { runId } = await startRun(deps, operator, {
    planId,
    confirmation: { reason: "test", typedCount: 4 },
  });
  await deps.pool.query(
    "update dead_letter_replays set run_id = $2, sending_from = 0, sending_to = 3, sending_starts = $3 where id = $1",
    [replayId, runId, JSON.stringify({ [`${original}/0`]: 4 })],
  );
  await lab.kafka.produce(
    original,
    [1, 2].map((position) => ({
      key: `k${position}`,
      value: `v${position}`,
      headers: { [REPLAY_HEADERS.id]: replayId, [REPLAY_HEADERS.position]: String(position) },
    })),
  );
  await deps.pool.query(
    "update runs set state = 'failed', ended_at = now() - interval '2 days' where id = $1",
    [runId],
  );
  await commit();

  expect(await round()).toBe(2);
  expect(await states(replayId)).toEqual({ waiting: 2, delivered: 2 });
  const { rows } = await deps.pool.query(
    "select sending_from, sending_to, sending_starts from dead_letter_replays where id = $1",
    [replayId],
  );
  expect(rows).toEqual([{ sending_from: null, sending_to: null, sending_starts: null }]);

  await resumeRun(deps, operator, { id: runId });
  const stop = keepCommitting();
  expect(await execute(runId)).toBe("succeeded");
  stop();
  expect((await lab.replayed(original)).map(({ key }) => key).sort()).toEqual(["k0", "k1", "k2", "k3"]);
  expect((await list()).rows.map((row) => row.status)).toEqual(Array(4).fill("RESOLVED"));
});

test("a replay that cannot be settled is told of once and holds up no other; one that ended long ago is looked at less often", async () => {
  const { pool } = lab.stack.deps;
  const { planId, runId, replayId, sent, commit } = await aborted(20);
  const broken = { plan: randomUUID(), run: randomUUID(), replay: "00000000-0000-4000-8000-000000000000" };
  const copy = (table: string, column: string, value: string, over: object) =>
    pool.query(
      `insert into ${table} select (jsonb_populate_record(row, $2)).* from ${table} row where row.${column} = $1`,
      [value, over],
    );
  await copy("plans", "id", planId, { id: broken.plan, frozen: { steps: [{ input: {} }] } });
  await copy("runs", "id", runId, { id: broken.run, plan_id: broken.plan });
  const replay = { id: broken.replay, run_id: broken.run, plan_id: broken.plan };
  await copy("dead_letter_replays", "id", replayId, replay);
  await copy("dead_letter_replay_items", "replay_id", replayId, { replay_id: broken.replay });
  const told: string[] = [];
  const log = pino(
    { level: "warn" },
    { write: (line: string) => told.push((JSON.parse(line) as { replay: string }).replay) },
  );
  const settler = createSentSettler();
  const look = () => settler.round({ ...lab.stack.deps, log }, new AbortController().signal);
  await pool.query("update runs set ended_at = now() - interval '1 hour' where id = $1", [runId]);
  expect(await look()).toBe(0);
  await commit();
  expect(await look()).toBe(0);
  await pool.query("update runs set ended_at = now() where id = $1", [runId]);
  expect(await look()).toBe(sent);
  expect(told).toEqual([broken.replay]);
  await pool.query("delete from dead_letter_replay_items where replay_id = $1", [broken.replay]);
});

test("an event that was sent again counts as the older one it is: it overtakes older events, neither itself nor a newer failed one", async () => {
  const { deps } = lab.stack;
  const { original, filter, connector, dlq, list, done } = await lab.letters(2, { keyOf: () => "row" });
  const propose = () =>
    proposeReplay(deps, operator, { cluster: "lab", selection: { filter }, alsoSend: [], canary: 0 });
  const first = await propose();
  expect(first.counts).toMatchObject({ chained: 2, sent: 2 });
  const { end } = await begin(first.planId, 2);
  await vi.waitFor(async () => expect(await lab.replayed(original)).toHaveLength(2), {
    timeout: 30_000,
    interval: 50,
  });
  await lab.kafka.produce(dlq, [
    {
      key: "row",
      value: "v1",
      headers: {
        [REPLAY_HEADERS.id]: first.replayId,
        [REPLAY_HEADERS.position]: "1",
        ...errorHeaders({ topic: original, offset: 3, connector, message: "another reason" }),
      },
    },
  ]);
  await end;
  await vi.waitFor(async () =>
    expect((await list()).rows.map((row) => [row.originalOffset, row.status, row.attempts]).sort()).toEqual([
      [0, "RESOLVED", 1],
      [1, "PENDING", 1],
    ]),
  );

  const second = await propose();
  expect(second.counts).toMatchObject({ safe: 1, superseded: 0, sent: 1 });
  expect(await (await begin(second.planId, 1)).end).toBe("succeeded");
  const ids = (await list()).rows.map((row) => row.id);
  await reopenRecords(deps, operator, { selection: { ids }, reason: "the target lost the row" });
  const third = await propose();
  done();

  expect(third.counts).toMatchObject({ chained: 1, superseded: 1, sent: 1 });
});

test("a sink that was renamed: the one that took over its topic confirms what is replayed", async () => {
  const { deps } = lab.stack;
  const { original, connector, filter, list, keepCommitting, done } = await lab.letters(3);
  done();
  const renamed = uniqueName("rc-renamed");
  await storeSink(deps, connector, original, { removedAt: deps.now() });
  await storeSink(deps, renamed, original);
  const stop = keepCommitting(renamed);
  const { planId } = await proposeReplay(deps, operator, {
    cluster: "lab",
    selection: { filter },
    alsoSend: [],
    canary: 0,
  });

  expect(await (await begin(planId, 3)).end).toBe("succeeded");
  stop();

  expect((await list()).rows.map((row) => row.status)).toEqual(Array(3).fill("RESOLVED"));
});

test("a sink that is gone has a successor only where exactly one writes its topic to the same target", async () => {
  const { deps } = lab.stack;
  const [topic, gone, first, second] = [
    uniqueName("rc-topic"),
    uniqueName("rc-gone"),
    uniqueName("rc-a"),
    uniqueName("rc-b"),
  ];
  await storeSink(deps, gone, topic, { removedAt: deps.now() });
  await storeSink(deps, uniqueName("rc-0-gone"), topic, { removedAt: deps.now() });
  await storeSink(deps, uniqueName("rc-elsewhere"), topic, { database: "archive" });
  expect((await findSinksNow(deps, "lab"))(gone, topic)).toBe(gone);

  await storeSink(deps, first, topic);
  expect((await findSinksNow(deps, "lab"))(gone, topic)).toBe(first);

  await storeSink(deps, second, topic);
  expect((await findSinksNow(deps, "lab"))(gone, topic)).toBe(gone);
});
