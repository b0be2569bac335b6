import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "#domain/errors/app-error.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { appendAudit, audited } from "./audited.ts";
import { getAuditAct } from "./get-audit-act.ts";
import { listAuditEntries } from "./list-audit-entries.ts";
import { settlePendingActs } from "./settle-pending-acts.ts";
import { verifyChain } from "./verify.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const ada = an("operator", "ada");
const security = an("security");
const subject = { cluster: "lab", name: "shop-source" };

async function acts(filter: { action: string }) {
  const page = { filter: `action:${filter.action}`, sort: "", page: 1, pageSize: 200 };
  return (await listAuditEntries(stack.deps, security, page)).rows;
}

test("an act is announced before it happens and ended after it", async () => {
  const before = await audited(stack.deps.db, ada, { action: "test.order", subject }, async () =>
    (await acts({ action: "test.order" })).map(({ outcome }) => outcome),
  );

  expect(before).toEqual(["pending"]);
  const [act] = await acts({ action: "test.order" });
  expect(act).toMatchObject({ actor: { id: "ada", roles: ["operator"] }, subject, outcome: "succeeded" });
});

test.each([
  ["a refusal by the upstream", new AppError("upstream_rejected", "Connector is invalid"), "failed"],
  ["no answer from the upstream", new AppError("upstream_unavailable", "No answer"), "unknown"],
  ["an unexpected error", new Error("boom with password=hunter2"), "unknown"],
  ["a missing right", new AppError("forbidden", "Not yours"), "refused"],
])("%s leaves its outcome and reaches the caller", async (name, error, outcome) => {
  const action = `test.${name.replaceAll(" ", "-")}`;

  await expect(audited(stack.deps.db, ada, { action, subject }, () => Promise.reject(error))).rejects.toBe(
    error,
  );

  const [act] = await acts({ action });
  expect(act?.outcome).toBe(outcome);
  const { entries } = await getAuditAct(stack.deps, security, { actId: act?.actId ?? "" });
  expect(entries.map((entry) => entry.outcome)).toEqual(["pending", outcome]);
  expect(JSON.stringify(entries)).not.toContain("hunter2");
});

test("twenty writers at once leave one unbroken chain", async () => {
  const writers = Array.from({ length: 20 }, (_, writer) =>
    Promise.all(
      Array.from({ length: 10 }, (_, turn) =>
        audited(
          stack.deps.db,
          an("operator", `writer-${writer}`),
          { action: "test.crowd", subject: { turn: `${turn}` } },
          () => Promise.resolve(),
        ),
      ),
    ),
  );

  await Promise.all(writers);

  expect(await acts({ action: "test.crowd" })).toHaveLength(200);
  const verdict = await verifyChain(stack.deps.db);
  expect(verdict).toMatchObject({ state: "intact" });
});

test("an entry appended in a transaction that is rolled back leaves no gap", async () => {
  const rolledBack = stack.deps.db.transaction(async (tx) => {
    await appendAudit(tx, ada, { action: "test.rollback", subject, outcome: "succeeded" });
    throw new Error("changed my mind");
  });

  await expect(rolledBack).rejects.toThrow("changed my mind");
  await appendAudit(stack.deps.db, ada, { action: "test.after-rollback", subject, outcome: "succeeded" });
  expect(await acts({ action: "test.rollback" })).toEqual([]);
  expect(await verifyChain(stack.deps.db)).toMatchObject({ state: "intact" });
});

test("whatever JSON an act carries, the stored entry verifies", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ stringUnit: "binary" })),
      fc.string({ unit: "binary" }),
      async (detail, name) => {
        await appendAudit(stack.deps.db, an("admin", name), {
          action: "test.any",
          subject: { name },
          detail,
          outcome: "succeeded",
        });
      },
    ),
    { numRuns: 150 },
  );

  expect(await verifyChain(stack.deps.db)).toMatchObject({ state: "intact" });
});

test.each([
  ["update audit_entries set actor_id = 'eve'", "append-only"],
  ["delete from audit_entries", "append-only"],
  ["truncate audit_entries", "append-only"],
  ["update audit_head set seq = 1", "only moves forward"],
  ["delete from audit_head", "only moves forward"],
  ["truncate audit_head", "only moves forward"],
])("the database refuses: %s", async (statement, reason) => {
  await expect(stack.deps.pool.query(statement)).rejects.toThrow(reason);
});

test("an act whose process died is closed as unknown, one that is alive is left alone", async () => {
  const dead = await appendAudit(stack.deps.db, ada, { action: "test.dead", subject, outcome: "pending" });
  const alive = await appendAudit(stack.deps.db, ada, { action: "test.alive", subject, outcome: "pending" });
  await stack.deps.pool.query(
    "update audit_open_acts set touched_at = touched_at - interval '3 minutes' where act_id = $1",
    [dead.actId],
  );

  const settled = await Promise.all([settlePendingActs(stack.deps), settlePendingActs(stack.deps)]);

  expect(settled[0] + settled[1]).toBe(1);
  const [closed] = await acts({ action: "test.dead" });
  expect(closed).toMatchObject({ actId: dead.actId, outcome: "unknown" });
  expect(closed?.reason).toContain("ended before it could say how it went");
  expect(await acts({ action: "test.alive" })).toMatchObject([{ actId: alive.actId, outcome: "pending" }]);
});

test("an act that outlives its database connection is still ended", async () => {
  await audited(stack.deps.db, ada, { action: "test.cut", subject }, async () => {
    await stack.deps.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
  });

  expect(await acts({ action: "test.cut" })).toMatchObject([{ outcome: "succeeded" }]);
});

test("appends do not wait for a slow act of somebody else", async () => {
  const other = new pg.Client({ connectionString: stack.databaseUrl });
  await other.connect();
  try {
    await audited(stack.deps.db, ada, { action: "test.slow", subject }, async () => {
      await other.query("set statement_timeout = 2000");
      await other.query(
        "select append_audit_entry(gen_random_uuid(), null, 'x', 'x', '{}', 'worker', 'test.quick', '{}', 'succeeded', '{}', 'x')",
      );
    });
  } finally {
    await other.end();
  }
  // The hash above was made up, so from here on this database's chain is broken on purpose.
  expect(await verifyChain(stack.deps.db)).toMatchObject({ state: "broken", reason: "changed" });
});
