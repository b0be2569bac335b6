import { z } from "zod";
import { effectOf } from "./effects.ts";
import type { ConnectorConfig } from "./schema.ts";

export const KeyChange = z.object({
  key: z.string(),
  kind: z.enum(["added", "changed", "removed"]),
  before: z.string().optional(),
  after: z.string().optional(),
  effect: z.enum(["hot", "restart", "resnapshot", "irreversible"]),
  /** One sentence: what the change costs. */
  consequence: z.string(),
});
export type KeyChange = z.infer<typeof KeyChange>;

/**
 * For comparing only: what Connect would do the same thing with is the same. It adds `name` itself and trims values.
 */
export function normaliseConfig(config: ConnectorConfig): ConnectorConfig {
  const entries = Object.entries(config)
    .filter(([key]) => key !== "name")
    .map(([key, value]) => [key, value.trim()] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries);
}

/** As it is sent and kept: Connect adds `name` itself; every other key and value stays byte for byte. */
export function withoutName(config: ConnectorConfig): ConnectorConfig {
  const { name: _name, ...rest } = config;
  return rest;
}

export function sameConfig(a: ConnectorConfig, b: ConnectorConfig): boolean {
  return diffConfig(a, b).length === 0;
}

/** Changes in the order of their weight, then by key. */
export function diffConfig(before: ConnectorConfig, after: ConnectorConfig): KeyChange[] {
  const old = normaliseConfig(before);
  const next = normaliseConfig(after);
  const plugin = next["connector.class"] ?? old["connector.class"] ?? "";
  const changes = [...new Set([...Object.keys(old), ...Object.keys(next)])].flatMap((key): KeyChange[] => {
    const was = old[key];
    const is = next[key];
    if (was === is) return [];
    const kind = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    return [
      {
        key,
        kind,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
        ...effectOf(plugin, key),
      },
    ];
  });
  return changes.sort((a, b) => WEIGHT[b.effect] - WEIGHT[a.effect] || (a.key < b.key ? -1 : 1));
}

const WEIGHT = { hot: 0, restart: 1, resnapshot: 2, irreversible: 3 } as const;
