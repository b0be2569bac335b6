import { index, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import type { ConnectorConfig, ConnectState } from "#domain/connectors/schema.ts";
import type { ObservedTask } from "#domain/observability/observed-connector.ts";
import type { Upstream, UpstreamCondition } from "#domain/observability/upstream.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/**
 * Connectors as Kafka Connect last reported them. Rows are written only when something changed, so the age of what is
 * shown is `upstream_states.last_ok_at` of (cluster, 'connect'), not a column here.
 */
export const observedConnectors = pgTable(
  "observed_connectors",
  {
    cluster: text("cluster").notNull(),
    name: text("name").notNull(),
    /** source, sink or unknown */
    type: text("type").$type<"source" | "sink" | "unknown">().notNull(),
    plugin: text("plugin").notNull(),
    pluginVersion: text("plugin_version"),
    state: text("state").$type<ConnectState>().notNull(),
    /** Why the connector itself failed; tasks carry their own. */
    trace: text("trace"),
    tasks: jsonb("tasks").$type<ObservedTask[]>().notNull(),
    /** References stay as they are; plaintext secrets of adopted connectors are replaced by `[redacted]`. */
    config: jsonb("config").$type<ConnectorConfig>().notNull(),
    /** Keys in which a plaintext secret was found and replaced. */
    plaintextSecretKeys: text("plaintext_secret_keys").array().notNull(),
    /** The worker that runs the connector itself. */
    worker: text("worker").notNull(),
    /** What the row was made from, to write only differences. */
    fingerprint: text("fingerprint").notNull(),
    /** First time Headgate saw it under this name. */
    seenAt: moment("seen_at").notNull(),
    /** Last time anything in this row changed. */
    changedAt: moment("changed_at").notNull(),
    /** Last time the connector's or a task's state changed: "failed since". */
    stateChangedAt: moment("state_changed_at").notNull(),
    /** Set when Connect no longer lists it; cleared when it comes back. */
    removedAt: moment("removed_at"),
  },
  (table) => [
    primaryKey({ columns: [table.cluster, table.name] }),
    index("observed_connectors_state_idx").on(table.cluster, table.state),
    index("observed_connectors_plugin_idx").on(table.plugin),
  ],
);

/** One row per cluster and outside system: does it answer, since when, and what it said if not. */
export const upstreamStates = pgTable(
  "upstream_states",
  {
    cluster: text("cluster").notNull(),
    upstream: text("upstream").$type<Upstream>().notNull(),
    state: text("state").$type<UpstreamCondition>().notNull(),
    /** One sentence for people; no secret. */
    message: text("message"),
    /** Versions and counts worth showing: worker version, brokers… */
    facts: jsonb("facts").$type<Record<string, string | number>>().notNull(),
    lastOkAt: moment("last_ok_at"),
    checkedAt: moment("checked_at").notNull(),
    /** Since when it is in this state. */
    since: moment("since").notNull(),
  },
  (table) => [primaryKey({ columns: [table.cluster, table.upstream] })],
);
