import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "#server/testing/stack.ts";
import { withinSearchTime } from "./within-search-time.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

test("a search that takes too long is ended, and says what would make it fast", async () => {
  await expect(
    withinSearchTime(stack.deps.db, 50, (tx) => tx.execute(sql`select pg_sleep(10)`)),
  ).rejects.toMatchObject({ code: "invalid", message: expect.stringMatching(/0\.05 s.*age:<7d/) });
});

test("the limit ends with the search", async () => {
  await withinSearchTime(stack.deps.db, 50, async () => undefined);

  await expect(stack.deps.db.execute(sql`select pg_sleep(0.2)`)).resolves.toBeDefined();
});

test("another failure stays what it is", async () => {
  await expect(
    withinSearchTime(stack.deps.db, 50, (tx) => tx.execute(sql`select * from nowhere`)),
  ).rejects.toMatchObject({ cause: { code: "42P01" } });
});
