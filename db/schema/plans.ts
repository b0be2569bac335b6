import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { Role } from "#domain/access/permissions.ts";
import type { Confirmation, PlanDraft, PlanStatus, RunState, StepState } from "#domain/plans/schema.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** Who acted, as they were at that moment. */
export interface StoredActor {
  id: string;
  name: string;
  roles: Role[];
  via: "browser" | "api" | "worker";
}

/** A frozen description of what will be done. `frozen` never changes after the insert; `fingerprint` is its SHA-256. */
export const plans = pgTable(
  "plans",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind").notNull(),
    title: text("title").notNull(),
    subject: jsonb("subject").$type<Record<string, string>>().notNull(),
    level: integer("level").$type<1 | 2 | 3>().notNull(),
    status: text("status").$type<PlanStatus>().notNull(),
    /** `json`, not `jsonb`: counts and steps are shown in the order the module gave them. */
    frozen: json("frozen").$type<PlanDraft>().notNull(),
    fingerprint: text("fingerprint").notNull(),
    authorId: text("author_id").notNull(),
    authorName: text("author_name").notNull(),
    proposedAt: moment("proposed_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
    /** Title, subject and author in one lower-case text, for the search box. */
    searchText: text("search_text").notNull(),
  },
  (table) => [
    index("plans_proposed_idx").on(table.proposedAt, table.id),
    index("plans_status_idx").on(table.status, table.proposedAt),
    index("plans_subject_idx").using("gin", table.subject),
    index("plans_waiting_idx").on(table.expiresAt).where(sql`${table.status} in ('proposed', 'approved')`),
  ],
);

export const planApprovals = pgTable(
  "plan_approvals",
  {
    planId: uuid("plan_id")
      .notNull()
      .references(() => plans.id),
    approverId: text("approver_id").notNull(),
    approverName: text("approver_name").notNull(),
    reason: text("reason").notNull(),
    at: moment("at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.planId, table.approverId] })],
);

/** One plan is run at most once; a failed run is resumed, not repeated. */
export const runs = pgTable(
  "runs",
  {
    id: uuid("id").primaryKey(),
    planId: uuid("plan_id")
      .notNull()
      .references(() => plans.id),
    state: text("state").$type<RunState>().notNull(),
    /** The sentence that says where the run stands. */
    message: text("message"),
    startedBy: jsonb("started_by").$type<StoredActor>().notNull(),
    confirmation: jsonb("confirmation").$type<Confirmation>().notNull(),
    /** The open intent in the audit trail that this run will close. */
    auditActId: uuid("audit_act_id").notNull(),
    queuedAt: moment("queued_at").notNull(),
    /** Nothing happens before this: the cancel window of level 3. */
    notBefore: moment("not_before").notNull(),
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),
    abortedBy: jsonb("aborted_by").$type<StoredActor>(),
    /** The worker that may write this run now. Every write carries the token; a new owner changes it. */
    leaseToken: uuid("lease_token"),
    leaseUntil: moment("lease_until"),
    leaseWorker: text("lease_worker"),
  },
  (table) => [
    uniqueIndex("runs_plan_idx").on(table.planId),
    index("runs_open_idx")
      .on(table.leaseUntil)
      .where(sql`${table.state} in ('queued', 'running', 'aborting')`),
    index("runs_state_idx").on(table.state),
  ],
);

/** What a run works on. The primary key is the rule that two runs never change one thing at the same time. */
export const runLocks = pgTable("run_locks", {
  key: text("key").primaryKey(),
  runId: uuid("run_id")
    .notNull()
    .references(() => runs.id),
});

export const runSteps = pgTable(
  "run_steps",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => runs.id),
    position: integer("position").notNull(),
    state: text("state").$type<StepState>().notNull(),
    attempts: integer("attempts").notNull().default(0),
    message: text("message"),
    detail: jsonb("detail").$type<Record<string, unknown>>(),
    done: bigint("done", { mode: "number" }),
    total: bigint("total", { mode: "number" }),
    note: text("note"),
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),
  },
  (table) => [primaryKey({ columns: [table.runId, table.position] })],
);

/** Results one by one where a step does many things. No foreign key: a million rows are written in bulk. */
export const runItems = pgTable(
  "run_items",
  {
    runId: uuid("run_id").notNull(),
    position: bigint("position", { mode: "number" }).notNull(),
    stepPosition: integer("step_position").notNull(),
    key: text("key").notNull(),
    state: text("state").$type<"succeeded" | "failed" | "skipped">().notNull(),
    message: text("message").notNull(),
    detail: jsonb("detail").$type<Record<string, unknown>>(),
  },
  (table) => [
    primaryKey({ columns: [table.runId, table.position] }),
    index("run_items_state_idx").on(table.runId, table.state, table.position),
    check("run_items_state_check", sql`${table.state} in ('succeeded', 'failed', 'skipped')`),
  ],
);

/** One row per worker process, renewed every few seconds, so that the console can say when none is there. */
export const workers = pgTable(
  "workers",
  {
    id: uuid("id").primaryKey(),
    host: text("host").notNull(),
    pid: integer("pid").notNull(),
    startedAt: moment("started_at").notNull(),
    seenAt: moment("seen_at").notNull(),
    /** Set when it stopped in good order. */
    stoppedAt: moment("stopped_at"),
  },
  (table) => [index("workers_seen_idx").on(table.seenAt)],
);
