import { afterAll, beforeAll, expect, test } from "vitest";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { notifyChange } from "./notify-change.ts";
import { type LiveMessage, watchChanges } from "./watch-changes.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

function watch() {
  const stop = new AbortController();
  const messages: LiveMessage[] = [];
  const done = (async () => {
    for await (const message of watchChanges(stack.deps, an("viewer"), stop.signal)) messages.push(message);
  })();
  return {
    messages,
    async stop() {
      stop.abort();
      await done;
    },
  };
}

/** LISTEN takes effect a moment after the first message: notices before it are covered by that message. */
async function listening(): Promise<void> {
  const read = () =>
    stack.deps.pool.query(
      "select 1 from pg_stat_activity where query = 'listen headgate_changes' and datname = current_database()",
    );
  await expect.poll(async () => (await read()).rowCount, { timeout: 5_000 }).toBeGreaterThan(0);
}

const changesOf = (messages: LiveMessage[]) =>
  messages.flatMap((message) => (message.kind === "changed" ? message.changes : []));

test("the first message asks to read again; a change follows with its name", async () => {
  const watching = watch();
  await listening();

  await notifyChange(stack.deps.db, "connectors", "lab/shop");
  await expect
    .poll(() => changesOf(watching.messages))
    .toEqual([{ subject: "connectors", keys: ["lab/shop"] }]);
  await watching.stop();

  expect(watching.messages[0]).toEqual({ kind: "reread" });
});

test("a burst becomes a few messages, and nothing of it is lost", async () => {
  const watching = watch();
  await listening();

  for (let n = 0; n < 40; n++) await notifyChange(stack.deps.db, "pipelines", `lab/${n}`);
  await expect
    .poll(() => new Set(changesOf(watching.messages).flatMap(({ keys }) => keys ?? [])).size)
    .toBe(40);
  await watching.stop();

  expect(watching.messages.length).toBeLessThan(8);
});

test("a change that is rolled back is not told", async () => {
  const watching = watch();
  await listening();

  await stack.deps.db
    .transaction(async (tx) => {
      await notifyChange(tx, "connectors", "never");
      throw new Error("no");
    })
    .catch(() => undefined);
  await notifyChange(stack.deps.db, "connectors", "after");
  await expect.poll(() => changesOf(watching.messages).length).toBeGreaterThan(0);
  await watching.stop();

  expect(changesOf(watching.messages).flatMap(({ keys }) => keys)).toEqual(["after"]);
});

test("after the state database cut the connection, everything is read again and changes go on", async () => {
  const watching = watch();
  await listening();
  const rereads = () => watching.messages.filter((message) => message.kind === "reread").length;
  await expect.poll(rereads).toBe(2);

  await stack.deps.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen headgate_changes' and datname = current_database()",
  );
  await expect.poll(rereads, { timeout: 10_000 }).toBe(3);
  await notifyChange(stack.deps.db, "connectors", "again");
  await expect.poll(() => changesOf(watching.messages)).toEqual([{ subject: "connectors", keys: ["again"] }]);
  await watching.stop();
});
