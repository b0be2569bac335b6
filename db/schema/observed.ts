import {
  bigint,
  boolean,
  index,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { Engine } from "#domain/catalog/derive-pipelines.ts";
import type { ConnectorConfig, ConnectState } from "#domain/connectors/schema.ts";
import type { Checkpoint } from "#domain/observability/checkpoint.ts";
import type { ObservedTask } from "#domain/observability/observed-connector.ts";
import type { DeadLetterCount, SinkProgress } from "#domain/observability/sink-progress.ts";
import type { SnapshotProgress } from "#domain/observability/snapshot-progress.ts";
import type { TableState } from "#domain/observability/table-state.ts";
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

/** One row per source connector: what belongs to it, derived from configurations, and how far it got. */
export const observedPipelines = pgTable(
  "observed_pipelines",
  {
    cluster: text("cluster").notNull(),
    source: text("source").notNull(),
    engine: text("engine").$type<Engine>().notNull(),
    prefix: text("prefix").notNull(),
    /** Names of the sinks that read any of its topics. */
    sinks: jsonb("sinks").$type<string[]>().notNull(),
    deadLetters: jsonb("dead_letters").$type<DeadLetterCount[]>().notNull(),
    checkpoint: jsonb("checkpoint").$type<Checkpoint>(),
    snapshot: jsonb("snapshot").$type<SnapshotProgress>(),
    changedAt: moment("changed_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.cluster, table.source] })],
);

/**
 * One row per captured table of a source: its lane. Written only when something changed; the age of the numbers is
 * `upstream_states.last_ok_at` of (cluster, 'kafka').
 */
export const tableProgress = pgTable(
  "table_progress",
  {
    cluster: text("cluster").notNull(),
    source: text("source").notNull(),
    /** As the source calls it, without the topic prefix. */
    name: text("name").notNull(),
    topic: text("topic").notNull(),
    topicExists: boolean("topic_exists").notNull(),
    state: text("state").$type<TableState>(),
    /** Events ever written to the topic: the sum of its end offsets. */
    captured: bigint("captured", { mode: "number" }),
    /** Of these, how many retention has left. */
    retained: bigint("retained", { mode: "number" }),
    /** When the source committed the newest captured event. */
    committedAt: moment("committed_at"),
    /** When that event was written to Kafka. */
    capturedAt: moment("captured_at"),
    lastOp: text("last_op"),
    position: text("position"),
    perSecond: real("per_second"),
    sinks: jsonb("sinks").$type<SinkProgress[]>().notNull(),
    /** Of the sink that is furthest behind. */
    lagEvents: bigint("lag_events", { mode: "number" }),
    /** Since when the oldest undelivered event waits, over all sinks: the lag in seconds is now minus this. */
    waitingSince: moment("waiting_since"),
    changedAt: moment("changed_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.cluster, table.source, table.name] }),
    index("table_progress_topic_idx").on(table.cluster, table.topic),
  ],
);
