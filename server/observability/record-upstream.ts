import { and, eq, sql } from "drizzle-orm";
import { upstreamStates } from "#db/schema/observed.ts";
import type { Upstream, UpstreamCondition } from "#domain/observability/upstream.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";

export interface UpstreamReport {
  state: UpstreamCondition;
  message?: string | undefined;
  facts?: Record<string, string | number>;
}

/** Routers whose replies say how an upstream answers: while it is down, nothing else of theirs changes. */
const SHOWN_BY = ["catalog", "connectors", "pipelines"] as const;

/** Writes what an upstream just answered. `since` moves only when the state does, and only then screens are told. */
export async function recordUpstream(
  { db, now }: Pick<Deps, "db" | "now">,
  cluster: string,
  upstream: Upstream,
  report: UpstreamReport,
): Promise<void> {
  const at = now();
  const answered = report.state === "up" || report.state === "degraded";
  const row = {
    state: report.state,
    message: report.message ?? null,
    facts: report.facts ?? {},
    checkedAt: at,
    ...(answered ? { lastOkAt: at } : {}),
  };
  const unchanged = await db
    .update(upstreamStates)
    .set(row)
    .where(
      and(
        eq(upstreamStates.cluster, cluster),
        eq(upstreamStates.upstream, upstream),
        eq(upstreamStates.state, report.state),
        sql`${upstreamStates.message} is not distinct from ${row.message}`,
      ),
    );
  if ((unchanged.rowCount ?? 0) > 0) return;
  await db.transaction(async (tx) => {
    await tx
      .insert(upstreamStates)
      .values({ cluster, upstream, since: at, ...row })
      .onConflictDoUpdate({
        target: [upstreamStates.cluster, upstreamStates.upstream],
        set: {
          ...row,
          since: sql`case when ${upstreamStates.state} = excluded.state then ${upstreamStates.since} else excluded.since end`,
        },
      });
    for (const subject of SHOWN_BY) await notifyChange(tx, subject, `${cluster}/${upstream}`);
  });
}
