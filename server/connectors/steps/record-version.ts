import { and, eq } from "drizzle-orm";
import { connectorVersions } from "#db/schema/connectors.ts";
import type { StepOf } from "#domain/connectors/steps.ts";
import { recordVersion } from "#server/connectors/record-version.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"record-version">;

export async function keepVersion({ deps, actor, planId }: StepContext, step: Step): Promise<StepOutcome> {
  const { cluster, name, config, origin, note } = step;
  await deps.db.transaction(async (tx) => {
    await recordVersion(tx, { cluster, name, config, origin, author: actor, at: deps.now(), planId, note });
    await notifyChange(tx, "connectors", `${cluster}/${name}`);
  });
  return { state: "succeeded", message: "Kept in the history" };
}

export async function settleVersion(
  { deps, planId }: StepContext,
  { cluster, name }: Step,
): Promise<Settlement> {
  const [row] = await deps.db
    .select({ version: connectorVersions.version })
    .from(connectorVersions)
    .where(
      and(
        eq(connectorVersions.cluster, cluster),
        eq(connectorVersions.name, name),
        eq(connectorVersions.planId, planId),
      ),
    );
  return row ? { state: "succeeded", message: `Kept as version ${row.version}` } : { state: "not_done" };
}
