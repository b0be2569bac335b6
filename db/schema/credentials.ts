import { index, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import type { Reader, ReferenceCheck, ReferenceState } from "#domain/credentials/reference-check.ts";

/** What Vault last showed about a reference, so that lists need not ask it for each row; holds no value of a secret. */
export const credentialChecks = pgTable(
  "credential_checks",
  {
    cluster: text("cluster").notNull(),
    /** Canonical form: `vault://mount/path#key[@version]`. */
    reference: text("reference").notNull(),
    reader: text("reader").$type<Reader>().notNull(),
    state: text("state").$type<ReferenceState>().notNull(),
    result: jsonb("result").$type<ReferenceCheck>().notNull(),
    checkedAt: timestamp("checked_at", { withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.cluster, table.reference, table.reader] }),
    index("credential_checks_checked_idx").on(table.checkedAt),
  ],
);
