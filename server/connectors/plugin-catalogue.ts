import type { PluginKey } from "#domain/connectors/plugin-key.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import { isSecretName } from "#domain/credentials/plaintext.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import type { ConnectClient } from "#server/kafka-connect/client.ts";

/** A plugin's keys change when a worker is restarted with another plugin: minutes old is fresh enough. */
const KEEP_MS = 5 * 60_000;

interface Kept {
  until: number;
  keys: Promise<PluginKey[]>;
}

const catalogues = new WeakMap<ConnectClient, Map<string, Kept>>();

/** Every key the plugin defines, asked once in a while per cluster and plugin. */
export async function pluginKeysOf(
  { connect, now }: Pick<Deps, "connect" | "now">,
  cluster: string,
  plugin: string,
): Promise<PluginKey[]> {
  const client = connect(cluster);
  const kept = catalogues.get(client) ?? new Map<string, Kept>();
  catalogues.set(client, kept);
  const known = kept.get(plugin);
  if (known && known.until > now().getTime()) return known.keys;
  const keys = askKeys(client, plugin);
  kept.set(plugin, { until: now().getTime() + KEEP_MS, keys });
  keys.catch(() => kept.delete(plugin));
  return keys;
}

async function askKeys(client: ConnectClient, plugin: string): Promise<PluginKey[]> {
  const definitions = await client.pluginKeys(plugin);
  return definitions.map((definition) => ({
    name: definition.name,
    type: definition.type,
    isRequired: definition.required,
    default: isSecretName(definition.name) ? null : definition.default_value,
    importance: definition.importance,
    documentation: definition.documentation ?? "",
    group: definition.group ?? "",
    label: definition.display_name ?? definition.name,
    order: definition.order,
  }));
}

/** Keys typed as PASSWORD. A plugin that is not installed types none: Connect refuses it afterwards anyway. */
export async function passwordKeysOf(
  deps: Pick<Deps, "connect" | "now">,
  cluster: string,
  config: ConnectorConfig,
): Promise<Set<string>> {
  const plugin = config["connector.class"];
  if (!plugin) return new Set();
  try {
    const keys = await pluginKeysOf(deps, cluster, plugin);
    return new Set(keys.filter((key) => key.type === "PASSWORD").map((key) => key.name));
  } catch (error) {
    if (error instanceof AppError && error.code !== "upstream_unavailable") return new Set();
    throw error;
  }
}
