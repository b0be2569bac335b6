import { and, eq } from "drizzle-orm";
import { connectorVersions } from "#db/schema/connectors.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ProposeRevertInput } from "#domain/connectors/version.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { proposeConfig } from "./propose-update.ts";

/** Going back is a change like any other: a plan with its own consequences. */
export async function proposeRevert(
  deps: Deps,
  actor: Actor,
  { cluster, name, version, note }: ProposeRevertInput,
): Promise<{ planId: string }> {
  requirePermission(actor, "connectors:configure");
  const [target] = await deps.db
    .select({ config: connectorVersions.config })
    .from(connectorVersions)
    .where(
      and(
        eq(connectorVersions.cluster, cluster),
        eq(connectorVersions.name, name),
        eq(connectorVersions.version, version),
      ),
    );
  if (!target) throw new AppError("not_found", `${name} has no version ${version}`);
  return proposeConfig(deps, actor, {
    cluster,
    name,
    live: await deps.connect(cluster).config(name),
    config: target.config,
    title: `Revert ${name} to version ${version}`,
    origin: "reverted",
    note: note ?? `Back to version ${version}`,
  });
}
