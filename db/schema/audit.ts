import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * Append-only and hash-chained: a trigger refuses UPDATE, DELETE and TRUNCATE, and each row's hash covers the row before it.
 * One act is two rows with one `act_id`: the intent (`pending`) and the outcome. Written only by the database function
 * `append_audit_entry` (db/custom.sql).
 */
export const auditEntries = pgTable(
  "audit_entries",
  {
    seq: bigint("seq", { mode: "number" }).primaryKey(),
    actId: uuid("act_id").notNull(),
    /** On an outcome: the entry that announced the act. Null on the first entry of an act. */
    intentSeq: bigint("intent_seq", { mode: "number" }),
    at: timestamp("at", { withTimezone: true, precision: 3 }).notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    actorRoles: text("actor_roles").array().notNull(),
    via: text("via").notNull(),
    action: text("action").notNull(),
    subject: jsonb("subject").$type<Record<string, string>>().notNull(),
    /** pending, succeeded, failed, refused, unknown */
    outcome: text("outcome").notNull(),
    /** Before/after, reason, counts, error message: redacted before it comes here. */
    detail: jsonb("detail").$type<Record<string, unknown>>().notNull(),
    prevHash: text("prev_hash").notNull(),
    hash: text("hash").notNull(),
  },
  (table) => [
    index("audit_entries_at_idx").on(table.at),
    index("audit_entries_act_idx").on(table.actId, table.seq),
    index("audit_entries_actor_idx").on(table.actorId, table.seq),
    index("audit_entries_action_idx").on(table.action, table.seq),
    index("audit_entries_unusual_idx")
      .on(table.outcome, table.seq)
      .where(sql`${table.outcome} <> 'succeeded'`),
  ],
);

/** One row: where the chain ends. Locked for the moment of an append, and the evidence when somebody cuts the end off. */
export const auditHead = pgTable(
  "audit_head",
  {
    id: integer("id").primaryKey(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    hash: text("hash").notNull(),
  },
  (table) => [check("audit_head_is_one_row", sql`${table.id} = 1`)],
);

/** Acts announced and not yet ended; `touched_at` shows that a process is still busy with them. */
export const auditOpenActs = pgTable("audit_open_acts", {
  actId: uuid("act_id").primaryKey(),
  intentSeq: bigint("intent_seq", { mode: "number" }).notNull(),
  touchedAt: timestamp("touched_at", { withTimezone: true }).notNull(),
});
