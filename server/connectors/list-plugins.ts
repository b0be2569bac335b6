import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";

export interface InstalledPlugin {
  plugin: string;
  type: "source" | "sink";
  version: string | null;
}

/** The connector plugins installed on a cluster's workers. */
export async function listPlugins(
  { connect, limits }: Pick<Deps, "connect" | "limits">,
  actor: Actor,
  { cluster }: { cluster: string },
): Promise<InstalledPlugin[]> {
  requirePermission(actor, "console:view");
  await limitExpensive({ limits }, actor, "connectors.plugins");
  const plugins = await connect(cluster).plugins();
  return plugins.flatMap(({ class: plugin, type, version }) =>
    type === "source" || type === "sink" ? [{ plugin, type, version: version ?? null }] : [],
  );
}
