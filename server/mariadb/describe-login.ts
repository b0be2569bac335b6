import type mysql from "mysql2/promise";
import { z } from "zod";
import type { LoginRole } from "#domain/databases/connection-test.ts";
import { readRow, readRows } from "./read-rows.ts";

const Server = z.object({ version: z.string(), standby: z.coerce.number() });
const Tls = z.object({ value: z.string() });
const Privilege = z.object({ privilege: z.string() });
const Tables = z.object({ readable: z.coerce.number(), writable: z.coerce.number() });

/** `'name'@'host'` as information_schema writes whom a privilege belongs to. */
const GRANTEE =
  "concat('''', substring_index(current_user(), '@', 1), '''@''', substring_index(current_user(), '@', -1), '''')";
const WRITES = "('INSERT', 'UPDATE', 'DELETE')";

/** What the server is, and what the account that asks may do; not what it is called. */
export async function describeLogin(client: mysql.Connection): Promise<{
  version: string;
  isMariadb: boolean;
  isStandby: boolean;
  tls: string | undefined;
  role: LoginRole;
}> {
  const server = await readRow(client, Server, "select version() as version, @@global.read_only as standby");
  const [tls] = await readRows(
    client,
    Tls,
    "select variable_value as value from information_schema.session_status where variable_name = 'Ssl_version'",
  );
  const everywhere = new Set(
    (
      await readRows(
        client,
        Privilege,
        `select privilege_type as privilege from information_schema.user_privileges where grantee = ${GRANTEE}`,
      )
    ).map(({ privilege }) => privilege.toUpperCase()),
  );
  const tables = await readRow(
    client,
    Tables,
    `select count(*) as readable,
            coalesce(sum(exists (select 1 from information_schema.user_privileges p where p.grantee = ${GRANTEE} and p.privilege_type in ${WRITES})
              or exists (select 1 from information_schema.schema_privileges p where p.grantee = ${GRANTEE} and p.privilege_type in ${WRITES} and t.table_schema like p.table_schema)
              or exists (select 1 from information_schema.table_privileges p where p.grantee = ${GRANTEE} and p.privilege_type in ${WRITES} and p.table_schema = t.table_schema and p.table_name = t.table_name)), 0) as writable
       from information_schema.tables t
      where t.table_type = 'BASE TABLE' and t.table_schema not in ('mysql', 'sys', 'information_schema', 'performance_schema')`,
  );
  return {
    version: server.version.split("-")[0] ?? server.version,
    isMariadb: /mariadb/i.test(server.version),
    isStandby: server.standby === 1,
    tls: tls?.value || undefined,
    role: {
      superuser: everywhere.has("SUPER") || everywhere.has("FILE"),
      replication: everywhere.has("REPLICATION SLAVE"),
      createsRoles: everywhere.has("CREATE USER"),
      createsDatabases: everywhere.has("CREATE"),
      bypassesRowSecurity: false,
      writableTables: tables.writable,
      readableTables: tables.readable,
    },
  };
}
