import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { PluginKey } from "#domain/connectors/plugin-key.ts";
import type { Deps } from "#server/deps.ts";
import { pluginKeysOf } from "./plugin-catalogue.ts";

/** The searchable catalogue of a plugin's keys. */
export async function pluginKeys(
  deps: Pick<Deps, "connect" | "now">,
  actor: Actor,
  { cluster, plugin }: { cluster: string; plugin: string },
): Promise<PluginKey[]> {
  requirePermission(actor, "console:view");
  return pluginKeysOf(deps, cluster, plugin);
}
