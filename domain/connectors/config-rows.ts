import { isSecretName } from "../credentials/plaintext.ts";
import { type Effect, effectOf } from "./effects.ts";
import type { PluginKey } from "./plugin-key.ts";
import type { ConnectorConfig } from "./schema.ts";

/** One key as the configuration screens show it. */
export interface ConfigRow {
  name: string;
  label: string;
  documentation: string;
  /** Empty for keys the plugin does not list. */
  group: string;
  /** The plugin's type, or STRING for keys it does not list. */
  type: string;
  isRequired: boolean;
  isSecret: boolean;
  /** The plugin does not list it: a family such as `transforms.x.type`, a pass-through setting, or a typo. */
  isUnlisted: boolean;
  default: string | null;
  /** Undefined: the default holds. */
  value: string | undefined;
  effect: Effect;
}

/** Every key the plugin lists, in its order by group, and every other key that is set, after them. */
export function configRows(
  config: ConnectorConfig,
  keys: readonly PluginKey[],
  plugin = config["connector.class"] ?? "",
): ConfigRow[] {
  const listed = new Set(keys.map((key) => key.name));
  const groups = [...new Set(keys.map((key) => key.group))];
  const known = keys
    .map(
      (key): ConfigRow => ({
        name: key.name,
        label: key.label,
        documentation: key.documentation,
        group: key.group,
        type: key.type,
        isRequired: key.isRequired,
        isSecret: key.type === "PASSWORD" || isSecretName(key.name),
        isUnlisted: false,
        default: key.default,
        value: config[key.name],
        effect: effectOf(plugin, key.name),
      }),
    )
    .filter((row) => row.name !== "name")
    .sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
  const unlisted = Object.keys(config)
    .filter((name) => !listed.has(name) && name !== "name")
    .sort()
    .map(
      (name): ConfigRow => ({
        name,
        label: name,
        documentation: documentationOf(name),
        group: "",
        type: "STRING",
        isRequired: false,
        isSecret: isSecretName(name),
        isUnlisted: true,
        default: null,
        value: config[name],
        effect: effectOf(plugin, name),
      }),
    );
  return [...known, ...unlisted];
}

/** Families of keys that plugins read without listing them. */
const FAMILIES: readonly [pattern: RegExp, documentation: string][] = [
  [/^topic\.creation\.default\./, "How Connect makes topics that do not exist yet."],
  [/^topic\.creation\./, "How Connect makes topics of this group that do not exist yet."],
  [
    /^signal\.kafka\.|^signal\.consumer\./,
    "The topic on which the connector takes signals, and how it reads it.",
  ],
  [
    /^notification\.sink\./,
    "The topic to which the connector sends notifications, for example of a snapshot's progress.",
  ],
  [/^schema\.history\.internal\./, "Where the connector keeps the history of table structures."],
  [/^transforms\./, "A setting of a transform; the transform's class is at its .type."],
  [/^predicates\./, "A setting of a predicate that decides when a transform applies."],
  [/^(key|value|header)\.converter\./, "A setting of the converter that writes or reads records."],
  [
    /^(producer|consumer|admin)\.override\./,
    "A Kafka client setting of this connector alone; the cluster decides which are allowed.",
  ],
  [/^(database|driver|connection)\./, "Handed to the database driver as it is."],
  [/^read\.only$/, "With true, snapshots on demand need no table in the source."],
];

function documentationOf(name: string): string {
  return (
    FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ??
    "The plugin does not list this key; it is kept as it is."
  );
}

export type RowFilter = "all" | "set" | "required" | "secret" | "unlisted" | "heavy";

export function filterRows(rows: readonly ConfigRow[], filter: RowFilter): ConfigRow[] {
  switch (filter) {
    case "all":
      return [...rows];
    case "set":
      return rows.filter((row) => row.value !== undefined);
    case "required":
      return rows.filter((row) => row.isRequired);
    case "secret":
      return rows.filter((row) => row.isSecret);
    case "unlisted":
      return rows.filter((row) => row.isUnlisted);
    case "heavy":
      return rows.filter((row) => row.effect.effect === "resnapshot" || row.effect.effect === "irreversible");
  }
}
