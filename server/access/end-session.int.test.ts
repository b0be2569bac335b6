import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "#domain/access/permissions.ts";
import { listAuditEntries } from "#server/audit/list-audit-entries.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import type { AccessSettings } from "./access-settings.ts";
import { endOtherSessions, endSession } from "./end-session.ts";
import { findSession } from "./find-session.ts";
import { getMe } from "./get-me.ts";
import { limitExpensive } from "./limit-expensive.ts";
import { listMySessions } from "./list-my-sessions.ts";
import { listPeople } from "./list-people.ts";
import { openSession } from "./open-session.ts";
import { purgeExpiredSessions } from "./purge-expired-sessions.ts";

const settings: AccessSettings = {
  secret: "s".repeat(40),
  idleMs: 60 * 60_000,
  maxMs: 10 * 60 * 60_000,
  rolesEveryMs: 5 * 60_000,
  groupsClaim: "groups",
  mapping: [
    { group: "ops", role: "operator" },
    { group: "root", role: "admin" },
  ],
};
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function open(name: string, group = "ops"): Promise<{ token: string; actor: Actor; id: string }> {
  const { token, actor } = await openSession(stack.deps, settings, {
    issuer: "https://id.example",
    subject: name,
    name,
    email: `${name}@example.com`,
    groups: [group],
    oidcSid: undefined,
    tokens: {},
    userAgent: "curl/8",
    address: "192.0.2.9",
    replaces: undefined,
  });
  const session = await findSession(stack.deps, token);
  return { token, actor, id: session?.id ?? "" };
}
const trail = async (action: string) =>
  (
    await listAuditEntries(stack.deps, an("security"), {
      filter: `action:${action}`,
      sort: "",
      page: 1,
      pageSize: 50,
    })
  ).rows;
const isOpen = async (token: string) => (await findSession(stack.deps, token)) !== undefined;

test("I see my sessions, the one in use first, and nobody else's", async () => {
  const [first, second] = [await open("ada"), await open("ada")];
  await open("bob");

  const mine = await listMySessions(stack.deps, first.actor, { sessionId: first.id });

  expect(mine.map(({ id }) => id)).toEqual([first.id, second.id]);
  expect(mine.map(({ isCurrent }) => isCurrent)).toEqual([true, false]);
  expect(mine[0]).toMatchObject({ device: "curl", address: "192.0.2.9" });
});

test("I end one of mine, and the trail names it", async () => {
  const [here, there] = [await open("cleo"), await open("cleo")];

  await endSession(stack.deps, here.actor, { id: there.id });

  expect([await isOpen(here.token), await isOpen(there.token)]).toEqual([true, false]);
  const acts = await trail("access.end-session");
  expect(acts[0]).toMatchObject({ actor: { name: "cleo" }, subject: { person: "cleo", session: there.id } });
  await expect(endSession(stack.deps, here.actor, { id: there.id })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("ending all others keeps the one in use", async () => {
  const [here, one, two] = [await open("dora"), await open("dora"), await open("dora")];

  expect(await endOtherSessions(stack.deps, here.actor, { sessionId: here.id })).toEqual({ ended: 2 });

  expect([await isOpen(here.token), await isOpen(one.token), await isOpen(two.token)]).toEqual([
    true,
    false,
    false,
  ]);
});

test("somebody else's session is ended by an admin only", async () => {
  const [victim, peer, root] = [await open("eve"), await open("finn"), await open("root", "root")];

  await expect(endSession(stack.deps, peer.actor, { id: victim.id })).rejects.toMatchObject({
    code: "forbidden",
  });
  expect(await isOpen(victim.token)).toBe(true);

  await endSession(stack.deps, root.actor, { id: victim.id });
  expect(await isOpen(victim.token)).toBe(false);
  await expect(endSession(stack.deps, root.actor, { id: victim.id })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("an admin lists people with their sessions, others do not", async () => {
  const { actor } = await open("gina");
  const root = await open("root", "root");

  const { people, total } = await listPeople(stack.deps, root.actor, { sessionId: root.id });

  expect(people.find(({ name }) => name === "gina")).toMatchObject({
    roles: ["operator"],
    groups: ["ops"],
    sessions: [{ device: "curl" }],
    sessionCount: 1,
  });
  expect(total).toBe(people.length);
  await expect(listPeople(stack.deps, actor, { sessionId: undefined })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("somebody with very many sessions does not make the list of people endless", async () => {
  for (let session = 0; session < 23; session += 1) await open("script");
  const root = await open("root", "root");

  const { people } = await listPeople(stack.deps, root.actor, { sessionId: root.id });

  const script = people.find(({ name }) => name === "script");
  expect(script).toMatchObject({ sessionCount: 23 });
  expect(script?.sessions).toHaveLength(20);
});

test("I learn my name, roles and permissions", async () => {
  const { actor } = await open("hana");

  const me = await getMe(stack.deps, actor);

  expect(me).toMatchObject({ name: "hana", email: "hana@example.com", roles: ["operator"] });
  expect(me.permissions).toContain("connectors:operate");
  expect(me.permissions).not.toContain("access:manage");
});

test("what has run out is removed, with its entry in the trail", async () => {
  const { token, id } = await open("ivan");
  const later = { ...stack.deps, now: () => new Date(Date.now() + 61 * 60_000) };

  const purged = await purgeExpiredSessions(later);

  expect(purged).toBeGreaterThan(0);
  expect(await isOpen(token)).toBe(false);
  const acts = await trail("access.session-expired");
  expect(acts.map(({ subject }) => subject.session)).toContain(id);
});

test("an expensive call is refused after many in a minute, with the seconds to wait", async () => {
  const jan = an("engineer", "jan");
  for (let turn = 0; turn < 30; turn += 1) await limitExpensive(stack.deps, jan, "connectors.validate");

  await expect(limitExpensive(stack.deps, jan, "connectors.validate")).rejects.toMatchObject({
    code: "too_many_requests",
    message: expect.stringMatching(/Try again in \d+ seconds?/),
  });
  await limitExpensive(stack.deps, jan, "databases.test");
  await limitExpensive(stack.deps, an("engineer", "kim"), "connectors.validate");
  for (let turn = 0; turn < 40; turn += 1)
    await limitExpensive(stack.deps, { ...jan, via: "worker" }, "connectors.validate");
});
