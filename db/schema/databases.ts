import { integer, jsonb, pgTable, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";
import type { ConnectionTest } from "#domain/databases/connection-test.ts";
import type { DatabaseEngine, DatabaseRole, TlsMode } from "#domain/databases/schema.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** Registered sources and targets. Credentials are Vault references in their canonical form, never values. */
export const databases = pgTable(
  "databases",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    name: text("name").notNull().unique("databases_name_key"),
    engine: text("engine").$type<DatabaseEngine>().notNull(),
    host: text("host").notNull(),
    port: integer("port").notNull(),
    databaseName: text("database_name").notNull(),
    tlsMode: text("tls_mode").$type<TlsMode>().notNull(),
    /** PEM certificates of the authority; public. */
    tlsCa: text("tls_ca"),
    /** Whose Vault holds the references. */
    cluster: text("cluster").notNull(),
    role: text("role").$type<DatabaseRole>().notNull(),
    /** Name of the role connectors log in with; not a secret. */
    connectorRole: text("connector_role"),
    connectorUserRef: text("connector_user_ref").notNull(),
    connectorPasswordRef: text("connector_password_ref").notNull(),
    readonlyUserRef: text("readonly_user_ref").notNull(),
    readonlyPasswordRef: text("readonly_password_ref").notNull(),
    changeUserRef: text("change_user_ref"),
    changePasswordRef: text("change_password_ref"),
    /** The last connection test of this registration; cleared when the address or its credential changes. */
    lastTest: jsonb("last_test").$type<ConnectionTest>(),
    /** Counts up with each change, so that nobody overwrites one unseen. */
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().defaultNow(),
    createdBy: text("created_by").notNull(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
    updatedBy: text("updated_by").notNull(),
  },
  (table) => [
    unique("databases_address_key").on(
      table.cluster,
      table.engine,
      table.host,
      table.port,
      table.databaseName,
    ),
  ],
);
