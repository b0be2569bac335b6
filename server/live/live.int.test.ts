import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { notifyChange } from "./notify-change.ts";
import { type LiveMessage, watchChanges } from "./watch-changes.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** Watching, once PostgreSQL listens: the second request to read again says so. */
async function watch(): Promise<LiveMessage[]> {
  const stop = new AbortController();
  const messages: LiveMessage[] = [];
  const done = (async () => {
    for await (const message of watchChanges(stack.deps, an("viewer"), stop.signal)) messages.push(message);
  })();
  onTestFinished(async () => {
    stop.abort();
    await done;
  });
  await expect.poll(() => rereadsOf(messages), PATIENCE).toBe(2);
  return messages;
}

const PATIENCE = { timeout: 10_000, interval: 20 };
const rereadsOf = (messages: LiveMessage[]) => messages.filter(({ kind }) => kind === "reread").length;
const changesOf = (messages: LiveMessage[]) =>
  messages.flatMap((message) => (message.kind === "changed" ? message.changes : []));

test("the first message asks to read again; a change follows with its name", async () => {
  const messages = await watch();

  await notifyChange(stack.deps.db, "connectors", "lab/shop");
  await expect.poll(() => changesOf(messages)).toEqual([{ subject: "connectors", keys: ["lab/shop"] }]);

  expect(messages[0]).toEqual({ kind: "reread" });
});

test("a burst becomes a few messages, and nothing of it is lost", async () => {
  const messages = await watch();

  for (let n = 0; n < 40; n++) await notifyChange(stack.deps.db, "pipelines", `lab/${n}`);
  await expect
    .poll(() => new Set(changesOf(messages).flatMap(({ keys }) => keys ?? [])).size, PATIENCE)
    .toBe(40);

  expect(messages.length).toBeLessThan(8);
});

test("a change that is rolled back is not told", async () => {
  const messages = await watch();

  await stack.deps.db
    .transaction(async (tx) => {
      await notifyChange(tx, "connectors", "never");
      throw new Error("no");
    })
    .catch(() => undefined);
  await notifyChange(stack.deps.db, "connectors", "after");
  await expect.poll(() => changesOf(messages).length, PATIENCE).toBeGreaterThan(0);

  expect(changesOf(messages).flatMap(({ keys }) => keys)).toEqual(["after"]);
});

test("after the state database cut the connection, everything is read again and changes go on", async () => {
  const messages = await watch();

  await stack.deps.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen headgate_changes' and datname = current_database()",
  );
  await expect.poll(() => rereadsOf(messages), PATIENCE).toBe(3);
  expect(messages.map(({ kind }) => kind).slice(-2)).toEqual(["lost", "reread"]);
  await notifyChange(stack.deps.db, "connectors", "again");
  await expect
    .poll(() => changesOf(messages), PATIENCE)
    .toEqual([{ subject: "connectors", keys: ["again"] }]);
});
