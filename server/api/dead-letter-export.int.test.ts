import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { AccessSettings } from "#server/access/access-settings.ts";
import { openSession } from "#server/access/open-session.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { LAB_DIR, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { handleDeadLetterExport } from "./dead-letter-export.ts";

let stack: Stack;
let kafka: TestKafka;
let cookie = "";
const folder = mkdtempSync(join(tmpdir(), "hg-export-"));
const secret = "s".repeat(40);
const settings: AccessSettings = {
  secret,
  idleMs: 3_600_000,
  maxMs: 36_000_000,
  rolesEveryMs: 300_000,
  groupsClaim: "groups",
  mapping: [{ group: "headgate-viewers", role: "viewer" }],
};

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  writeFileSync(join(folder, "secret"), secret);
  vi.stubEnv("DATABASE_URL", stack.databaseUrl);
  vi.stubEnv("HEADGATE_CONFIG", `${LAB_DIR}/headgate.yaml`);
  vi.stubEnv("HEADGATE_SECRET_FILE", join(folder, "secret"));
  const { token } = await openSession(stack.deps, settings, {
    issuer: "https://id.example",
    subject: "vera",
    name: "Vera",
    email: "vera@example.com",
    groups: ["headgate-viewers"],
    oidcSid: undefined,
    tokens: {},
    userAgent: "curl/8",
    address: "192.0.2.9",
    replaces: undefined,
  });
  cookie = `headgate.session=${token}`;
  const topic = uniqueName("dlq-route");
  await kafka.createTopic(topic);
  await kafka.produce(
    topic,
    [0, 1, 2].map((offset) => ({ key: `k${offset}`, value: "x", headers: errorHeaders({ offset }) })),
  );
  await indexTopic(stack, kafka, topic, 3);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await kafka.stop();
  await stack.stop();
});

const post = (body: string, headers: Record<string, string> = { cookie }) =>
  handleDeadLetterExport(
    new Request("http://localhost:3000/api/dead-letters/export", { method: "POST", body, headers }),
  );

test("a download with as many lines as it says, for whoever is signed in", async () => {
  const answer = await post("format=jsonl&filter=offset%3A%3E0");

  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-headgate-records")).toBe("2");
  expect(answer.headers.get("content-disposition")).toMatch(
    /attachment; filename="headgate-dead-letters-.*\.jsonl"/,
  );
  expect((await answer.text()).trim().split("\n")).toHaveLength(2);
});

test.each([
  ["nobody is signed in", "format=csv", {}, 401],
  ["the form is not understood", "format=pdf", undefined, 400],
  ["the filter is not understood", "format=csv&filter=nonsense%3A1", undefined, 400],
  ["payload without the right to it", "format=csv&payload=yes", undefined, 403],
])("refused when %s", async (_case, body, headers, status) => {
  expect((await post(body, headers)).status).toBe(status);
});
