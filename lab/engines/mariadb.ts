import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { runCommand } from "../run-command.ts";
import type { Engine, LabContext } from "./engine.ts";

export type MariadbBinaries = { server: string; install: string };

/** Folders where packages put the server besides those of an ordinary account's PATH. */
const serverFolders = ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"];

/** MariaDB's programs, or undefined where it is not installed: the lab then runs without it. */
export function findMariadb(path = process.env.PATH ?? ""): MariadbBinaries | undefined {
  const folders = [...path.split(":").filter(Boolean), ...serverFolders];
  const find = (name: string) => folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  const server = find("mariadbd");
  const install = find("mariadb-install-db");
  return server && install ? { server, install } : undefined;
}

export function mariadbEngine(
  ctx: LabContext,
  binaries: MariadbBinaries,
  setUp: (admin: mysql.Connection) => Promise<void>,
): Engine {
  const data = join(ctx.dir, "mariadb");
  const initFile = `${data}.init.sql`;
  const settings = mariadbSettings(ctx.ports.mariadb);

  return {
    name: "mariadb",
    after: [],
    ports: ["mariadb"],
    stopSignal: "SIGTERM",
    stopPatienceMs: 15_000,

    async prepare() {
      await writeFile(initFile, adminStatements(ctx.secrets.get("mariadb:root")), { mode: 0o600 });
      if (!existsSync(join(data, "mysql"))) {
        await initialise(binaries.install, data, ctx.logFile("mariadb"));
      }
    },
    command: () => ({
      file: binaries.server,
      args: [
        "--no-defaults",
        ...ownAccount(),
        `--datadir=${data}`,
        `--init-file=${initFile}`,
        ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`),
      ],
    }),
    async isReady() {
      const client = await connectAsAdmin(ctx, 2_000);
      await client.end();
      return true;
    },
    async setUp() {
      const admin = await connectAsAdmin(ctx, 10_000);
      try {
        await setUp(admin);
      } finally {
        await admin.end();
      }
    },
  };
}

export function mariadbSettings(port: number): Record<string, string> {
  return {
    port: String(port),
    "bind-address": "127.0.0.1",
    // Without a socket file, whose path could be too long in a deep folder.
    socket: "",
    "skip-name-resolve": "ON",
    "server-id": String(port),
    "log-bin": "binlog",
    "binlog-format": "ROW",
    "binlog-row-image": "FULL",
    "gtid-strict-mode": "ON",
    "max-binlog-size": "64M",
    "expire-logs-days": "7",
    "innodb-buffer-pool-size": "64M",
    "innodb-log-file-size": "48M",
    // Containers often forbid io_uring, on which the server insists otherwise.
    "innodb-use-native-aio": "OFF",
    "performance-schema": "OFF",
    "character-set-server": "utf8mb4",
    "collation-server": "utf8mb4_general_ci",
    "default-time-zone": "+00:00",
    "max-connections": "100",
    "open-files-limit": "4096",
    "table-open-cache": "400",
  };
}

/**
 * The account that starts the lab, root included: another one with the right to pass private folders (as PostgreSQL gets)
 * makes Aria take its own tables for moved ones, and lose them at the next crash (10.11).
 */
function ownAccount(): string[] {
  return process.getuid?.() === 0 ? ["--user=root"] : [];
}

export const mariadbAdmin = (ctx: Pick<LabContext, "ports" | "secrets">) => ({
  host: "127.0.0.1",
  port: ctx.ports.mariadb,
  user: "root",
  password: ctx.secrets.get("mariadb:root"),
});

/** What the server stores of a password: the password itself never travels in a statement that somebody may log. */
export function nativeHash(password: string): string {
  const once = createHash("sha1").update(password).digest();
  return `*${createHash("sha1").update(once).digest("hex").toUpperCase()}`;
}

/** Runs at each start before anybody can connect: a fresh data folder has accounts without a password. */
function adminStatements(password: string): string {
  return `${[
    "set session sql_log_bin = 0",
    `create or replace user 'root'@'127.0.0.1' identified by password '${nativeHash(password)}'`,
    "grant all privileges on *.* to 'root'@'127.0.0.1' with grant option",
    "delete from mysql.global_priv where user = '' or (user = 'root' and host <> '127.0.0.1')",
    "flush privileges",
  ].join(";\n")};\n`;
}

async function connectAsAdmin(
  ctx: Pick<LabContext, "ports" | "secrets">,
  connectTimeout: number,
): Promise<mysql.Connection> {
  const client = await mysql.createConnection({
    ...mariadbAdmin(ctx),
    connectTimeout,
    multipleStatements: true,
  });
  client.on("error", () => {});
  return client;
}

/** The system tables are made beside the final place: a half-made data folder is never taken for a whole one. */
async function initialise(install: string, data: string, logFile: string): Promise<void> {
  const staging = `${data}.partial`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { mode: 0o700 });
  try {
    await runCommand(
      {
        file: install,
        args: [
          "--no-defaults",
          ...ownAccount(),
          `--datadir=${staging}`,
          "--auth-root-authentication-method=normal",
          "--skip-test-db",
          "--skip-name-resolve",
          "--innodb-use-native-aio=OFF",
          "--innodb-log-file-size=48M",
        ],
      },
      { what: "Creating a MariaDB data folder", logFile, timeoutMs: 120_000 },
    );
    await chmod(staging, 0o700);
    await rename(staging, data);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
