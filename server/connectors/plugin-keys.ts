import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { PluginKey } from "#domain/connectors/plugin-key.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { pluginKeysOf } from "./plugin-catalogue.ts";

/** The searchable catalogue of a plugin's keys. */
export async function pluginKeys(
  deps: Pick<Deps, "connect" | "limits" | "now">,
  actor: Actor,
  { cluster, plugin }: { cluster: string; plugin: string },
): Promise<PluginKey[]> {
  requirePermission(actor, "console:view");
  await limitExpensive(deps, actor, "connectors.pluginKeys");
  return pluginKeysOf(deps, cluster, plugin);
}
