import { and, eq, isNull, sql } from "drizzle-orm";
import { observedConnectors, upstreamStates } from "#db/schema/observed.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { Health } from "#domain/connectors/health.ts";
import type { UpstreamCondition } from "#domain/observability/upstream.ts";
import type { Deps } from "#server/deps.ts";
import { healthSql } from "./observed-health.ts";

export interface ConnectorSummary {
  total: number;
  byHealth: Partial<Record<Health, number>>;
  /** One per configured cluster: how old what is shown is, and why. */
  clusters: {
    cluster: string;
    state: UpstreamCondition;
    message: string | null;
    /** Last moment Connect answered; null: never since Headgate watches it. */
    lastOkAt: Date | null;
  }[];
}

/** The first line of the list: how many connectors are how well, and how fresh that is. */
export async function summariseConnectors(
  { db, config }: Pick<Deps, "db" | "config">,
  actor: Actor,
): Promise<ConnectorSummary> {
  requirePermission(actor, "console:view");
  const [counts, upstreams] = await Promise.all([
    db
      .select({ health: healthSql, count: sql<number>`count(*)::int` })
      .from(observedConnectors)
      .where(isNull(observedConnectors.removedAt))
      .groupBy(healthSql),
    db
      .select()
      .from(upstreamStates)
      .where(and(eq(upstreamStates.upstream, "connect"))),
  ]);
  return {
    total: counts.reduce((sum, { count }) => sum + count, 0),
    byHealth: Object.fromEntries(counts.map(({ health, count }) => [health, count])),
    clusters: config.clusters.map(({ name }) => {
      const seen = upstreams.find((upstream) => upstream.cluster === name);
      return {
        cluster: name,
        state: seen?.state ?? "unknown",
        message: seen?.message ?? null,
        lastOkAt: seen?.lastOkAt ?? null,
      };
    }),
  };
}
