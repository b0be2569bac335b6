import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type mysql from "mysql2/promise";
import { rolesOf } from "../databases.ts";
import type { LabContext } from "../engines/engine.ts";
import { nativeHash } from "../engines/mariadb.ts";

/** What Debezium asks for: snapshot, schema, the binary log, its position. */
const CONNECTOR_RIGHTS =
  "select, reload, show databases, binlog monitor, replication slave, replication slave admin, slave monitor";

/** Accounts, database and first rows of MariaDB's source; whatever is there already is left as it is. */
export async function setUpBilling(
  ctx: Pick<LabContext, "repoDir" | "rows" | "secrets">,
  admin: mysql.Connection,
): Promise<void> {
  const roles = rolesOf("billing");
  await admin.query("create database if not exists billing character set utf8mb4 collate utf8mb4_general_ci");
  // Accounts stay out of the log: nobody replicates this server.
  await admin.query("set session sql_log_bin = 0");
  for (const role of [roles.connector, roles.readOnly, roles.application]) {
    const hash = nativeHash(ctx.secrets.get(`role:${role}`));
    await admin.query(`create user if not exists '${role}'@'%' identified by password '${hash}'`);
  }
  await admin.query(`grant ${CONNECTOR_RIGHTS} on *.* to '${roles.connector}'@'%'`);
  // Its position in the binary log tells how far a comparison has to wait.
  await admin.query(`grant binlog monitor on *.* to '${roles.readOnly}'@'%'`);
  await admin.query(`grant select, show view on billing.* to '${roles.readOnly}'@'%'`);
  await admin.query(`grant select, insert, update, delete on billing.* to '${roles.application}'@'%'`);
  await admin.query("set session sql_log_bin = 1");
  await fillOnce(ctx, admin);
}

/** DDL commits by itself here, so a start that was cut off is known by its last table being empty, and begins again. */
async function fillOnce(ctx: Pick<LabContext, "repoDir" | "rows">, admin: mysql.Connection): Promise<void> {
  const [marks] = await admin.query<mysql.RowDataPacket[]>(
    "select table_name from information_schema.tables where table_schema = 'billing' and table_comment = 'filled'",
  );
  if (marks.length > 0) return;
  const sql = await readFile(join(ctx.repoDir, "lab/sources/billing.sql"), "utf8");
  await admin.query("use billing");
  await admin.query(
    "drop table if exists payments; drop table if exists invoice_lines; drop table if exists invoices",
  );
  // LIMIT takes no variable outside a prepared statement.
  await admin.query(sql.replaceAll("@lab_rows;", `${Math.max(20, Math.round(ctx.rows * 0.02))};`));
  await admin.query("alter table payments comment = 'filled'");
}
