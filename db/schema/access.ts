import {
  bigint,
  index,
  integer,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";
import type { Role } from "#domain/access/permissions.ts";

/** Everybody who has ever signed in; identity is issuer and subject, never the e-mail address. */
export const people = pgTable(
  "people",
  {
    id: uuid("id").primaryKey(),
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    name: text("name").notNull(),
    email: text("email"),
    /** As the provider last listed them. */
    groups: text("groups").array().notNull(),
    /** What the mapping made of the groups. */
    roles: text("roles").array().$type<Role[]>().notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull(),
    signedInAt: timestamp("signed_in_at", { withTimezone: true }).notNull(),
  },
  (table) => [uniqueIndex("people_identity_idx").on(table.issuer, table.subject)],
);

/** One row per signed-in browser; deleting the row signs it out. */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey(),
    /** SHA-256 of the cookie's value: the database alone lets nobody in. */
    tokenHash: text("token_hash").notNull(),
    personId: uuid("person_id")
      .notNull()
      .references(() => people.id),
    /** The provider's own session, named in back-channel logout. */
    oidcSid: text("oidc_sid"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull(),
    seenAt: timestamp("seen_at", { withTimezone: true }).notNull(),
    idleExpiresAt: timestamp("idle_expires_at", { withTimezone: true }).notNull(),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    userAgent: text("user_agent"),
    address: text("address"),
    /** When the groups are read again. */
    rolesDueAt: timestamp("roles_due_at", { withTimezone: true }).notNull(),
    /** Set while the provider does not answer: the roles are as of then. */
    rolesStaleSince: timestamp("roles_stale_since", { withTimezone: true }),
    /** The provider's tokens, sealed with a key made of the secret file and this session's cookie; useless without both. */
    sealedTokens: text("sealed_tokens"),
  },
  (table) => [
    uniqueIndex("sessions_token_idx").on(table.tokenHash),
    index("sessions_person_idx").on(table.personId),
    index("sessions_oidc_sid_idx").on(table.oidcSid),
    index("sessions_expiry_idx").on(table.idleExpiresAt),
  ],
);

/** Logout tokens already used, until they would be too old anyway. */
export const usedLogoutTokens = pgTable("used_logout_tokens", {
  jti: text("jti").primaryKey(),
  expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
});

/** Counters of rate-limiter-flexible, in the columns it expects. */
export const rateLimits = pgTable("rate_limits", {
  key: varchar("key", { length: 255 }).primaryKey(),
  points: integer("points").notNull().default(0),
  expire: bigint("expire", { mode: "number" }),
});
