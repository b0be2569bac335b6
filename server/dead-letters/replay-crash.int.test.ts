import { afterAll, beforeAll, expect, test } from "vitest";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { runPlan } from "#server/connectors/testing/lab-pipeline.ts";
import { errorHeaders } from "#server/testing/dead-letters.ts";
import { an } from "#server/testing/stack.ts";
import { changeReplay } from "./change-replay.ts";
import { proposeReplay } from "./propose-replay.ts";
import { resolveRecords } from "./settle-records.ts";
import { type LettersLab, startLettersLab } from "./testing/letters-lab.ts";

let lab: LettersLab;
const operator = an("operator", "olga");

beforeAll(async () => {
  lab = await startLettersLab();
});
afterAll(() => lab?.stop());

test("a worker that died between sending and noting it: what arrived is not sent twice, what did not is sent", async () => {
  const { original, connector, list, done } = await lab.letters(6);
  const { planId, replayId } = await proposeReplay(lab.stack.deps, operator, {
    cluster: "lab",
    selection: { filter: `connector:${connector}` },
    alsoSend: [],
    canary: 0,
  });
  await lab.stack.deps.pool.query(
    "update dead_letter_replays set sending_from = 0, sending_to = 3, sending_starts = $2 where id = $1",
    [replayId, JSON.stringify({ [`${original}/0`]: 6 })],
  );
  await lab.kafka.produce(
    original,
    [0, 2].map((position) => ({
      key: `k${position}`,
      value: `v${position}`,
      headers: { [REPLAY_HEADERS.id]: replayId, [REPLAY_HEADERS.position]: String(position) },
    })),
  );

  const run = await runPlan(lab.stack.deps, operator, planId);
  done();

  expect(run.end, run.message).toBe("succeeded");
  const sent = await lab.replayed(original);
  expect(sent.map((record) => record.position).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(
    sent.find((record) => record.position === 5)?.headers.filter((name) => name.startsWith("__connect")),
  ).toEqual([]);
  expect(sent.find((record) => record.position === 5)?.headers).toContain("own");
  expect((await list()).rows.map((row) => row.status)).toEqual(Array(6).fill("RESOLVED"));
});

test("failed events of one row go one after the other; a newer event and a settled record are left out", async () => {
  const { original, connector, list, done } = await lab.letters(6, { keyOf: (index) => `row${index % 3}` });
  const { planId, counts } = await proposeReplay(lab.stack.deps, operator, {
    cluster: "lab",
    selection: { filter: `connector:${connector}` },
    alsoSend: [],
    canary: 0,
  });
  await lab.kafka.produce(original, [{ key: "row1", value: "newer" }]);
  const settled = (await list()).rows.find((row) => row.originalOffset === 5);
  await resolveRecords(lab.stack.deps, operator, {
    selection: { ids: [settled?.id ?? 0] },
    reason: "repaired by hand",
  });

  const run = await runPlan(lab.stack.deps, operator, planId);
  done();

  expect(counts).toMatchObject({ chained: 6, sent: 6 });
  expect(run.end, run.message).toBe("succeeded");
  expect((await lab.replayed(original)).map((record) => record.key)).toEqual(["row0", "row2", "row0"]);
  const status = new Map((await list()).rows.map((row) => [row.originalOffset, row.status]));
  expect([0, 1, 2, 3, 4, 5].map((offset) => status.get(offset))).toEqual([
    "RESOLVED",
    "PENDING",
    "RESOLVED",
    "RESOLVED",
    "PENDING",
    "RESOLVED",
  ]);
});

test("a record that fails again is the same dead letter with one more attempt", async () => {
  const { original, connector, list, done } = await lab.letters(1);
  const { planId, replayId } = await proposeReplay(lab.stack.deps, operator, {
    cluster: "lab",
    selection: { filter: `connector:${connector}` },
    alsoSend: [],
    canary: 0,
  });
  const [letter] = (await list()).rows;
  const echo = {
    key: "k0",
    value: "v0",
    headers: {
      [REPLAY_HEADERS.id]: replayId,
      [REPLAY_HEADERS.position]: "0",
      ...errorHeaders({ topic: original, offset: 1, connector, message: "value too long for type x" }),
    },
  };
  const failing = expect
    .poll(async () => (await lab.replayed(original)).length, { timeout: 30_000 })
    .toBe(1)
    .then(() => lab.kafka.produce(letter?.topic ?? "", [echo]));

  const run = await runPlan(lab.stack.deps, operator, planId);
  await failing;
  done();

  expect(run.end).toBe("failed");
  const { rows, total } = await list();
  expect(total).toBe(1);
  expect(rows).toMatchObject([{ id: letter?.id, status: "PENDING", attempts: 1, cause: "too-long" }]);
});

test("a paused replay sends nothing until it is resumed, and only those who may repair can do so", async () => {
  const { original, connector, done } = await lab.letters(3);
  const selection = { filter: `connector:${connector}` };
  const { planId, replayId } = await proposeReplay(lab.stack.deps, operator, {
    cluster: "lab",
    selection,
    alsoSend: [],
    canary: 0,
  });
  await changeReplay(lab.stack.deps, operator, { id: replayId, paused: true });
  await expect(
    changeReplay(lab.stack.deps, an("viewer"), { id: replayId, paused: false }),
  ).rejects.toMatchObject({ code: "forbidden" });

  const run = runPlan(lab.stack.deps, operator, planId);
  const note = async () => {
    const { rows } = await lab.stack.deps.pool.query<{ note: string | null }>(
      "select step.note from run_steps step join runs run on run.id = step.run_id where run.plan_id = $1",
      [planId],
    );
    return rows[0]?.note;
  };
  await expect.poll(note, { timeout: 30_000 }).toBe("Paused");
  expect(await lab.replayed(original)).toEqual([]);
  await changeReplay(lab.stack.deps, operator, { id: replayId, paused: false });

  expect((await run).end).toBe("succeeded");
  done();
  expect(await lab.replayed(original)).toHaveLength(3);
});
