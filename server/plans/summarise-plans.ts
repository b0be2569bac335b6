import { count, eq, or, sql } from "drizzle-orm";
import { plans, runs } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ActivityState } from "#domain/plans/activity.ts";
import type { Deps } from "#server/deps.ts";
import { activityStateSql } from "./plan-conditions.ts";

/** How many plans are in each state that is not an end. */
export async function summarisePlans(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
): Promise<Partial<Record<ActivityState, number>>> {
  requirePermission(actor, "console:view");
  const state = activityStateSql(now());
  const rows = await db
    .select({ state: sql<ActivityState>`${state}`.as("state"), total: count() })
    .from(plans)
    .leftJoin(runs, eq(runs.planId, plans.id))
    .where(or(eq(plans.status, "proposed"), eq(plans.status, "approved"), eq(plans.status, "running")))
    .groupBy(sql`1`);
  return Object.fromEntries(rows.map((row) => [row.state, row.total]));
}
