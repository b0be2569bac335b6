import { asc, count, desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { plans, runSteps, runs } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import { type ActivityState, activityState } from "#domain/plans/activity.ts";
import { approvalsNeeded } from "#domain/plans/approval.ts";
import type { DangerLevel } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { activityStateSql, planConditions } from "./plan-conditions.ts";

export interface PlanRow {
  id: string;
  kind: string;
  title: string;
  subject: Record<string, string>;
  level: DangerLevel;
  state: ActivityState;
  /** A second person is still needed before it can be started. */
  awaitsApproval: boolean;
  author: { id: string; name: string };
  proposedAt: Date;
  expiresAt: Date;
  run: {
    id: string;
    startedBy: string;
    startedAt: Date | null;
    endedAt: Date | null;
    message: string | null;
    stepsDone: number;
    stepsTotal: number;
  } | null;
}

/** Plans and their runs, newest first unless asked otherwise. */
export async function listPlans(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { filter, sort, page, pageSize }: ListInput,
): Promise<ListPage<PlanRow>> {
  requirePermission(actor, "console:view");
  const at = now();
  const where = planConditions(filter, at);
  const found = await db
    .select({ plan: plans, run: runs })
    .from(plans)
    .leftJoin(runs, eq(runs.planId, plans.id))
    .where(where)
    .orderBy(...ordering(sort, at))
    .limit(pageSize)
    .offset((page - 1) * pageSize);
  const [matching] = await db
    .select({ total: count() })
    .from(plans)
    .leftJoin(runs, eq(runs.planId, plans.id))
    .where(where);
  const steps = await countSteps(
    { db },
    found.flatMap(({ run }) => (run ? [run.id] : [])),
  );
  const rows = found.map(({ plan, run }): PlanRow => {
    const state = activityState(plan, run, at);
    return {
      id: plan.id,
      kind: plan.kind,
      title: plan.title,
      subject: plan.subject,
      level: plan.level,
      state,
      awaitsApproval: state === "proposed" && approvalsNeeded(plan.level) > 0,
      author: { id: plan.authorId, name: plan.authorName },
      proposedAt: plan.proposedAt,
      expiresAt: plan.expiresAt,
      run: run && {
        id: run.id,
        startedBy: run.startedBy.name,
        startedAt: run.startedAt,
        endedAt: run.endedAt,
        message: run.message,
        stepsDone: steps.get(run.id)?.done ?? 0,
        stepsTotal: steps.get(run.id)?.total ?? 0,
      },
    };
  });
  return { rows, total: matching?.total ?? 0 };
}

function ordering(sort: string, now: Date): SQL[] {
  const sortable: Record<string, PgColumn | SQL> = {
    title: plans.title,
    state: activityStateSql(now),
    level: plans.level,
    author: plans.authorName,
    proposed: plans.proposedAt,
    started: runs.startedAt,
    ended: runs.endedAt,
  };
  const column = sortable[sort.replace(/^-/, "")] ?? plans.proposedAt;
  const downwards = sort === "" || sort.startsWith("-");
  const first = downwards ? sql`${column} desc nulls last` : sql`${column} asc nulls last`;
  return [first, downwards ? desc(plans.id) : asc(plans.id)];
}

async function countSteps({ db }: Pick<Deps, "db">, runIds: string[]) {
  if (runIds.length === 0) return new Map<string, { done: number; total: number }>();
  const rows = await db
    .select({
      runId: runSteps.runId,
      total: count(),
      done: sql<number>`count(*) filter (where ${runSteps.state} in ('succeeded', 'skipped'))::int`,
    })
    .from(runSteps)
    .where(inArray(runSteps.runId, runIds))
    .groupBy(runSteps.runId);
  return new Map(rows.map(({ runId, done, total }) => [runId, { done, total }]));
}
