import { integer, jsonb, pgTable, primaryKey, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import type { VersionOrigin } from "#domain/connectors/version.ts";

/**
 * Every configuration a connector was given through Headgate, and every one adopted from outside. The highest number is
 * what should be live; a `deleted` version ends the history until the name is created again. Secrets are references.
 */
export const connectorVersions = pgTable(
  "connector_versions",
  {
    cluster: text("cluster").notNull(),
    name: text("name").notNull(),
    version: integer("version").notNull(),
    /** Without `name`, which Connect adds itself. */
    config: jsonb("config").$type<ConnectorConfig>().notNull(),
    origin: text("origin").$type<VersionOrigin>().notNull(),
    authorId: text("author_id").notNull(),
    authorName: text("author_name").notNull(),
    at: timestamp("at", { withTimezone: true, precision: 3 }).notNull(),
    /** The plan that applied it; adopted versions have none. */
    planId: uuid("plan_id"),
    note: text("note"),
  },
  (table) => [
    primaryKey({ columns: [table.cluster, table.name, table.version] }),
    unique("connector_versions_plan_key").on(table.cluster, table.name, table.planId),
  ],
);
