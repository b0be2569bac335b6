import { readFileSync } from "node:fs";
import mysql from "mysql2/promise";
import { z } from "zod";
import type { DatabaseDraftInput } from "#domain/databases/schema.ts";
import { readLabFile, uniqueName } from "./stack.ts";
import { openVault, type TestVault } from "./vault.ts";

const LabEndpoints = z.object({
  vault: z.object({ address: z.string(), rootTokenFile: z.string() }),
  mariadb: z.object({ host: z.string(), port: z.number(), adminPasswordFile: z.string() }).optional(),
});

export interface MariadbSource {
  /** Name of the database on the lab's MariaDB, made for this test alone. */
  name: string;
  host: string;
  port: number;
  /** May do everything; `multipleStatements` is on. */
  admin: mysql.Connection;
  readonly: { user: string; password: string };
  connectorRole: string;
  /** Paths of its secrets below the mount `secret`. */
  paths: { connector: string; readonly: string };
  vault: TestVault;
  draft(over?: Partial<DatabaseDraftInput>): DatabaseDraftInput;
  stop(): Promise<void>;
}

/** A database of the test's own on the lab's MariaDB, with accounts, and secrets for them in the lab's Vault. */
export async function startMariadbSource(): Promise<MariadbSource> {
  const lab = LabEndpoints.parse(readLabFile("endpoints.json"));
  if (!lab.mariadb) {
    throw new Error(
      "The lab runs without MariaDB: install it (Debian: apt-get install mariadb-server-core mariadb-client-core) and start the lab again",
    );
  }
  const { host, port } = lab.mariadb;
  const name = uniqueName("hg").replaceAll("-", "_");
  const connectorRole = `${name}_connector`;
  const readonly = { user: `${name}_readonly`, password: `ro-${crypto.randomUUID()}` };
  const connectorPassword = `canary-${crypto.randomUUID()}`;
  const paths = { connector: `connectors/${name}`, readonly: `headgate/${name}` };
  const vault = openVault(lab.vault);
  const admin = await mysql.createConnection({
    host,
    port,
    user: "root",
    password: readFileSync(lab.mariadb.adminPasswordFile, "utf8"),
    multipleStatements: true,
    charset: "utf8mb4_bin",
    timezone: "Z",
  });
  await admin.query(
    `create database ${name} character set utf8mb4 collate utf8mb4_general_ci; use ${name};
     set session time_zone = '+00:00';
     create user ${connectorRole} identified by '${connectorPassword}';
     create user ${readonly.user} identified by '${readonly.password}';
     grant select, reload, show databases, binlog monitor, replication slave, replication slave admin, slave monitor on *.* to ${connectorRole};
     grant binlog monitor on *.* to ${readonly.user};
     grant select, show view on ${name}.* to ${readonly.user}`,
  );
  await vault.write(paths.connector, { username: connectorRole, password: connectorPassword });
  await vault.write(paths.readonly, { username: readonly.user, password: readonly.password });
  return {
    name,
    host,
    port,
    admin,
    readonly,
    connectorRole,
    paths,
    vault,
    draft: (over = {}) => ({
      name: name.replaceAll("_", "-"),
      engine: "mariadb",
      host,
      port,
      databaseName: name,
      tlsMode: "disable",
      cluster: "lab",
      role: "source",
      connectorRole,
      connectorUserRef: `vault://secret/${paths.connector}#username`,
      connectorPasswordRef: `vault://secret/${paths.connector}#password`,
      readonlyUserRef: `vault://secret/${paths.readonly}#username`,
      readonlyPasswordRef: `vault://secret/${paths.readonly}#password`,
      ...over,
    }),
    async stop() {
      await vault.cleanUp();
      await admin.query(`drop database ${name}; drop user ${connectorRole}; drop user ${readonly.user}`);
      await admin.end();
    },
  };
}
