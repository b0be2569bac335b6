import { bigint, index, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/**
 * Append-only and hash-chained: a trigger refuses UPDATE, DELETE and TRUNCATE, and each row's hash covers the row before it.
 * One act is two rows with one `act_id`: the intent (`pending`) and the outcome.
 */
export const auditEntries = pgTable(
  "audit_entries",
  {
    seq: bigint("seq", { mode: "number" }).primaryKey(),
    actId: uuid("act_id").notNull(),
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
    index("audit_entries_act_idx").on(table.actId),
    index("audit_entries_actor_idx").on(table.actorId, table.at),
    index("audit_entries_action_idx").on(table.action, table.at),
  ],
);
