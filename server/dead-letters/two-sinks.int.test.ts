import { afterAll, beforeAll, expect, test } from "vitest";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { errorHeaders } from "#server/testing/dead-letters.ts";
import { an, uniqueName } from "#server/testing/stack.ts";
import { findSetAside, newestLetter } from "./find-set-aside.ts";
import { findLaterEvents } from "./later-events.ts";
import { listRecords } from "./list-records.ts";
import { proposeReplay } from "./propose-replay.ts";
import { findStored } from "./raw-record.ts";
import { type LettersLab, startLettersLab } from "./testing/letters-lab.ts";
import { storeSink } from "./testing/observed-sink.ts";

let lab: LettersLab;
const operator = an("operator", "olga");

beforeAll(async () => {
  lab = await startLettersLab();
});
afterAll(() => lab?.stop());

const propose = (filter: string) =>
  proposeReplay(lab.stack.deps, operator, { cluster: "lab", selection: { filter }, alsoSend: [], canary: 0 });

const listOf = (connector: string) =>
  listRecords(lab.stack.deps, operator, {
    filter: `connector:${connector}`,
    sort: "",
    page: 1,
    pageSize: 100,
  });

test("two sinks read one topic: what one of them failed on, the other may have written", async () => {
  const { original, dlq, filter, list, done } = await lab.letters(2);
  done();
  const other = uniqueName("rc-other");
  await lab.kafka.produce(original, [{ key: "k0", value: "newer" }]);
  await lab.kafka.produce(dlq, [
    {
      key: "k0",
      value: "newer",
      headers: errorHeaders({ topic: original, offset: 2, connector: other }),
    },
  ]);
  await expect.poll(async () => (await listOf(other)).total, { timeout: 30_000 }).toBe(1);

  expect((await propose(filter)).counts).toMatchObject({ safe: 1, superseded: 1, chained: 0, sent: 1 });

  const old = (await list()).rows.find((row) => row.originalOffset === 0);
  const later = await findLaterEvents(lab.stack.deps, await findStored(lab.stack.deps, old?.id ?? 0));
  expect(later.events).toMatchObject([{ offset: 2, deadLetterId: null }]);
});

test("a sink that was renamed is the same sink: what it failed on under either name has replaced nothing", async () => {
  const { original, connector, dlq, filter, done } = await lab.letters(1);
  done();
  const renamed = uniqueName("rc-renamed");
  await storeSink(lab.stack.deps, connector, original, { removedAt: new Date() });
  await storeSink(lab.stack.deps, renamed, original);
  await lab.kafka.produce(original, [{ key: "k0", value: "newer" }]);
  await lab.kafka.produce(dlq, [
    { key: "k0", value: "newer", headers: errorHeaders({ topic: original, offset: 1, connector: renamed }) },
  ]);
  await expect.poll(async () => (await listOf(renamed)).total, { timeout: 30_000 }).toBe(1);

  expect((await propose(filter)).counts).toMatchObject({ chained: 1, superseded: 0, sent: 1 });
});

test("what one sink is sent again and another fails on is the other's own dead letter, of the event it was", async () => {
  const { original, dlq, connector, filter, list, done } = await lab.letters(1);
  done();
  const other = uniqueName("rc-other");
  const { replayId } = await propose(filter);
  const headers = { [REPLAY_HEADERS.id]: replayId, [REPLAY_HEADERS.position]: "0" };
  await lab.kafka.produce(original, [{ key: "k0", value: "newer" }]);
  await lab.kafka.produce(original, [{ key: "k0", value: "v0", headers }]);
  await lab.stack.deps.pool.query(
    "update dead_letter_replay_items set state = 'sent', target_partition = 0, target_offset = 2 where replay_id = $1",
    [replayId],
  );
  await lab.kafka.produce(dlq, [
    {
      key: "k0",
      value: "v0",
      headers: { ...headers, ...errorHeaders({ topic: original, offset: 2, connector: other }) },
    },
  ]);
  await expect.poll(async () => (await listOf(other)).total, { timeout: 30_000 }).toBe(1);

  expect((await list()).rows).toMatchObject([{ status: "PENDING", attempts: 0, originalOffset: 0 }]);
  expect((await listOf(other)).rows).toMatchObject([{ status: "PENDING", attempts: 0, originalOffset: 0 }]);
  await expect(propose(`connector:${other}`)).rejects.toMatchObject({
    code: "precondition_failed",
    message: expect.stringContaining("1 superseded"),
  });

  const renamed = uniqueName("rc-renamed");
  await storeSink(lab.stack.deps, connector, original, { removedAt: new Date() });
  await storeSink(lab.stack.deps, renamed, original);
  await lab.kafka.produce(dlq, [
    {
      key: "k0",
      value: "v0",
      headers: { ...headers, ...errorHeaders({ topic: original, offset: 2, connector: renamed }) },
    },
  ]);
  await expect
    .poll(async () => (await listOf(renamed)).rows, { timeout: 30_000 })
    .toMatchObject([{ status: "PENDING", attempts: 1, originalOffset: 0 }]);
});

test("a sink that got past a row may have set it aside: its dead letters tell, another sink's do not", async () => {
  const { deps } = lab.stack;
  const before = await newestLetter(deps);
  const { original, connector, done } = await lab.letters(2);
  done();
  const { signal } = new AbortController();
  const ask = (sink: string, since: number) =>
    findSetAside(deps, { cluster: "lab", sink, topic: original }, { since, signal });

  const own = await ask(connector, before);
  expect([0, 1, 2].map((offset) => own?.({ partition: 0, offset }))).toEqual([true, true, false]);
  expect((await ask(uniqueName("rc-other"), before))?.({ partition: 0, offset: 0 })).toBe(false);
  expect((await ask(connector, await newestLetter(deps)))?.({ partition: 0, offset: 0 })).toBe(false);
});
