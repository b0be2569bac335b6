import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { AlertKind } from "#domain/dead-letters/rates.ts";
import type { Rule } from "#domain/dead-letters/rules.ts";
import type { FailureStage, GroupStatus, Verdict } from "#domain/dead-letters/schema.ts";

// The records themselves are in `dead_letters`, which is partitioned and therefore made in db/custom.sql.

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
const count = (name: string) => bigint(name, { mode: "number" });
const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** Topics that hold dead letters, and how each was found. */
export const deadLetterTopics = pgTable(
  "dead_letter_topics",
  {
    id: serial("id").primaryKey(),
    cluster: text("cluster").notNull(),
    topic: text("topic").notNull(),
    /** `sink`: named by a sink's configuration · `name`: begins with dlq · `hand`: a person added it. */
    foundBy: text("found_by").$type<"sink" | "name" | "hand">().notNull(),
    /** Days a copy of the raw bytes is kept beyond the topic's retention; 0: none is made. */
    copyDays: integer("copy_days").notNull().default(0),
    /** The topic's own retention when last looked at; null: unlimited or not known. */
    retentionMs: count("retention_ms"),
    /** Why it is not read at the moment, in one sentence. */
    problem: text("problem"),
    foundAt: moment("found_at").notNull(),
    /** Who added it by hand. */
    addedBy: text("added_by"),
    /** Who said that it holds no dead letters: it is not read any more until somebody adds it again. */
    excludedBy: text("excluded_by"),
    /** Set when Kafka no longer has it; its records stay. */
    goneAt: moment("gone_at"),
  },
  (table) => [uniqueIndex("dead_letter_topics_name_idx").on(table.cluster, table.topic)],
);

/** How far each partition is indexed; moved in the transaction that writes the rows. */
export const deadLetterPositions = pgTable(
  "dead_letter_positions",
  {
    topicId: integer("topic_id").notNull(),
    partition: integer("partition").notNull(),
    /** Counts topics of this name: one more each time it was deleted and made again. */
    incarnation: integer("incarnation").notNull(),
    nextOffset: count("next_offset").notNull(),
    logStart: count("log_start").notNull(),
    logEnd: count("log_end").notNull(),
    /** The last indexed record and a hash of it: a record of another hash there means another topic. */
    anchorOffset: count("anchor_offset"),
    anchorHash: text("anchor_hash"),
    /** Records that retention or truncation removed before they could be indexed. */
    lost: count("lost").notNull().default(0),
    movedAt: moment("moved_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.topicId, table.partition] })],
);

/** One failure in one place: many dead letters share it. Messages are kept without literals and row data. */
export const deadLetterErrors = pgTable(
  "dead_letter_errors",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    hash: text("hash").notNull(),
    exception: text("exception").notNull(),
    message: text("message").notNull(),
    /** Outermost first. */
    chain: jsonb("chain").$type<{ exception: string; message: string }[]>().notNull(),
    frames: text("frames").notNull(),
    /** The class that failed: converter, transform, task. */
    failedIn: text("failed_in"),
  },
  (table) => [uniqueIndex("dead_letter_errors_hash_idx").on(table.hash)],
);

/** Dead letters of one cause. Counters are exact; they move in the transaction that writes or settles the records. */
export const deadLetterGroups = pgTable(
  "dead_letter_groups",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    cluster: text("cluster").notNull(),
    fingerprint: text("fingerprint").notNull(),
    version: integer("version").notNull(),
    stage: text("stage").$type<FailureStage>().notNull(),
    connector: text("connector").notNull(),
    tableName: text("table_name").notNull(),
    exceptions: text("exceptions").array().notNull(),
    message: text("message").notNull(),
    cause: text("cause").notNull(),
    status: text("status").$type<GroupStatus>().notNull().default("open"),
    owner: text("owner"),
    note: text("note"),
    muteUntilCount: count("mute_until_count"),
    muteUntilAt: moment("mute_until_at"),
    resolvedAt: moment("resolved_at"),
    records: count("records").notNull().default(0),
    open: count("open").notNull().default(0),
    /** HyperLogLog of the keys, and its estimate. */
    keySketch: bytea("key_sketch"),
    keys: count("keys").notNull().default(0),
    firstSeen: moment("first_seen"),
    lastSeen: moment("last_seen"),
    /** What was recognised as one fault behind many records, and until when that counts. */
    systemic: text("systemic"),
    systemicUntil: moment("systemic_until"),
    /** The rule that keeps records here which would have a group of their own, or several. */
    ruleId: integer("rule_id"),
    /** Where a rule put its records; the group itself is empty then. */
    movedTo: bigint("moved_to", { mode: "number" }).array(),
    /** What a rule says to do about it. */
    suggestion: text("suggestion"),
  },
  (table) => [
    uniqueIndex("dead_letter_groups_fingerprint_idx").on(table.cluster, table.fingerprint),
    index("dead_letter_groups_status_idx").on(table.status, table.open),
    index("dead_letter_groups_table_idx").on(table.tableName),
  ],
);

/** Arrivals per group and minute: sparklines, rates, systemic faults. */
export const deadLetterMinutes = pgTable(
  "dead_letter_minutes",
  {
    groupId: count("group_id").notNull(),
    minute: timestamp("minute", { withTimezone: true, precision: 0 }).notNull(),
    records: integer("records").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.minute] }),
    index("dead_letter_minutes_minute_idx").on(table.minute),
  ],
);

/** What happened to a dead letter after it was found: each replay, and how it ended. */
export const deadLetterAttempts = pgTable(
  "dead_letter_attempts",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    deadLetterId: count("dead_letter_id").notNull(),
    runId: uuid("run_id").notNull(),
    at: moment("at").notNull(),
    outcome: text("outcome").$type<"sent" | "delivered" | "failed">().notNull(),
    message: text("message"),
    /** Where the record failed again: its new place in a dead-letter topic. */
    topicId: integer("topic_id"),
    incarnation: integer("incarnation"),
    partition: integer("partition"),
    offset: count("offset"),
    groupId: count("group_id"),
    errorId: count("error_id"),
    /** What the sink and the schemas were like, to tell whether anything changed before the next attempt. */
    marker: text("marker"),
  },
  (table) => [
    index("dead_letter_attempts_record_idx").on(table.deadLetterId),
    uniqueIndex("dead_letter_attempts_run_idx").on(table.deadLetterId, table.runId),
    uniqueIndex("dead_letter_attempts_place_idx").on(
      table.topicId,
      table.incarnation,
      table.partition,
      table.offset,
    ),
  ],
);

/** Raw bytes beyond the topic's retention, where the policy of the topic asks for them. */
export const deadLetterCopies = pgTable(
  "dead_letter_copies",
  {
    topicId: integer("topic_id").notNull(),
    incarnation: integer("incarnation").notNull(),
    partition: integer("partition").notNull(),
    offset: count("offset").notNull(),
    key: bytea("key"),
    value: bytea("value"),
    headers: jsonb("headers").$type<[name: string, base64: string | null][]>().notNull(),
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.topicId, table.incarnation, table.partition, table.offset] }),
    index("dead_letter_copies_expiry_idx").on(table.expiresAt),
  ],
);

/** A frozen selection with how it is replayed; paused, slowed and watched while its run works. */
export const deadLetterReplays = pgTable("dead_letter_replays", {
  id: uuid("id").primaryKey(),
  cluster: text("cluster").notNull(),
  createdAt: moment("created_at").notNull(),
  createdBy: text("created_by").notNull(),
  planId: uuid("plan_id"),
  runId: uuid("run_id"),
  /** `original` sends each record back to its topic; else the topic all of them go to. */
  target: text("target").notNull(),
  paused: boolean("paused").notNull().default(false),
  /** Why it paused, when a stop rule did. */
  pausedBecause: text("paused_because"),
  /** Records a second at the end of the ramp; null: as fast as it goes. */
  ratePerSecond: doublePrecision("rate_per_second"),
  /** What was selected, for people. */
  selection: text("selection").notNull(),
  /** End of the original topics when the verdicts were made: `topic-partition` → offset. */
  scannedTo: jsonb("scanned_to").$type<Record<string, number>>().notNull(),
  /** The batch that is being sent, until the next one is: after a crash what of it arrived is read back from its topics. */
  sendingFrom: integer("sending_from"),
  sendingTo: integer("sending_to"),
  sendingStarts: jsonb("sending_starts").$type<Record<string, number>>(),
  /** What each sink was like when it was sent to, to tell later whether anything changed. */
  markers: jsonb("markers").$type<Record<string, string>>().notNull().default({}),
});

export const deadLetterReplayItems = pgTable(
  "dead_letter_replay_items",
  {
    replayId: uuid("replay_id").notNull(),
    position: integer("position").notNull(),
    deadLetterId: count("dead_letter_id").notNull(),
    /** Where the dead letter lies. */
    topicId: integer("topic_id").notNull(),
    incarnation: integer("incarnation").notNull(),
    partition: integer("partition").notNull(),
    offset: count("offset").notNull(),
    keyHash: bigint("key_hash", { mode: "bigint" }),
    /** The sink that failed, whose committed offset confirms the sending. */
    connector: text("connector").notNull(),
    verdict: text("verdict").$type<Verdict>().notNull(),
    reason: text("reason").notNull(),
    wave: integer("wave").notNull(),
    chain: integer("chain").notNull(),
    state: text("state").$type<"waiting" | "sent" | "delivered" | "failed" | "skipped">().notNull(),
    /** Where it was sent to. */
    targetTopic: text("target_topic"),
    targetPartition: integer("target_partition"),
    targetOffset: count("target_offset"),
    message: text("message"),
  },
  (table) => [
    primaryKey({ columns: [table.replayId, table.position] }),
    index("dead_letter_replay_items_state_idx").on(table.replayId, table.state, table.wave),
    index("dead_letter_replay_items_record_idx").on(table.deadLetterId),
    index("dead_letter_replay_items_sent_idx").on(table.replayId).where(sql`state = 'sent'`),
  ],
);

/** The frozen selection of a discard. */
export const deadLetterDiscards = pgTable(
  "dead_letter_discards",
  {
    discardId: uuid("discard_id").notNull(),
    position: integer("position").notNull(),
    deadLetterId: count("dead_letter_id").notNull(),
    state: text("state").$type<"waiting" | "discarded" | "skipped">().notNull(),
  },
  (table) => [primaryKey({ columns: [table.discardId, table.position] })],
);

/**
 * What the sinks got through, per table, as a counter that only grows: what dead letters are a share of. A row where the
 * number changed; every minute for two hours, then one an hour.
 */
export const deadLetterTraffic = pgTable(
  "dead_letter_traffic",
  {
    cluster: text("cluster").notNull(),
    connector: text("connector").notNull(),
    tableName: text("table_name").notNull(),
    minute: timestamp("minute", { withTimezone: true, precision: 0 }).notNull(),
    source: text("source").notNull(),
    delivered: count("delivered").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.cluster, table.connector, table.tableName, table.minute] }),
    index("dead_letter_traffic_minute_idx").on(table.minute),
  ],
);

/** A threshold that is or was crossed. */
export const deadLetterAlerts = pgTable(
  "dead_letter_alerts",
  {
    id: serial("id").primaryKey(),
    kind: text("kind").$type<AlertKind>().notNull(),
    cluster: text("cluster").notNull(),
    connector: text("connector").notNull(),
    tableName: text("table_name").notNull(),
    since: moment("since").notNull(),
    value: doublePrecision("value").notNull(),
    worst: doublePrecision("worst").notNull(),
    checkedAt: moment("checked_at").notNull(),
    clearedAt: moment("cleared_at"),
  },
  (table) => [
    uniqueIndex("dead_letter_alerts_open_idx")
      .on(table.kind, table.cluster, table.connector, table.tableName)
      .where(sql`cleared_at is null`),
  ],
);

/** What is done with failures by themselves; the newest version of each. */
export const deadLetterRules = pgTable("dead_letter_rules", {
  id: serial("id").primaryKey(),
  version: integer("version").notNull(),
  rule: jsonb("rule").$type<Rule>().notNull(),
  enabled: boolean("enabled").notNull(),
  createdAt: moment("created_at").notNull(),
  createdBy: text("created_by").notNull(),
  updatedAt: moment("updated_at").notNull(),
  updatedBy: text("updated_by").notNull(),
  deletedAt: moment("deleted_at"),
});

export const deadLetterRuleVersions = pgTable(
  "dead_letter_rule_versions",
  {
    ruleId: integer("rule_id").notNull(),
    version: integer("version").notNull(),
    rule: jsonb("rule").$type<Rule>().notNull(),
    enabled: boolean("enabled").notNull(),
    deleted: boolean("deleted").notNull().default(false),
    at: moment("at").notNull(),
    by: text("by").notNull(),
  },
  (table) => [primaryKey({ columns: [table.ruleId, table.version] })],
);

/** Where a rule did something: once per version and group, so that what a person changes afterwards stays. */
export const deadLetterRuleHits = pgTable(
  "dead_letter_rule_hits",
  {
    ruleId: integer("rule_id").notNull(),
    version: integer("version").notNull(),
    groupId: count("group_id").notNull(),
    at: moment("at").notNull(),
    /** Records that were moved or sent. */
    records: count("records").notNull().default(0),
    outcome: text("outcome").notNull(),
    planId: uuid("plan_id"),
  },
  (table) => [
    primaryKey({ columns: [table.ruleId, table.version, table.groupId] }),
    index("dead_letter_rule_hits_group_idx").on(table.groupId),
  ],
);

/** The bytes that a person wrote in the place of a dead letter's own; removed once they are sent or the plan is dropped. */
export const deadLetterEdits = pgTable(
  "dead_letter_edits",
  {
    replayId: uuid("replay_id").notNull(),
    position: integer("position").notNull(),
    /** null: the event is sent as a tombstone. */
    value: bytea("value"),
    createdAt: moment("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.replayId, table.position] })],
);
