import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { databases, rolesOf } from "../databases.ts";
import type { LabContext } from "../engines/engine.ts";
import type { PostgresServer } from "../engines/postgres.ts";

/** Share of the wanted rows per table; order_items come on top, two per order on average. */
export function rowsPerTable(rows: number): Record<string, number> {
  const share = (part: number, least: number) => Math.max(least, Math.round(rows * part));
  return {
    customers: share(0.1, 20),
    products: share(0.02, 20),
    orders: share(0.23, 20),
    articles: share(0.005, 5),
    manuals: share(0.002, 4),
    sessions: share(0.1, 20),
    audit_log: share(0.1, 20),
  };
}

/** Roles, databases and first rows of one server; whatever is there already is left as it is. */
export async function setUpServer(
  ctx: Pick<LabContext, "repoDir" | "rows" | "secrets">,
  server: PostgresServer,
  adminUrl: (database: string) => string,
): Promise<void> {
  for (const { name, kind } of databases.filter((database) => database.server === server)) {
    const roles = rolesOf(name);
    const owner = `${name}_owner`;
    const password = (role: string) => ctx.secrets.get(`role:${role}`);
    await withClient(adminUrl("postgres"), async (admin) => {
      await ensureRole(admin, owner, "nologin");
      await ensureRole(admin, roles.readOnly, "login", password(roles.readOnly));
      if (kind === "source") {
        await ensureRole(admin, roles.connector, "login replication", password(roles.connector));
        await ensureRole(admin, roles.application, "login", password(roles.application));
      } else {
        await ensureRole(admin, roles.connector, "login", password(roles.connector));
        await ensureRole(admin, roles.change, "login", password(roles.change));
      }
      await ensureDatabase(admin, name, owner);
    });
    await withClient(adminUrl(name), async (admin) => {
      await admin.query(grants(name, kind));
      if (kind === "source") await fillOnce(admin, ctx, name, owner);
    });
  }
}

/** Headgate's own database: an empty one that its role owns. */
export async function setUpState(
  ctx: Pick<LabContext, "secrets">,
  adminUrl: (database: string) => string,
): Promise<void> {
  await withClient(adminUrl("postgres"), async (admin) => {
    await ensureRole(admin, "headgate", "login createdb", ctx.secrets.get("role:headgate"));
    await ensureDatabase(admin, "headgate", "headgate");
  });
}

function grants(database: string, kind: "source" | "target"): string {
  const { connector, readOnly, change, application } = rolesOf(database);
  const owner = `${database}_owner`;
  const common = [
    `revoke all on database ${database} from public`,
    `grant connect on database ${database} to ${connector}, ${readOnly}`,
    `grant usage on schema public to ${readOnly}`,
    // Tables that come later, by whomever, are readable too.
    `grant pg_read_all_data to ${readOnly}`,
  ];
  const special =
    kind === "source"
      ? [
          // A publication can only be made by the tables' owner with create on the database.
          `grant ${owner} to ${connector}`,
          `grant create on database ${database} to ${connector}`,
          `grant connect on database ${database} to ${application}`,
          `grant pg_read_all_data, pg_write_all_data to ${application}`,
          `alter schema public owner to ${owner}`,
        ]
      : [
          `grant connect on database ${database} to ${change}`,
          `grant create, usage on schema public to ${connector}, ${change}`,
          // Only a table's owner may alter it, and the connector's role owns what the sink creates.
          `grant ${connector} to ${change}`,
        ];
  return [...common, ...special].join(";\n");
}

/** All rows or none: a start that was cut off begins again. */
async function fillOnce(
  admin: pg.Client,
  ctx: Pick<LabContext, "repoDir" | "rows">,
  database: string,
  owner: string,
) {
  const { rows } = await admin.query<{ filled: boolean }>(
    "select exists (select from pg_tables where schemaname = 'public') as filled",
  );
  if (rows[0]?.filled) return;
  const sql = await readFile(join(ctx.repoDir, "lab/sources", `${database}.sql`), "utf8");
  await admin.query("begin");
  for (const [table, wanted] of Object.entries(rowsPerTable(ctx.rows))) {
    await admin.query("select set_config($1, $2, true)", [`lab.${table}`, String(wanted)]);
  }
  await admin.query(`set local role ${owner}`);
  await admin.query(sql);
  await admin.query("commit");
  await admin.query("analyze");
}

async function ensureRole(
  admin: pg.Client,
  role: string,
  attributes: string,
  password?: string,
): Promise<void> {
  const { rowCount } = await admin.query("select from pg_roles where rolname = $1", [role]);
  if (rowCount) return;
  const secret = password === undefined ? "" : ` password '${scramVerifier(password)}'`;
  await admin.query(`create role ${role} ${attributes}${secret}`);
}

async function ensureDatabase(admin: pg.Client, database: string, owner: string): Promise<void> {
  const { rowCount } = await admin.query("select from pg_database where datname = $1", [database]);
  if (!rowCount) await admin.query(`create database ${database} owner ${owner}`);
}

/** What PostgreSQL would store: the password itself never travels in a statement that somebody may log. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const iterations = 4_096;
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash("sha256").update(clientKey).digest("base64");
  const serverKey = createHmac("sha256", salted).update("Server Key").digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
