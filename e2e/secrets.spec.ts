import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@playwright/test";
import pg from "pg";
import { z } from "zod";
import { readAllTopics } from "#lab/read-topics.ts";
import { labEndpoints } from "./support/databases.ts";
import { recordedReplies } from "./support/replies.ts";
import { signIn } from "./support/sign-in.ts";

/** Runs last: searches everything the journeys left behind for the values that lie in Vault. */
const endpoints = labEndpoints();
const Secrets = z.record(z.string(), z.string());
const all = Secrets.parse(JSON.parse(readFileSync(join(endpoints.dir, "secrets/lab.json"), "utf8")));
const seeded = Object.entries(all)
  .filter(([name]) => /^role:(shop|library|warehouse)_(connector|readonly|change)$/.test(name))
  .map(([name, value]) => ({ name, bytes: Buffer.from(value) }));

test("the lab's Vault holds the secrets that are searched for", () => {
  expect(seeded.length).toBeGreaterThanOrEqual(7);
  for (const { bytes } of seeded) expect(bytes.length).toBeGreaterThan(16);
});

test("no secret in Headgate's own database", async () => {
  const url = new URL(endpoints.postgres.state.url);
  url.pathname = "/headgate_journeys";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const tables = await client.query<{ name: string }>(
    "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  expect(tables.rows.length).toBeGreaterThan(10);
  let rows = 0;
  for (const { name } of tables.rows) {
    const dump = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
    rows += dump.rows.length;
    expectClean(name, Buffer.from(dump.rows.map(({ row }) => row).join("\n")));
  }
  await client.end();
  expect(rows).toBeGreaterThan(20);
});

test("no secret in any log", () => {
  const folder = join(endpoints.dir, "logs");
  const logs = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".log"),
  );
  expect(logs).toEqual(expect.arrayContaining(["web.log", "worker.log", "connect.log", "openbao.log"]));
  for (const log of logs) expectClean(log, readFileSync(join(folder, log)));
  expectClean("OpenBao's audit log", readFileSync(endpoints.vault.auditLog));
});

test("no secret in the replies the journeys got", () => {
  const replies = recordedReplies();
  expect(replies.length).toBeGreaterThan(100_000);
  expectClean("replies", replies);
});

test("no secret in the audit export", async ({ page }) => {
  await signIn(page, "security");
  for (const format of ["csv", "jsonl"]) {
    const reply = await page.request.post("/api/audit/export", {
      form: { format },
      headers: { origin: new URL(page.url()).origin },
    });
    expect(reply.status()).toBe(200);
    const body = await reply.body();
    expect(body.length).toBeGreaterThan(500);
    expectClean(`audit export as ${format}`, body);
  }
});

test("no secret in Kafka Connect's stored configurations and no topic", async () => {
  const { url } = endpoints.connect;
  const listing = await (await fetch(`${url}/connectors?expand=info&expand=status`)).text();
  expectClean("connectors", Buffer.from(listing));
  const dirty = new Map<string, string>();
  const { topics, records } = await readAllTopics(endpoints, (topic, bytes) => {
    for (const { name, bytes: secret } of seeded) if (bytes.includes(secret)) dirty.set(topic, name);
  });
  expect(topics).toBeGreaterThan(8);
  expect(records).toBeGreaterThan(100_000);
  expect([...dirty]).toEqual([]);
});

test("Vault's own audit log shows that Headgate read no connector's secret, and that Kafka Connect did", async () => {
  const readers: Record<string, number> = {};
  const lookedAt = new Set<string>();
  for await (const line of createInterface({ input: createReadStream(endpoints.vault.auditLog) })) {
    const entry = AuditLine.safeParse(JSON.parse(line));
    // A refused attempt reads nothing: the lab's own tests make such attempts to prove the policy.
    if (!entry.success || entry.data.type !== "response" || entry.data.error) continue;
    const { auth, request } = entry.data;
    const role = auth?.metadata?.role_name ?? "none";
    if (request.path.startsWith("secret/data/connectors/") && request.operation === "read")
      readers[role] = (readers[role] ?? 0) + 1;
    if (role === "headgate") lookedAt.add(request.path.split("/").slice(0, 3).join("/"));
  }
  expect(readers.headgate).toBeUndefined();
  expect(readers["headgate-connect"]).toBeGreaterThan(0);
  expect([...lookedAt]).toEqual(
    expect.arrayContaining(["secret/subkeys/connectors", "secret/data/headgate"]),
  );
});

const AuditLine = z.object({
  type: z.string(),
  error: z.string().optional(),
  auth: z.object({ metadata: z.record(z.string(), z.string()).nullish() }).nullish(),
  request: z.object({ path: z.string(), operation: z.string() }),
});

function expectClean(what: string, bytes: Buffer): void {
  const found = seeded.filter(({ bytes: secret }) => bytes.includes(secret)).map(({ name }) => name);
  expect(found, what).toEqual([]);
}
