import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AuthParts } from "#server/api/auth/auth-parts.ts";
import { buildAuthParts } from "#server/api/auth/auth-parts.ts";
import { backchannelLogout } from "#server/api/auth/backchannel-logout.ts";
import { readEnv } from "#server/env.ts";
import { startIdentityProvider, type TestIdentityProvider } from "#server/testing/identity-provider.ts";
import { type Stack, startStack } from "#server/testing/stack.ts";
import { findSession } from "./find-session.ts";
import { openSession } from "./open-session.ts";

const EVENT = "http://schemas.openid.net/event/backchannel-logout";
const consoleUrl = "http://127.0.0.1:9";
let stack: Stack;
let idp: TestIdentityProvider;
let parts: AuthParts;

beforeAll(async () => {
  [stack, idp] = await Promise.all([startStack(), startIdentityProvider(consoleUrl)]);
  const env = readEnv({
    HEADGATE_URL: consoleUrl,
    HEADGATE_SECRET_FILE: idp.clientSecretFile,
    OIDC_ISSUER: idp.issuer,
    OIDC_CLIENT_ID: idp.clientId,
  });
  parts = buildAuthParts(env, stack.deps);
});
afterAll(() => Promise.all([stack.stop(), idp.remove()]));
beforeEach(() => stack.deps.pool.query("delete from rate_limits"));

async function openFor(subject: string, sid: string, issuer = idp.issuer): Promise<string> {
  const { token } = await openSession(stack.deps, parts.settings, {
    issuer,
    subject,
    name: subject,
    email: undefined,
    groups: ["headgate-viewers"],
    oidcSid: sid,
    tokens: { refreshToken: "r" },
    userAgent: undefined,
    address: undefined,
    replaces: undefined,
  });
  return token;
}

function logoutClaims(change: Record<string, unknown> = {}): JWTPayload {
  const iat = Math.floor(Date.now() / 1_000);
  return {
    iss: idp.issuer,
    aud: "headgate",
    iat,
    exp: iat + 120,
    jti: randomUUID(),
    sub: "somebody",
    events: { [EVENT]: {} },
    ...change,
  };
}

const post = (token: string, headers: Record<string, string> = {}) =>
  backchannelLogout(
    parts,
    new Request(`${consoleUrl}/api/auth/backchannel-logout`, {
      method: "POST",
      headers: { "x-forwarded-for": "192.0.2.1", ...headers },
      body: new URLSearchParams({ logout_token: token }),
    }),
  );
const isOpen = async (token: string) => (await findSession(stack.deps, token)) !== undefined;

test("a session named by sid ends, the person's other sessions stay", async () => {
  const [one, two] = [await openFor("ann", "sid-1"), await openFor("ann", "sid-2")];

  const reply = await post(await idp.sign(logoutClaims({ sub: "ann", sid: "sid-1" })));

  expect(reply.status).toBe(200);
  expect(reply.headers.get("cache-control")).toBe("no-store");
  expect([await isOpen(one), await isOpen(two)]).toEqual([false, true]);
});

test("without a sid all sessions of the person end, and nobody else's", async () => {
  const [one, two, other] = [
    await openFor("ben", "b-1"),
    await openFor("ben", "b-2"),
    await openFor("eve", "e-1"),
  ];

  expect((await post(await idp.sign(logoutClaims({ sub: "ben" })))).status).toBe(200);

  expect([await isOpen(one), await isOpen(two), await isOpen(other)]).toEqual([false, false, true]);
});

test("a person of the same name at another provider stays signed in", async () => {
  const token = await openFor("cleo", "c-1", "https://other.example");

  expect((await post(await idp.sign(logoutClaims({ sub: "cleo", sid: "c-1" })))).status).toBe(200);

  expect(await isOpen(token)).toBe(true);
});

test("a sid that belongs to somebody else ends nothing", async () => {
  const token = await openFor("dan", "d-1");

  expect((await post(await idp.sign(logoutClaims({ sub: "mallory", sid: "d-1" })))).status).toBe(200);

  expect(await isOpen(token)).toBe(true);
});

test("an unknown session is no error", async () => {
  expect((await post(await idp.sign(logoutClaims({ sid: "nobody's" })))).status).toBe(200);
});

test("a token works once", async () => {
  const token = await idp.sign(logoutClaims());

  expect((await post(token)).status).toBe(200);
  const again = await post(token);
  expect(again.status).toBe(400);
  expect(await again.json()).toMatchObject({
    error: "invalid_request",
    error_description: expect.stringContaining("used before"),
  });
});

describe("refused with 400, and nobody is signed out:", () => {
  const seconds = () => Math.floor(Date.now() / 1_000);
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  test.each<[string, () => Promise<string> | string]>([
    ["another issuer", () => idp.sign(logoutClaims({ iss: "https://evil.example" }))],
    ["another audience", () => idp.sign(logoutClaims({ aud: "other-client" }))],
    ["a nonce, so an ID token", () => idp.sign(logoutClaims({ nonce: "n" }))],
    ["no events", () => idp.sign(logoutClaims({ events: undefined }))],
    ["another event", () => idp.sign(logoutClaims({ events: { "http://schemas.openid.net/event/x": {} } }))],
    ["an event that is no object", () => idp.sign(logoutClaims({ events: { [EVENT]: true } }))],
    ["neither sub nor sid", () => idp.sign(logoutClaims({ sub: undefined }))],
    ["no jti", () => idp.sign(logoutClaims({ jti: undefined }))],
    ["no iat", () => idp.sign(logoutClaims({ iat: undefined }))],
    ["an old token", () => idp.sign(logoutClaims({ iat: seconds() - 700 }))],
    ["a token of the future", () => idp.sign(logoutClaims({ iat: seconds() + 300 }))],
    ["an expired token", () => idp.sign(logoutClaims({ exp: seconds() - 60 }))],
    ["no token at all", () => ""],
    ["no JWT", () => "garbage"],
    ["no signature", () => `${base64({ alg: "none" })}.${base64(logoutClaims())}.`],
    [
      "a signature with the client's secret",
      () => {
        const text = `${base64({ alg: "HS256", kid: "test" })}.${base64(logoutClaims())}`;
        return `${text}.${createHmac("sha256", idp.clientSecret).update(text).digest("base64url")}`;
      },
    ],
    [
      "a stranger's key under the provider's key id",
      () =>
        new SignJWT(logoutClaims())
          .setProtectedHeader({ alg: "RS256", kid: "test" })
          .sign(generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey),
    ],
  ])("%s", async (_what, make) => {
    const session = await openFor("somebody", "s-1");

    const reply = await post(await make());

    expect(reply.status).toBe(400);
    expect(reply.headers.get("cache-control")).toBe("no-store");
    expect(await isOpen(session)).toBe(true);
  });

  test("a body that is no form", async () => {
    const reply = await post("x", { "content-type": "application/json" });

    expect(reply.status).toBe(400);
  });
});

test("too many calls from one address are told how long to wait", async () => {
  const statuses: number[] = [];
  for (let turn = 0; turn < 121; turn += 1) statuses.push((await post("garbage")).status);

  expect(new Set(statuses.slice(0, 120))).toEqual(new Set([400]));
  expect(statuses[120]).toBe(429);
  expect(Number((await post("garbage")).headers.get("retry-after"))).toBeGreaterThan(0);
});

test("while the provider's keys cannot be read the answer is 503, and the same token works afterwards", async () => {
  const session = await openFor("finn", "f-1");
  const token = await idp.sign(logoutClaims({ sub: "finn" }));
  const fresh = buildAuthParts(
    readEnv({
      HEADGATE_SECRET_FILE: idp.clientSecretFile,
      OIDC_ISSUER: idp.issuer,
      OIDC_CLIENT_ID: "headgate",
    }),
    stack.deps,
  );
  parts = { ...parts, provider: fresh.provider };
  await idp.stop();
  try {
    expect((await post(token)).status).toBe(503);
  } finally {
    await idp.start();
  }

  expect((await post(token)).status).toBe(200);
  expect(await isOpen(session)).toBe(false);
});
