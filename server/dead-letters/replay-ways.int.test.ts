import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { runPlan } from "#server/connectors/testing/lab-pipeline.ts";
import { approvePlan } from "#server/plans/approve-plan.ts";
import { executeRun, RUN_TIMING } from "#server/plans/execute-run.ts";
import { startRun } from "#server/plans/start-run.ts";
import { errorHeaders } from "#server/testing/dead-letters.ts";
import { an, FULL_SIZE, uniqueName } from "#server/testing/stack.ts";
import { getReplay } from "./change-replay.ts";
import { proposeEditReplay, revealEdit } from "./propose-edit-replay.ts";
import { proposeReplay } from "./propose-replay.ts";
import { type LettersLab, startLettersLab } from "./testing/letters-lab.ts";

let lab: LettersLab;
const operator = an("operator", "olga");
const colleague = an("operator", "otto");
const engineer = an("engineer", "ada");
const admin = an("admin", "ana");

beforeAll(async () => {
  lab = await startLettersLab();
});
afterAll(() => lab?.stop());

test("a worker killed again and again in a replay: no record is lost and none is sent twice", async () => {
  const [count, wanted] = FULL_SIZE ? [200_000, 20] : [4_000, 3];
  const { original, filter, list, done } = await lab.letters(count);
  const { deps, databaseUrl } = lab.stack;
  const { planId, replayId } = await proposeReplay(deps, operator, {
    cluster: "lab",
    selection: { filter },
    alsoSend: [],
    canary: 0,
    // Each worker begins at a twentieth of it: time to be killed in.
    ratePerSecond: 20_000,
  });
  const { runId } = await startRun(deps, operator, {
    planId,
    confirmation: { reason: "test", typedCount: count },
  });
  let kills = 0;
  for (let end = ""; end !== "succeeded"; ) {
    const child = spawn(
      process.execPath,
      [
        "server/dead-letters/testing/replay-child.ts",
        databaseUrl,
        JSON.stringify(deps.config.clusters),
        runId,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const exited = once(child, "exit");
    const before = ((await lab.reader.offsets(original))[0]?.end ?? 0) - count;
    const until = performance.now() + 30_000;
    // Killed some time after it began to send, at another moment each time.
    const killAfter = before + (count / (3 * wanted)) * Math.random();
    const watching = (async () => {
      while (kills < wanted && child.exitCode === null && performance.now() < until) {
        const sent = ((await lab.reader.offsets(original))[0]?.end ?? 0) - count;
        if (sent > killAfter) {
          kills += 1;
          child.kill("SIGKILL");
          return;
        }
      }
    })();
    await Promise.all([exited, watching]);
    end = said.trim();
    if (end !== "" && end !== "succeeded" && end !== "not_claimed" && end !== "given_back")
      throw new Error(`the run ended as ${end}`);
  }
  done();

  expect(kills).toBeGreaterThanOrEqual(FULL_SIZE ? wanted : 2);
  const sent = await lab.replayed(original);
  expect(sent).toHaveLength(count);
  expect(new Set(sent.map(({ position }) => position)).size).toBe(count);
  const { counts } = await getReplay(deps, operator, { id: replayId });
  expect(counts).toEqual([{ state: "delivered", verdict: "safe", n: count }]);
  const { rows } = await deps.pool.query<{ status: string; attempts: number; n: number }>(
    "select status, attempts, count(*)::int as n from dead_letters where original_topic = $1 group by 1, 2",
    [original],
  );
  expect(rows).toEqual([{ status: "RESOLVED", attempts: 1, n: count }]);
  const { rows: items } = await deps.pool.query<{ n: number }>(
    "select count(*)::int as n from run_items where run_id = $1 and state = 'succeeded'",
    [runId],
  );
  expect(items).toEqual([{ n: count }]);
  expect((await list()).total).toBe(count);
}, 1_800_000);

test("to another topic: rows keep their order in a partition, and Kafka's acknowledgement counts", async () => {
  const { original, filter, list, done } = await lab.letters(6, { keyOf: (index) => `row${index % 2}` });
  done();
  const { deps } = lab.stack;
  const other = uniqueName("rc-other");
  const wanted = { cluster: "lab", selection: { filter }, alsoSend: [], canary: 0, targetTopic: other };
  await expect(proposeReplay(deps, operator, wanted)).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining(other),
  });
  await lab.kafka.createTopic(other, 3);

  const { planId } = await proposeReplay(deps, operator, wanted);
  const run = await runPlan(deps, operator, planId);

  expect(run.end, run.message).toBe("succeeded");
  expect(await lab.replayed(original)).toEqual([]);
  const sent = await lab.replayed(other);
  for (const row of ["row0", "row1"])
    expect(sent.filter(({ key }) => key === row).map(({ value }) => value)).toEqual(
      row === "row0" ? ["v0", "v2", "v4"] : ["v1", "v3", "v5"],
    );
  expect((await list()).rows.map((row) => row.status)).toEqual(Array(6).fill("RESOLVED"));
});

test("an edited value needs its schema's consent and a second person; the trail and the plan hold no values", async () => {
  const value = (name: string | number) =>
    JSON.stringify({
      schema: {
        type: "struct",
        fields: [
          { field: "id", type: "int32" },
          { field: "name", type: "string" },
        ],
      },
      payload: { id: 7, name },
    });
  const { original, list, done } = await lab.letters(1, {
    keyOf: () => JSON.stringify({ id: 7 }),
    payloadOf: () => value("secret-old"),
  });
  const { deps } = lab.stack;
  const id = (await list()).rows[0]?.id ?? 0;
  const edit = (changed: { id: number; name: string | number }) =>
    proposeEditReplay(deps, engineer, { cluster: "lab", id, value: changed, reason: "too long" });
  await expect(
    proposeEditReplay(deps, operator, { cluster: "lab", id, value: { id: 7, name: "x" }, reason: "why" }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await expect(edit({ id: 7, name: 5 })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("name must be a text"),
  });
  await expect(edit({ id: 8, name: "x" })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("id is part of the row's key"),
  });
  await expect(edit({ id: 7, name: "secret-old" })).rejects.toMatchObject({ code: "invalid" });

  const { planId, replayId } = await edit({ id: 7, name: "secret-new" });
  const confirmation = { reason: "test", typedCount: 1, typedName: "lab" };
  await expect(startRun(deps, engineer, { planId, confirmation })).rejects.toMatchObject({
    code: "precondition_failed",
  });
  expect(await revealEdit(deps, admin, { id: replayId })).toEqual({
    before: { id: 7, name: "secret-old" },
    after: { id: 7, name: "secret-new" },
  });
  await approvePlan(deps, admin, { id: planId, reason: "looked at it" });
  const { runId } = await startRun(deps, engineer, { planId, confirmation });
  // The minute in which such a run can still be called off.
  await deps.pool.query("update runs set not_before = now() where id = $1", [runId]);
  const end = await executeRun(deps, runId, {
    worker: "test",
    stopping: new AbortController().signal,
    timing: RUN_TIMING,
  });
  done();

  expect(end).toBe("succeeded");
  expect((await lab.replayed(original)).map((sent) => sent.value)).toEqual([value("secret-new")]);
  expect((await list()).rows).toMatchObject([{ status: "RESOLVED", attempts: 1 }]);
  const { rows: kept } = await deps.pool.query("select 1 from dead_letter_edits where replay_id = $1", [
    replayId,
  ]);
  expect(kept).toEqual([]);
  const { rows: told } = await deps.pool.query(
    "select detail::text as text from audit_entries union all select frozen::text from plans",
  );
  expect(JSON.stringify(told)).not.toContain("secret-");
});

test("a record that fails again and again: refused while nothing changed, and for good after five", async () => {
  const { original, dlq, connector, filter, list, done } = await lab.letters(1);
  let column = 10;
  // No sink runs here: what one would answer is said by hand, and changes from attempt to attempt.
  const deps = {
    ...lab.stack.deps,
    connect: (cluster: string) => ({
      ...lab.stack.deps.connect(cluster),
      config: async () => ({ "column.length": String(column) }),
      status: async (name: string) => ({
        name,
        type: "sink" as const,
        connector: { state: "RUNNING" as const, worker_id: "w", version: "1" },
        tasks: [{ id: 0, state: "RUNNING" as const, worker_id: "w", version: "1" }],
      }),
    }),
  };
  const propose = () =>
    proposeReplay(deps, operator, { cluster: "lab", selection: { filter }, alsoSend: [], canary: 0 });
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const { planId, replayId } = await propose();
    const failing = vi
      .waitFor(
        async () => expect((await lab.replayed(original)).map((sent) => sent.replay)).toContain(replayId),
        { timeout: 30_000, interval: 100 },
      )
      .then(async () => {
        const [end] = await lab.reader.offsets(original);
        await lab.kafka.produce(dlq, [
          {
            key: "k0",
            value: "v0",
            headers: {
              [REPLAY_HEADERS.id]: replayId,
              [REPLAY_HEADERS.position]: "0",
              ...errorHeaders({ topic: original, offset: (end?.end ?? 1) - 1, connector }),
            },
          },
        ]);
      });
    const run = await runPlan(deps, operator, planId);
    await failing;
    expect(run.end, run.message).toBe("failed");
    expect((await list()).rows).toMatchObject([{ status: "PENDING", attempts: attempt }]);
    if (attempt === 5) continue;
    await expect(propose()).rejects.toMatchObject({
      code: "precondition_failed",
      message: expect.stringContaining(`Nothing changed since attempt ${attempt}`),
    });
    column += 1;
  }
  done();

  await expect(propose()).rejects.toMatchObject({
    code: "precondition_failed",
    message: expect.stringContaining("failed again in 5 replays"),
  });
  expect((await list()).total).toBe(1);
  expect(await lab.replayed(original)).toHaveLength(5);
}, 180_000);

test("two operators replay overlapping selections: the second waits or is told, and nothing goes twice", async () => {
  const { original, list, done } = await lab.letters(40);
  const { deps } = lab.stack;
  const ids = (await list()).rows.map((row) => row.id);
  const [first, second] = await Promise.all(
    [
      { actor: operator, ids: ids.slice(0, 30) },
      { actor: colleague, ids: ids.slice(10) },
    ].map(({ actor, ids: chosen }) =>
      proposeReplay(deps, actor, { cluster: "lab", selection: { ids: chosen }, alsoSend: [], canary: 0 }),
    ),
  );

  const runs = await Promise.allSettled([
    runPlan(deps, operator, first?.planId ?? ""),
    runPlan(deps, colleague, second?.planId ?? ""),
  ]);
  const refused = runs.findIndex((run) => run.status === "rejected");
  expect(refused).toBeGreaterThanOrEqual(0);
  expect(runs[refused]).toMatchObject({ reason: { code: "conflict" } });
  const again = await runPlan(
    deps,
    refused === 0 ? operator : colleague,
    (refused === 0 ? first : second)?.planId ?? "",
  );
  done();

  expect(again.end, again.message).toBe("succeeded");
  const keys = (await lab.replayed(original)).map((sent) => sent.key);
  expect(keys).toHaveLength(40);
  expect(new Set(keys).size).toBe(40);
  expect((await list()).rows.every((row) => row.status === "RESOLVED" && row.attempts === 1)).toBe(true);
});
