import { expect, test } from "vitest";
import { DatabaseDraft, type DatabaseDraftInput, DatabaseUpdate } from "./schema.ts";

const draft = (over: Partial<DatabaseDraftInput> = {}): DatabaseDraftInput => ({
  name: "shop",
  engine: "postgresql",
  host: "db.example.com",
  port: 5432,
  databaseName: "shop",
  tlsMode: "verify-full",
  tlsCa: "",
  cluster: "main",
  role: "source",
  connectorRole: "shop_connector",
  connectorUserRef: "vault://kv/connectors/shop#username",
  connectorPasswordRef: "${vault:kv/connectors/shop:password}",
  readonlyUserRef: "vault://kv/headgate/shop#username",
  readonlyPasswordRef: "vault://kv/headgate/shop#password",
  ...over,
});
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

test("a draft is read, blanks are absent and references are canonical", () => {
  expect(DatabaseDraft.parse(draft({ changeUserRef: "" }))).toMatchObject({
    tlsCa: undefined,
    changeUserRef: undefined,
    connectorPasswordRef: "vault://kv/connectors/shop#password",
  });
});

test.each(["localhost", "127.0.0.1", "::1", "fd00::1", "db-1.eu_west.internal"])("%s is a host", (host) => {
  expect(DatabaseDraft.safeParse(draft({ host })).success).toBe(true);
});

test.each([
  ["a URL as host", { host: "postgres://u:hunter2@h" }, "host"],
  ["a port in the host", { host: "h:5432" }, "host"],
  ["a cloud's metadata address", { host: "169.254.169.254" }, "host"],
  ["user info in the host", { host: "u@h" }, "host"],
  ["a path in the host", { host: "h/../x" }, "host"],
  ["a Vault token as host", { host: "hvs.CAESIJ1234567890abcdefghij" }, "host"],
  [
    "a GitHub token as database",
    { databaseName: "ghp_123456789012345678901234567890123456" },
    "databaseName",
  ],
  ["a token as role", { connectorRole: "ghp_123456789012345678901234567890123456" }, "connectorRole"],
  ["blanks in the database name", { databaseName: "a b" }, "databaseName"],
  ["a private key as CA", { tlsCa: "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----" }, "tlsCa"],
  [
    "a private key behind a certificate",
    { tlsCa: `${CERTIFICATE}-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----` },
    "tlsCa",
  ],
  ["a CA that nothing looks at", { tlsCa: CERTIFICATE, tlsMode: "require" }, "tlsCa"],
  ["a secret instead of a reference", { connectorPasswordRef: "hunter2" }, "connectorPasswordRef"],
  ["half a change credential", { role: "target", changeUserRef: "vault://kv/c#u" }, "changePasswordRef"],
  [
    "a change credential on a source",
    { changeUserRef: "vault://kv/c#u", changePasswordRef: "vault://kv/c#p" },
    "changeUserRef",
  ],
  [
    "one credential for connectors and Headgate",
    { readonlyPasswordRef: "vault://kv/connectors/shop#password" },
    "readonlyPasswordRef",
  ],
  ["an engine that is not supported yet", { engine: "oracle" }, "engine"],
  ["a port out of range", { port: 70_000 }, "port"],
  ["capitals in the name", { name: "Shop" }, "name"],
] as const)("%s is refused at its field", (_case, over, path) => {
  const parsed = DatabaseDraft.safeParse(draft(over as Partial<DatabaseDraftInput>));

  expect(parsed.error?.issues.map((issue) => issue.path[0])).toContain(path);
  expect(JSON.stringify(parsed.error?.issues)).not.toMatch(/hunter2|ghp_|hvs\.|MIIB/);
});

test("an update has no defaults", () => {
  expect(DatabaseUpdate.safeParse({ id: crypto.randomUUID(), version: 1, name: "x" }).success).toBe(false);
});
