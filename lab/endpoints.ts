import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { databases } from "./databases.ts";
import { allowedOverrides } from "./engines/connect.ts";
import type { LabContext } from "./engines/engine.ts";
import { oidcClientId } from "./engines/oidc.ts";
import { adminUrlOf, roleUrl } from "./engines/postgres.ts";
import { writePrivate } from "./lab-secrets.ts";
import { DemoAccounts, demoAccounts, demoPassword } from "./oidc/accounts.ts";
import { secretIdFiles, vaultKeys } from "./vault-set-up.ts";

const Server = z.object({ host: z.string(), port: z.number() });

/** Where everything of a running lab is, as other programs read it from `endpoints.json`. */
export const Endpoints = z.object({
  dir: z.string(),
  portBase: z.number(),
  headgateUrl: z.url(),
  headgateSecretFile: z.string(),
  kafka: z.object({ brokers: z.array(z.string()) }),
  connect: z.object({ url: z.url(), overrides: z.array(z.string()), pluginPath: z.string() }),
  registry: z.object({ /** Confluent-compatible. */ url: z.url(), nativeUrl: z.url() }),
  vault: z.object({
    address: z.url(),
    roleId: z.string(),
    secretIdFile: z.string(),
    connectorAccessor: z.string(),
    auditLog: z.string(),
    /** File with the root token, for tests that seed or rotate secrets. */
    rootTokenFile: z.string(),
  }),
  oidc: z.object({
    issuer: z.url(),
    clientId: z.string(),
    clientSecretFile: z.string(),
    /** The provider reads it at every sign-in and refresh: edit somebody's groups here. */
    accountsFile: z.string(),
  }),
  postgres: z.object({
    /** Headgate's own database; the one address here that carries a password. */
    state: z.object({ url: z.string() }),
    source: Server.extend({ databases: z.array(z.string()) }),
    target: Server.extend({ database: z.string() }),
    /** File with superuser addresses of all three servers, for tests only: see `readAdminUrls`. */
    adminUrlsFile: z.string(),
  }),
  /** Where the lab has MariaDB: `billing` and whatever tests make there. */
  mariadb: Server.extend({
    databases: z.array(z.string()),
    /** File with the administrator's password, for tests only: see `readMariadbLogin`. */
    adminPasswordFile: z.string(),
  }).optional(),
  accounts: DemoAccounts,
  demoPassword: z.string(),
});
export type Endpoints = z.infer<typeof Endpoints>;

const AdminUrls = z.object({
  state: z.string(),
  shop: z.string(),
  library: z.string(),
  warehouse: z.string(),
});
export type AdminUrls = z.infer<typeof AdminUrls>;

export const endpointsFile = (dir: string) => join(dir, "endpoints.json");

export function readEndpoints(dir: string): Endpoints {
  const file = endpointsFile(dir);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`No running lab in ${dir}: start one with npm run lab -- start`, { cause });
  }
  return Endpoints.parse(JSON.parse(text));
}

export function readAdminUrls(endpoints: Endpoints): AdminUrls {
  return AdminUrls.parse(JSON.parse(readFileSync(endpoints.postgres.adminUrlsFile, "utf8")));
}

/** Address of one database role, such as `shop_readonly` or `warehouse_change`; for tests. */
export function readRoleUrl(
  endpoints: Endpoints,
  database: "shop" | "library" | "warehouse",
  role: string,
): string {
  const password = readRolePassword(endpoints.dir, role);
  const { source, target } = endpoints.postgres;
  return roleUrl(database === "warehouse" ? target.port : source.port, database, role, password);
}

/** Login of one role of MariaDB, such as `root` or `billing_app`; for tests. */
export function readMariadbLogin(endpoints: Endpoints, role: string) {
  if (!endpoints.mariadb) {
    throw new Error(
      "This lab has no MariaDB: install it (Debian: apt-get install mariadb-server-core mariadb-client-core) and start the lab again",
    );
  }
  const { host, port, adminPasswordFile } = endpoints.mariadb;
  const password =
    role === "root" ? readFileSync(adminPasswordFile, "utf8") : readRolePassword(endpoints.dir, role);
  return { host, port, user: role, password };
}

function readRolePassword(dir: string, role: string): string {
  const stored = z
    .record(z.string(), z.string())
    .parse(JSON.parse(readFileSync(join(dir, "secrets/lab.json"), "utf8")));
  const password = stored[`role:${role}`];
  if (!password) throw new Error(`The lab knows no role ${role}`);
  return password;
}

export function describeEndpoints(
  ctx: Pick<LabContext, "dir" | "ports" | "secrets" | "headgateUrl" | "mariadb">,
  portBase: number,
): Endpoints {
  const { ports, secrets, dir } = ctx;
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const adminUrlsFile = join(secrets.folder, "admin-urls.json");
  const adminUrls: AdminUrls = {
    state: adminUrlOf(ctx, "postgres-state", "postgres"),
    shop: adminUrlOf(ctx, "postgres-source", "shop"),
    library: adminUrlOf(ctx, "postgres-source", "library"),
    warehouse: adminUrlOf(ctx, "postgres-target", "warehouse"),
  };
  writePrivate(adminUrlsFile, `${JSON.stringify(adminUrls, undefined, 2)}\n`);
  return {
    dir,
    portBase,
    headgateUrl: ctx.headgateUrl,
    headgateSecretFile: secrets.asFile("headgate-secret"),
    kafka: { brokers: [`127.0.0.1:${ports.kafka}`] },
    connect: {
      url: at(ports.connect),
      overrides: [...allowedOverrides],
      pluginPath: join(dir, "connect/plugins"),
    },
    registry: {
      url: `${at(ports.registry)}/apis/ccompat/v7`,
      nativeUrl: `${at(ports.registry)}/apis/registry/v2`,
    },
    vault: {
      address: at(ports.vault),
      roleId: secrets.get(vaultKeys.headgateRoleId),
      secretIdFile: secrets.asFile(secretIdFiles.headgate),
      connectorAccessor: secrets.get(vaultKeys.connectorAccessor),
      auditLog: join(dir, "openbao/audit.log"),
      rootTokenFile: secrets.asFile(vaultKeys.rootToken),
    },
    oidc: {
      issuer: at(ports.oidc),
      clientId: oidcClientId,
      clientSecretFile: secrets.asFile("oidc-client-secret"),
      accountsFile: join(dir, "oidc/accounts.json"),
    },
    postgres: {
      state: { url: roleUrl(ports["postgres-state"], "headgate", "headgate", secrets.get("role:headgate")) },
      source: {
        host: "127.0.0.1",
        port: ports["postgres-source"],
        databases: databases.filter(({ server }) => server === "postgres-source").map(({ name }) => name),
      },
      target: { host: "127.0.0.1", port: ports["postgres-target"], database: "warehouse" },
      adminUrlsFile,
    },
    ...(ctx.mariadb
      ? {
          mariadb: {
            host: "127.0.0.1",
            port: ports.mariadb,
            databases: databases.filter(({ server }) => server === "mariadb").map(({ name }) => name),
            adminPasswordFile: secrets.asFile("mariadb:root"),
          },
        }
      : {}),
    accounts: [...demoAccounts],
    demoPassword,
  };
}
