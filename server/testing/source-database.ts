import { readFileSync } from "node:fs";
import pg from "pg";
import { z } from "zod";
import type { DatabaseDraftInput } from "#domain/databases/schema.ts";
import { readLabFile, uniqueName } from "./stack.ts";
import { openVault, type TestVault } from "./vault.ts";

const AdminUrls = z.record(z.string(), z.string());

interface LabEndpoints {
  vault: { address: string; rootTokenFile: string };
  postgres: { source: { host: string; port: number }; adminUrlsFile: string };
}

export interface SourceDatabase {
  /** Name of the database on the lab's source server, made for this test alone. */
  name: string;
  host: string;
  port: number;
  connectorRole: string;
  readonly: { user: string; password: string };
  connectorPassword: string;
  /** Paths of its secrets below the mount `secret`. */
  paths: { connector: string; readonly: string };
  vault: TestVault;
  admin: pg.Client;
  draft(over?: Partial<DatabaseDraftInput>): DatabaseDraftInput;
  stop(): Promise<void>;
}

/** A database of the test's own on the lab's source server, with roles, and secrets for them in the lab's Vault. */
export async function startSourceDatabase(): Promise<SourceDatabase> {
  const lab = readLabFile<LabEndpoints>("endpoints.json");
  const shopUrl = AdminUrls.parse(JSON.parse(readFileSync(lab.postgres.adminUrlsFile, "utf8"))).shop ?? "";
  const name = uniqueName("hg").replaceAll("-", "_");
  const connectorRole = `${name}_connector`;
  const readonly = { user: `${name}_readonly`, password: `ro-${crypto.randomUUID()}` };
  const connectorPassword = `canary-${crypto.randomUUID()}`;
  const paths = { connector: `connectors/${name}`, readonly: `headgate/${name}` };
  const vault = openVault(lab.vault);
  const server = new pg.Client({ connectionString: shopUrl });
  await server.connect();
  await server.query(`create database ${name}`);
  await server.query(`create role ${connectorRole} login replication password '${connectorPassword}'`);
  await server.query(`create role ${readonly.user} login password '${readonly.password}'`);
  const adminUrl = new URL(shopUrl);
  adminUrl.pathname = `/${name}`;
  const admin = new pg.Client({ connectionString: adminUrl.href });
  await admin.connect();
  await vault.write(paths.connector, { username: connectorRole, password: connectorPassword });
  await vault.write(paths.readonly, { username: readonly.user, password: readonly.password });
  const { host, port } = lab.postgres.source;
  return {
    name,
    host,
    port,
    connectorRole,
    readonly,
    connectorPassword,
    paths,
    vault,
    admin,
    draft: (over = {}) => ({
      name: name.replaceAll("_", "-"),
      engine: "postgresql",
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
      await admin.end();
      await vault.cleanUp();
      await server.query(`drop database ${name} with (force)`);
      await server.query(`drop role ${connectorRole}`);
      await server.query(`drop role ${readonly.user}`);
      await server.end();
    },
  };
}
