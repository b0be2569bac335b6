import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeps, type Deps } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";
import { freePort } from "#server/testing/identity-provider.ts";
import { type Stack, startStack } from "#server/testing/stack.ts";
import { buildAuthParts } from "./auth/auth-parts.ts";
import { findSignedIn } from "./auth/find-signed-in.ts";
import { readSessionSecret } from "./auth/session-secret.ts";
import { finishSignIn } from "./auth/sign-in.ts";
import { readHealth } from "./health.ts";

let stack: Stack;
let dead: Deps;
let dir: string;
beforeAll(async () => {
  stack = await startStack();
  dir = mkdtempSync(join(tmpdir(), "headgate-health-"));
  const databaseUrl = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
  const { config, log, observe } = stack.deps;
  dead = createDeps({ databaseUrl, config, log, observe });
});
afterAll(async () => {
  await dead.pool.end();
  await stack.stop();
  rmSync(dir, { recursive: true });
});

test("with a migrated database the web process is ready", async () => {
  expect(await readHealth(stack.deps)).toEqual({
    ready: true,
    checks: { state_database: "ok", migrations: "applied" },
  });
});

test("with an older schema it is not", async () => {
  await stack.deps.pool.query("update drizzle.__drizzle_migrations set created_at = 1");

  expect(await readHealth(stack.deps)).toMatchObject({ ready: false, checks: { migrations: "pending" } });
});

test("with an empty database it is not", async () => {
  await stack.deps.pool.query("drop schema drizzle cascade");

  expect(await readHealth(stack.deps)).toMatchObject({
    ready: false,
    checks: { state_database: "ok", migrations: "pending" },
  });
});

test("with the database down it says so, and so do a request and a sign-in", async () => {
  const env = readEnv({
    HEADGATE_DATA_DIR: dir,
    OIDC_ISSUER: "http://127.0.0.1:9",
    OIDC_CLIENT_ID: "headgate",
  });
  const parts = buildAuthParts(env, dead);

  expect(await readHealth(dead)).toEqual({
    ready: false,
    checks: { state_database: "unreachable", migrations: "unknown" },
  });
  await expect(findSignedIn(parts, new Headers({ cookie: "headgate.session=x" }))).rejects.toMatchObject({
    code: "upstream_unavailable",
    upstream: "state database",
  });
  const reply = await finishSignIn(parts, new Request("http://localhost:3000/api/auth/callback/oidc?code=x"));
  expect(reply.headers.get("location")).toBe("http://localhost:3000/sign-in?problem=database_down");
});

test("the secret is made once, for the owner's eyes only", () => {
  const where = {
    HEADGATE_SECRET_FILE: undefined,
    HEADGATE_DATA_DIR: join(dir, randomBytes(4).toString("hex")),
  };

  const secret = readSessionSecret(where);

  expect(secret.length).toBeGreaterThanOrEqual(32);
  expect(readSessionSecret(where)).toBe(secret);
  expect(statSync(join(where.HEADGATE_DATA_DIR, "session-secret")).mode & 0o777).toBe(0o600);
});
