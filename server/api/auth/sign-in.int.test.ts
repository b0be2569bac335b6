import { createServer } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openDb, openPool } from "#db/client.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { findSession } from "#server/access/find-session.ts";
import { listMySessions } from "#server/access/list-my-sessions.ts";
import { refreshRoles } from "#server/access/refresh-roles.ts";
import { listAuditEntries } from "#server/audit/list-audit-entries.ts";
import { readEnv } from "#server/env.ts";
import type { RefreshResult } from "#server/oidc/provider.ts";
import {
  freePort,
  startIdentityProvider,
  type TestIdentityProvider,
} from "#server/testing/identity-provider.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { openTestBrowser, type TestBrowser } from "#server/testing/test-browser.ts";
import { type AuthParts, buildAuthParts } from "./auth-parts.ts";
import { backchannelLogout } from "./backchannel-logout.ts";
import { findSignedIn } from "./find-signed-in.ts";
import { finishSignIn, startSignIn } from "./sign-in.ts";
import { readSignInState } from "./sign-in-state.ts";
import { signOut } from "./sign-out.ts";

const MINUTE = 60_000;
let stack: Stack;
let idp: TestIdentityProvider;
let parts: AuthParts;
let consoleUrl: string;
let laterMs: number;
let closeBackchannel: () => Promise<void>;

beforeAll(async () => {
  consoleUrl = `http://127.0.0.1:${await freePort()}`;
  idp = await startIdentityProvider(consoleUrl);
  closeBackchannel = await listenForBackchannel();
});
afterAll(async () => {
  await closeBackchannel();
  await idp.remove();
});
beforeEach(async () => {
  stack = await startStack();
  laterMs = 0;
  const env = readEnv({
    HEADGATE_URL: consoleUrl,
    HEADGATE_SECRET_FILE: idp.clientSecretFile,
    OIDC_ISSUER: idp.issuer,
    OIDC_CLIENT_ID: idp.clientId,
    OIDC_CLIENT_SECRET_FILE: idp.clientSecretFile,
    SESSION_IDLE_MINUTES: "60",
    SESSION_MAX_HOURS: "10",
  });
  const now = () => new Date(Date.now() + laterMs);
  parts = buildAuthParts(env, { ...stack.deps, now });
});
afterEach(() => stack.stop());

/** The provider's own calls reach the same code as a route would. */
async function listenForBackchannel(): Promise<() => Promise<void>> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const answer = await backchannelLogout(
      parts,
      new Request(`${consoleUrl}${request.url}`, {
        method: "POST",
        headers: { "content-type": request.headers["content-type"] ?? "" },
        body,
      }),
    );
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => server.listen(Number(new URL(consoleUrl).port), "127.0.0.1", resolve));
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function browser(): TestBrowser {
  return openTestBrowser(consoleUrl, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/auth/signin/oidc") return startSignIn(parts, request);
    if (pathname === "/api/auth/callback/oidc") return finishSignIn(parts, request);
    if (pathname === "/api/auth/sign-out") return signOut(parts, request);
    return Promise.resolve(new Response(`page ${pathname}`));
  });
}

async function toCallback(who: TestBrowser, username: string, returnTo = "/"): Promise<string> {
  const start = await who.post(`${consoleUrl}/api/auth/signin/oidc`, { returnTo });
  expect(start.status).toBe(303);
  const isCallback = (url: string) => url.startsWith(`${consoleUrl}/api/auth/callback`);
  const login = await who.follow(start.headers.get("location") ?? "", isCallback);
  if (isCallback(login.url)) return login.url;
  const sent = await who.post(login.url, { account: username, password: "headgate" });
  return (await who.follow(sent.headers.get("location") ?? "", isCallback)).url;
}

async function signIn(username: string, who = browser(), returnTo = "/"): Promise<TestBrowser> {
  const end = await who.follow(await toCallback(who, username, returnTo));
  expect(end.url).toBe(`${consoleUrl}${returnTo}`);
  return who;
}

const signedIn = (who: TestBrowser) => findSignedIn(parts, who.headers());
const trail = async (action: string) =>
  (
    await listAuditEntries(stack.deps, an("security"), {
      filter: `action:${action}`,
      sort: "",
      page: 1,
      pageSize: 50,
    })
  ).rows;

test("somebody signs in and comes back to where they wanted to be, with the role of their group", async () => {
  idp.addAccount("olga", ["headgate-operators", "lunch"]);

  const olga = await signIn("olga", browser(), "/connectors?state=failed");

  const { actor } = (await signedIn(olga)) ?? {};
  expect(actor).toMatchObject({ name: "Name of olga", roles: ["operator"], via: "browser" });
  expect(await trail("access.sign-in")).toMatchObject([
    { actor: { name: "Name of olga" }, outcome: "succeeded" },
  ]);
});

test("the database holds neither the cookie nor a token of the provider", async () => {
  idp.addAccount("secret", ["headgate-viewers"]);
  const who = await signIn("secret");
  const cookie = who.cookie(parts.cookies.session) ?? "none";

  const { rows } = await stack.deps.pool.query("select row_to_json(s)::text as text from sessions s");

  const stored = rows.map(({ text }: { text: string }) => text).join();
  expect(stored).not.toContain(cookie);
  expect(stored).not.toMatch(/eyJ[\w-]+\.|id_token|refresh/);
  expect(stored).toContain("192.0.2.7");
});

test("the request to the provider carries PKCE, state and nonce, and the scopes it offers", async () => {
  const start = await browser().post(`${consoleUrl}/api/auth/signin/oidc?scope=evil`, {});

  const query = new URL(start.headers.get("location") ?? "").searchParams;
  expect(query.get("code_challenge_method")).toBe("S256");
  for (const name of ["code_challenge", "state", "nonce"])
    expect(query.get(name)?.length).toBeGreaterThan(20);
  expect(query.get("scope")).toBe("openid profile email groups offline_access");
});

test("an account in no mapped group is signed in without any role, and the trail says so", async () => {
  idp.addAccount("noel", ["lunch"]);

  const noel = await signIn("noel");

  expect((await signedIn(noel))?.actor.roles).toEqual([]);
  expect(await trail("access.sign-in")).toMatchObject([
    { outcome: "refused", reason: expect.stringContaining("role") },
  ]);
});

test.each([
  ["another browser's callback", (url: string) => ({ who: browser(), url })],
  [
    "a changed state",
    (url: string, who: TestBrowser) => ({ who, url: url.replace(/state=[^&]+/, "state=x") }),
  ],
  ["a changed code", (url: string, who: TestBrowser) => ({ who, url: url.replace(/code=[^&]+/, "code=x") })],
  [
    "another issuer",
    (url: string, who: TestBrowser) => ({
      who,
      url: url.replace(/iss=[^&]+/, "iss=https%3A%2F%2Fevil.example"),
    }),
  ],
])("%s signs nobody in", async (_what, change) => {
  idp.addAccount("victim", ["headgate-admins"]);
  const victim = browser();
  const { who, url } = change(await toCallback(victim, "victim"), victim);

  const end = await who.follow(url);

  expect(end.url).toBe(`${consoleUrl}/sign-in?problem=failed`);
  expect(who.cookie(parts.cookies.session)).toBeUndefined();
});

test("a callback works once", async () => {
  idp.addAccount("once", ["headgate-viewers"]);
  const who = browser();
  const url = await toCallback(who, "once");
  await who.follow(url);

  expect((await who.follow(url)).url).toContain("problem=failed");
});

test("a refusal by the provider is told, without the words of the address", async () => {
  const end = await browser().follow(
    `${consoleUrl}/api/auth/callback/oidc?error=access_denied&error_description=<b>`,
  );

  expect(end.url).toBe(`${consoleUrl}/sign-in?problem=denied`);
});

test("signing in again replaces the session the browser came with", async () => {
  idp.addAccount("again", ["headgate-viewers"]);
  const who = await signIn("again");
  const before = who.headers();

  await signIn("again", who);

  expect(await findSignedIn(parts, before)).toBeUndefined();
  expect(await signedIn(who)).toBeDefined();
});

test("a session prepared by somebody else is not taken over", async () => {
  idp.addAccount("mallory", ["headgate-viewers"]);
  idp.addAccount("alice", ["headgate-admins"]);
  const mallory = await signIn("mallory");
  const prepared = mallory.cookie(parts.cookies.session) ?? "";
  const alice = browser();
  alice.setCookie(parts.cookies.session, prepared);

  await signIn("alice", alice);

  expect(alice.cookie(parts.cookies.session)).not.toBe(prepared);
  expect(await signedIn(mallory)).toBeUndefined();
});

test("roles follow the groups after a few minutes, and the trail has before and after", async () => {
  idp.addAccount("rising", ["headgate-viewers"]);
  const who = await signIn("rising");
  idp.setGroups("rising", ["headgate-engineers"]);
  expect((await signedIn(who))?.actor.roles).toEqual(["viewer"]);

  laterMs = 6 * MINUTE;

  expect((await signedIn(who))?.actor.roles).toEqual(["engineer"]);
  expect(await trail("access.change-roles")).toMatchObject([
    { subject: { person: "Name of rising" }, outcome: "succeeded" },
  ]);
  laterMs = 12 * MINUTE;
  expect((await signedIn(who))?.actor.roles).toEqual(["engineer"]);
});

test("twenty requests at the moment of a refresh use the refresh token once", async () => {
  idp.addAccount("busy", ["headgate-viewers"]);
  const who = await signIn("busy");
  laterMs = 6 * MINUTE;

  const answers = await Promise.all(Array.from({ length: 20 }, () => signedIn(who)));

  expect(answers.map((answer) => answer?.actor.roles.join())).toEqual(Array(20).fill("viewer"));
  laterMs = 12 * MINUTE;
  expect(await signedIn(who)).toBeDefined();
});

test("a refresh token that was exchanged is kept even when the groups cannot be read afterwards", async () => {
  idp.addAccount("rotated", ["headgate-viewers"]);
  const who = await signIn("rotated");
  const token = who.cookie(parts.cookies.session) ?? "";
  const used: string[] = [];
  const rotating = {
    refresh: async (refreshToken: string): Promise<RefreshResult> => {
      used.push(refreshToken);
      return {
        state: "granted",
        claims: {},
        accessToken: "a",
        idToken: undefined,
        refreshToken: "the next one",
      };
    },
    userinfo: () => Promise.reject(new AppError("upstream_unavailable", "down", { retryable: true })),
  };
  for (laterMs of [6 * MINUTE, 12 * MINUTE]) {
    const session = await findSession(parts.deps, token);
    if (!session) throw new Error("the session is gone");
    await refreshRoles(parts.deps, parts.settings, rotating, session, token);
  }

  expect(used).toEqual([expect.not.stringContaining("the next one"), "the next one"]);
});

test("an account that is gone at the provider is signed out at the next look", async () => {
  idp.addAccount("leaver", ["headgate-admins"]);
  const who = await signIn("leaver");
  idp.removeAccount("leaver");

  laterMs = 6 * MINUTE;

  expect(await signedIn(who)).toBeUndefined();
  expect(await trail("access.end-session")).toMatchObject([{ actor: { name: "Identity provider" } }]);
});

test("while the provider is down people keep working with the roles they had, until the idle limit", async () => {
  idp.addAccount("patient", ["headgate-operators"]);
  const who = await signIn("patient");
  await idp.stop();
  try {
    laterMs = 6 * MINUTE;
    const answer = await signedIn(who);
    expect(answer?.actor.roles).toEqual(["operator"]);
    const [session] = await listMySessions(parts.deps, answer?.actor ?? an("viewer"), {
      sessionId: answer?.sessionId,
    });
    expect(session).toMatchObject({
      isCurrent: true,
      rolesStaleSince: expect.any(Date),
      device: "Firefox on Linux",
    });
    laterMs = 30 * MINUTE;
    expect(await signedIn(who)).toBeDefined();
    laterMs = 95 * MINUTE;
    expect(await signedIn(who)).toBeUndefined();
  } finally {
    await idp.start();
  }
});

test("with the provider down sign-in says which address did not answer", async () => {
  await idp.stop();
  try {
    const fresh = buildAuthParts(
      readEnv({
        OIDC_ISSUER: idp.issuer,
        OIDC_CLIENT_ID: "headgate",
        HEADGATE_SECRET_FILE: idp.clientSecretFile,
      }),
      stack.deps,
    );
    parts = { ...parts, provider: fresh.provider };

    expect(await readSignInState(fresh, [])).toMatchObject({
      state: "provider_down",
      message: expect.stringContaining(`${idp.issuer}/.well-known/openid-configuration did not answer`),
    });
    const start = await browser().post(`${consoleUrl}/api/auth/signin/oidc`, { returnTo: "/audit" });
    expect(start.headers.get("location")).toBe(
      `${consoleUrl}/sign-in?problem=provider_down&returnTo=%2Faudit`,
    );
  } finally {
    await idp.start();
  }
});

test("a session ends at its absolute limit, however busy", async () => {
  idp.addAccount("tireless", ["headgate-viewers"]);
  const who = await signIn("tireless");
  for (let minutes = 30; minutes < 600; minutes += 30) {
    laterMs = minutes * MINUTE;
    expect(await signedIn(who)).toBeDefined();
  }

  laterMs = 601 * MINUTE;

  expect(await signedIn(who)).toBeUndefined();
});

test("signing out with the state database down says so, and nobody is told they are signed out", async () => {
  idp.addAccount("stuck", ["headgate-viewers"]);
  const who = await signIn("stuck");
  const dead = openPool("postgres://nobody@127.0.0.1:1/none");
  const down = { ...parts, deps: { ...parts.deps, db: openDb(dead) } };

  const reply = await signOut(down, new Request(consoleUrl, { method: "POST", headers: who.headers() }));

  expect(reply.headers.get("location")).toBe(`${consoleUrl}/sign-in?problem=database_down`);
  expect(reply.headers.get("set-cookie")).toBeNull();
  await dead.end();
});

test("signing out ends the session here and at the provider", async () => {
  idp.addAccount("goer", ["headgate-viewers"]);
  const who = await signIn("goer");
  const elsewhere = await signIn("goer", browser());
  const before = who.headers();

  const reply = await who.post(`${consoleUrl}/api/auth/sign-out`, {});

  const location = new URL(reply.headers.get("location") ?? "");
  expect(location.origin).toBe(idp.issuer);
  expect(location.searchParams.get("post_logout_redirect_uri")).toBe(`${consoleUrl}/`);
  expect(location.searchParams.get("id_token_hint")).toMatch(/^eyJ/);
  expect(who.cookie(parts.cookies.session)).toBeUndefined();
  expect(await findSignedIn(parts, before)).toBeUndefined();
  expect(await signedIn(elsewhere)).toBeDefined();
  expect(await trail("access.sign-out")).toHaveLength(1);
});

test("signing out at the provider ends the session here through the back channel", async () => {
  idp.addAccount("leaving", ["headgate-viewers"]);
  const who = await signIn("leaving");
  const page = await (await who.follow(`${idp.issuer}/session/end`)).response?.text();
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page ?? "")?.[1] ?? "";

  await who.post(`${idp.issuer}/session/end/confirm`, { xsrf, logout: "yes" });

  await expect.poll(() => signedIn(who)).toBeUndefined();
  expect(await trail("access.end-session")).toMatchObject([
    { actor: { name: "Identity provider" }, subject: { person: "Name of leaving" } },
  ]);
});

test("too many attempts from one address have to wait, others do not", async () => {
  const who = browser();
  const places: string[] = [];
  for (let turn = 0; turn < 62; turn += 1)
    places.push((await who.follow(`${consoleUrl}/api/auth/callback/oidc?error=access_denied`)).url);

  expect(places.slice(0, 60).every((url) => url.endsWith("problem=denied"))).toBe(true);
  expect(places.slice(60)).toEqual(Array(2).fill(`${consoleUrl}/sign-in?problem=too_many`));
  const other = await finishSignIn(
    parts,
    new Request(`${consoleUrl}/api/auth/callback/oidc?error=access_denied`, {
      headers: { "x-forwarded-for": "198.51.100.1" },
    }),
  );
  expect(other.headers.get("location")).toContain("problem=denied");
});
