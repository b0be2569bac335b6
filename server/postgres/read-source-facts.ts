import type pg from "pg";
import { z } from "zod";
import type {
  ConnectorRoleFacts,
  PublicationFacts,
  SlotFacts,
  SourceFacts,
  TableFacts,
} from "#domain/databases/readiness-facts.ts";
import { readRow, readRows } from "./read-rows.ts";

export interface SourceQuestion {
  connectorRole: string | undefined;
  slotName: string | undefined;
  publicationName: string | undefined;
  /** `schema.table` each. */
  tables: readonly string[];
}

/** Everything readiness is judged from, seen by a role that may only read. */
export async function readSourceFacts(client: pg.ClientBase, question: SourceQuestion): Promise<SourceFacts> {
  const server = await readRow(client, Server, SERVER);
  const role = question.connectorRole ? await readRole(client, question.connectorRole) : undefined;
  const knownRole = role?.exists ? role.name : null;
  return {
    version: server.version,
    database: server.database,
    walLevel: server.walLevel,
    isStandby: server.standby,
    slots: { max: server.maxSlots, used: server.usedSlots },
    senders: { max: server.maxSenders, used: server.usedSenders },
    maxSlotWalKeepSizeMb: server.keepMb ?? undefined,
    hasManagedReplication: server.managed,
    connectorRole: role,
    slot: question.slotName
      ? { name: question.slotName, found: await readSlot(client, question.slotName) }
      : undefined,
    publication: question.publicationName
      ? {
          name: question.publicationName,
          found: await readPublication(client, question.publicationName, knownRole),
        }
      : undefined,
    tables: await readTables(client, question.tables, knownRole),
  };
}

const Server = z.object({
  version: z.coerce.number(),
  database: z.string(),
  walLevel: z.string(),
  standby: z.boolean(),
  maxSlots: z.coerce.number(),
  usedSlots: z.coerce.number(),
  maxSenders: z.coerce.number(),
  usedSenders: z.coerce.number(),
  keepMb: z.coerce.number().nullable(),
  managed: z.boolean(),
});

/** max_slot_wal_keep_size is there from PostgreSQL 13 on; pg_settings gives it in its unit, megabytes. */
const SERVER = `
select current_setting('server_version_num')::int as version, current_database() as database,
       current_setting('wal_level') as "walLevel", pg_is_in_recovery() as standby,
       current_setting('max_replication_slots')::int as "maxSlots",
       (select count(*) from pg_replication_slots) as "usedSlots",
       current_setting('max_wal_senders')::int as "maxSenders",
       (select count(*) from pg_stat_replication) as "usedSenders",
       (select setting::int from pg_settings where name = 'max_slot_wal_keep_size') as "keepMb",
       exists (select from pg_roles where rolname = 'rds_replication') as managed`;

const Role = z.object({
  canLogin: z.boolean(),
  superuser: z.boolean(),
  replication: z.boolean(),
  managed: z.boolean(),
  mayConnect: z.boolean(),
  mayCreate: z.boolean(),
});

async function readRole(client: pg.ClientBase, name: string): Promise<ConnectorRoleFacts> {
  const [role] = await readRows(
    client,
    Role,
    `select rolcanlogin as "canLogin", rolsuper as superuser, rolreplication as replication,
            coalesce((select pg_has_role(r.oid, m.oid, 'member') from pg_roles m where m.rolname = 'rds_replication'), false) as managed,
            has_database_privilege(r.oid, current_database(), 'connect') as "mayConnect",
            has_database_privilege(r.oid, current_database(), 'create') as "mayCreate"
       from pg_roles r where rolname = $1`,
    [name],
  );
  return {
    name,
    exists: role !== undefined,
    canLogin: role?.canLogin ?? false,
    superuser: role?.superuser ?? false,
    replication: role?.replication ?? false,
    managedReplication: role?.managed ?? false,
    mayConnect: role?.mayConnect ?? false,
    mayCreateInDatabase: role?.mayCreate ?? false,
  };
}

const Slot = z.object({
  plugin: z.string().nullable(),
  slotType: z.string(),
  database: z.string().nullable(),
  active: z.boolean(),
  walStatus: z.string().nullable(),
});

/** to_jsonb, because wal_status is a column from PostgreSQL 13 on. */
async function readSlot(client: pg.ClientBase, name: string): Promise<SlotFacts | null> {
  const [slot] = await readRows(
    client,
    Slot,
    `select plugin::text, slot_type as "slotType", database::text, active, to_jsonb(s) ->> 'wal_status' as "walStatus"
       from pg_replication_slots s where slot_name = $1`,
    [name],
  );
  if (!slot) return null;
  return {
    plugin: slot.plugin ?? "",
    slotType: slot.slotType,
    database: slot.database ?? undefined,
    active: slot.active,
    walStatus: slot.walStatus ?? undefined,
  };
}

const Publication = z.object({
  allTables: z.boolean(),
  publishesAll: z.boolean(),
  viaRoot: z.boolean(),
  owned: z.boolean().nullable(),
  tables: z.array(z.string()),
});

async function readPublication(
  client: pg.ClientBase,
  name: string,
  role: string | null,
): Promise<PublicationFacts | null> {
  const [found] = await readRows(
    client,
    Publication,
    `select puballtables as "allTables", pubinsert and pubupdate and pubdelete as "publishesAll",
            coalesce((to_jsonb(p) ->> 'pubviaroot')::boolean, false) as "viaRoot",
            case when $2::text is null then null else pg_has_role($2::name, pubowner, 'usage') end as owned,
            array(select t.schemaname || '.' || t.tablename from pg_publication_tables t where t.pubname = p.pubname) as tables
       from pg_publication p where pubname = $1`,
    [name, role],
  );
  return found ? { ...found, ownedByConnector: found.owned ?? undefined } : null;
}

const Table = z.object({
  name: z.string(),
  kind: z.string().nullable(),
  unlogged: z.boolean().nullable(),
  primaryKey: z.array(z.string()),
  replicaIdentity: z.string().nullable(),
  outOfLine: z.array(z.string()),
  generated: z.array(z.string()),
  maySelect: z.boolean().nullable(),
  owns: z.boolean().nullable(),
});

async function readTables(
  client: pg.ClientBase,
  tables: readonly string[],
  role: string | null,
): Promise<TableFacts[]> {
  if (tables.length === 0) return [];
  const rows = await readRows(client, Table, TABLES, [tables, role]);
  return rows.map((row) => ({
    name: row.name,
    exists: row.kind !== null,
    kind: row.kind ?? "",
    unlogged: row.unlogged ?? false,
    primaryKey: row.primaryKey,
    replicaIdentity: row.replicaIdentity ?? "d",
    outOfLineColumns: row.outOfLine,
    generatedColumns: row.generated,
    connectorMaySelect: row.maySelect ?? undefined,
    connectorOwns: row.owns ?? undefined,
  }));
}

/**
 * Large values count only where the table has stored some outside its rows; a varchar too short for that is left out
 * (atttypmod is its length plus 4).
 */
const TABLES = `
select w.name, c.relkind as kind, c.relpersistence = 'u' as unlogged, c.relreplident as "replicaIdentity",
       array(select a.attname::text from pg_index i cross join unnest(i.indkey::int2[]) with ordinality k(attnum, place)
               join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
              where i.indrelid = c.oid and i.indisprimary order by k.place) as "primaryKey",
       array(select a.attname::text from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attstorage in ('x', 'e')
                and not (a.atttypmod between 5 and 500)
                and coalesce(pg_relation_size(nullif(c.reltoastrelid, 0)), 0) > 0 order by a.attnum) as "outOfLine",
       array(select a.attname::text from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> '' order by a.attnum) as generated,
       case when $2::text is null or c.oid is null then null
            else has_schema_privilege($2::name, c.relnamespace, 'usage') and has_table_privilege($2::name, c.oid, 'select') end as "maySelect",
       case when $2::text is null or c.oid is null then null else pg_has_role($2::name, c.relowner, 'usage') end as owns
  from unnest($1::text[]) with ordinality w(name, place)
  left join pg_namespace n on n.nspname = split_part(w.name, '.', 1)
  left join pg_class c on c.relnamespace = n.oid and c.relname = substr(w.name, strpos(w.name, '.') + 1)
       and c.relkind in ('r', 'p', 'v', 'm', 'f')
 order by w.place`;
