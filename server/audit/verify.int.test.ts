import { execFile } from "node:child_process";
import { promisify } from "node:util";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AppError } from "#domain/errors/app-error.ts";
import { an, readLabFile, type Stack, startStack } from "#server/testing/stack.ts";
import { appendAudit } from "./audited.ts";
import { verifyChain } from "./verify.ts";
import { getAuditState, verifyAudit } from "./verify-audit.ts";

let stack: Stack;
beforeEach(async () => {
  stack = await startStack();
  for (const turn of ["1", "2", "3", "4", "5"])
    await appendAudit(stack.deps.db, an("operator"), {
      action: "test.step",
      subject: { turn },
      outcome: "succeeded",
    });
});
afterEach(() => stack.stop());

/** What an intruder with every right in the database could do: a superuser switches the triggers off. */
async function asIntruder(...statements: string[]): Promise<void> {
  const { postgres } = readLabFile<{ postgres: { adminUrlsFile: string } }>("endpoints.json");
  const { state } = await import(postgres.adminUrlsFile, { with: { type: "json" } }).then(
    (file: { default: { state: string } }) => file.default,
  );
  const url = new URL(state);
  url.pathname = new URL(stack.databaseUrl).pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query("set session_replication_role = replica");
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

test("an untouched trail is intact and says where it ends", async () => {
  const verdict = await verifyChain(stack.deps.db);

  expect(verdict).toMatchObject({ state: "intact", entries: 5, lastSeq: 5 });
});

test.each([
  ["a changed actor", "update audit_entries set actor_id = 'eve' where seq = 3", 3, "changed"],
  ["a changed time", "update audit_entries set at = at + interval '1 hour' where seq = 3", 3, "changed"],
  ["a changed subject", `update audit_entries set subject = '{"turn":"9"}' where seq = 2`, 2, "changed"],
  ["a changed outcome", "update audit_entries set outcome = 'failed' where seq = 5", 5, "changed"],
  ["an unknown outcome", "update audit_entries set outcome = 'whatever' where seq = 5", 5, "changed"],
  ["a removed entry", "delete from audit_entries where seq = 2", 2, "missing"],
  ["a removed first entry", "delete from audit_entries where seq = 1", 1, "missing"],
  ["a cut-off end", "delete from audit_entries where seq > 3", 4, "cut_off"],
  ["an emptied trail", "delete from audit_entries", 1, "cut_off"],
  ["a removed head", "delete from audit_head", 6, "cut_off"],
])("%s is found and named", async (_what, statement, seq, reason) => {
  await asIntruder(statement);

  expect(await verifyChain(stack.deps.db)).toMatchObject({ state: "broken", seq, reason });
});

test("two exchanged entries are found", async () => {
  await asIntruder(
    "update audit_entries set seq = 100 where seq = 2",
    "update audit_entries set seq = 2 where seq = 3",
    "update audit_entries set seq = 3 where seq = 100",
  );

  expect(await verifyChain(stack.deps.db)).toMatchObject({ state: "broken", seq: 2, reason: "relinked" });
});

test("a trail cut off together with its head is found by a note taken earlier", async () => {
  const noted = await verifyChain(stack.deps.db);
  if (noted.state !== "intact") throw new Error("unexpected");
  await asIntruder(
    "delete from audit_entries where seq > 3",
    "update audit_head set seq = 3, hash = (select hash from audit_entries where seq = 3)",
  );

  expect(await verifyChain(stack.deps.db)).toMatchObject({ state: "intact", lastSeq: 3 });
  expect(await verifyChain(stack.deps.db, { seq: noted.lastSeq, hash: noted.lastHash })).toMatchObject({
    state: "broken",
    reason: "cut_off",
    seq: 4,
  });
});

test("a verification is an entry of its own and is shown to everybody who may see the trail", async () => {
  await verifyAudit(stack.deps, an("security", "sina"));

  expect(await getAuditState(stack.deps, an("operator"))).toMatchObject({
    lastSeq: 6,
    verification: { by: "sina", verdict: { state: "intact", lastSeq: 5 } },
  });
});

test("somebody without audit:view can neither verify nor see the state", async () => {
  const refusal = expect.objectContaining({ code: "forbidden" } satisfies Partial<AppError>);

  await expect(verifyAudit(stack.deps, an("viewer"))).rejects.toEqual(refusal);
  await expect(getAuditState(stack.deps, an("viewer"))).rejects.toEqual(refusal);
});

test("the verify command exits with 0 on an intact trail and with 1 naming the tampered entry", async () => {
  expect(await runVerify()).toMatchObject({
    code: 0,
    out: expect.stringMatching(/intact: 5 entries\.\nLast: 5:[0-9a-f]{64}/),
  });
  expect(await runVerify("--expect", `5:${"a".repeat(64)}`)).toMatchObject({
    code: 1,
    err: expect.stringContaining("entry 5"),
  });
  await asIntruder("update audit_entries set actor_name = 'Mallory' where seq = 4");

  expect(await runVerify()).toMatchObject({ code: 1, err: expect.stringContaining("BROKEN at entry 4") });
  expect(await runVerify("--json")).toMatchObject({ code: 1, out: expect.stringContaining('"seq":4') });
});

async function runVerify(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { DATABASE_URL: stack.databaseUrl, NODE_ENV: "test" as const };
  const run = promisify(execFile)("node_modules/.bin/node", ["server/audit/verify-cli.ts", ...args], { env });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  );
}
