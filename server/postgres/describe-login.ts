import type pg from "pg";
import { z } from "zod";
import type { LoginRole } from "#domain/databases/connection-test.ts";
import { readRow } from "./read-rows.ts";

const Server = z.object({ version: z.string(), standby: z.boolean(), tls: z.string().nullable() });

const Login = z.object({
  superuser: z.boolean(),
  replication: z.boolean(),
  createsRoles: z.boolean(),
  createsDatabases: z.boolean(),
  bypassesRowSecurity: z.boolean(),
  writableTables: z.coerce.number(),
  readableTables: z.coerce.number(),
});

/** What the server is, and what the role that asks may do; not what it is called. */
export async function describeLogin(
  client: pg.ClientBase,
): Promise<{ version: string; isStandby: boolean; tls: string | undefined; role: LoginRole }> {
  const server = await readRow(
    client,
    Server,
    `select current_setting('server_version') as version, pg_is_in_recovery() as standby,
            (select s.version from pg_stat_ssl s where s.pid = pg_backend_pid() and s.ssl) as tls`,
  );
  const role = await readRow(
    client,
    Login,
    `select r.rolsuper as superuser, r.rolreplication as replication, r.rolcreaterole as "createsRoles",
            r.rolcreatedb as "createsDatabases", r.rolbypassrls as "bypassesRowSecurity",
            t.writable as "writableTables", t.readable as "readableTables"
       from pg_roles r,
            (select count(*) filter (where has_table_privilege(c.oid, 'insert, update, delete')) as writable,
                    count(*) filter (where has_table_privilege(c.oid, 'select')) as readable
               from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema') t
      where r.rolname = current_user`,
  );
  return { version: server.version, isStandby: server.standby, tls: server.tls ?? undefined, role };
}
