import { listOf } from "../connectors/produced-topics.ts";
import type { ConnectorConfig } from "../connectors/schema.ts";
import { positionText } from "./replay-order.ts";
import { Position } from "./schema.ts";

export const QUARANTINE_CLASS = "io.headgate.connect.Quarantine";
/** What the audit trail calls putting records on the list, and taking them off; the detail has the `records` and the `patch`. */
export const SET_ASIDE_ACTION = "dead-letter.quarantine";
export const TAKE_OFF_ACTION = "dead-letter.clean-quarantine";
/** Name of the transform that Headgate adds. */
const NAME = "quarantine";
/** Without these a listed record would stop the task, or leave no trace of why it failed. */
const NEEDED = { "errors.tolerance": "all", "errors.deadletterqueue.context.headers.enable": "true" };
const TOPIC = "errors.deadletterqueue.topic.name";
const REPLICATION = "errors.deadletterqueue.topic.replication.factor";

/** The records a sink is told to set aside. */
export function quarantinedBy(config: ConnectorConfig): Position[] {
  const name = transformName(config);
  return name === undefined
    ? []
    : listOf(config[`transforms.${name}.records`]).flatMap((entry) => parsePosition(entry) ?? []);
}

/** What to change in a sink's configuration to set these records aside; `null` removes a key. */
export type ConfigPatch = Record<string, string | null>;

export interface DeadLetterSettings {
  /** Used where the sink has no dead-letter topic yet. */
  topic: string;
  replicationFactor: number;
}

/**
 * Adds records to the list. The transform comes first, so that no other one meets the record before it; without a
 * dead-letter topic or with `errors.tolerance=none` a listed record would be lost or stop the task, so both are set.
 */
export function addToQuarantine(
  config: ConnectorConfig,
  records: readonly Position[],
  reason: string,
  deadLetters: DeadLetterSettings,
): ConfigPatch {
  const name = transformName(config) ?? freeName(config);
  const entries = [...new Set([...quarantinedBy(config), ...records].map(positionText))];
  const others = listOf(config.transforms).filter((transform) => transform !== name);
  const wanted: Record<string, string> = {
    transforms: [name, ...others].join(","),
    [`transforms.${name}.type`]: QUARANTINE_CLASS,
    [`transforms.${name}.records`]: entries.join(","),
    [`transforms.${name}.reason`]: oneLine(reason),
    ...NEEDED,
    ...(config[TOPIC]
      ? {}
      : { [TOPIC]: deadLetters.topic, [REPLICATION]: String(deadLetters.replicationFactor) }),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => config[key] !== value));
}

/** Takes records off the list; with the last one the transform goes. Tolerance and dead-letter topic stay: other records may need them. */
export function removeFromQuarantine(config: ConnectorConfig, records: readonly Position[]): ConfigPatch {
  const name = transformName(config);
  if (name === undefined) return {};
  const gone = new Set(records.map(positionText));
  const before = quarantinedBy(config).map(positionText);
  const left = before.filter((entry) => !gone.has(entry));
  if (left.length === before.length) return {};
  if (left.length > 0) return { [`transforms.${name}.records`]: left.join(",") };
  const others = listOf(config.transforms).filter((transform) => transform !== name);
  return {
    transforms: others.length > 0 ? others.join(",") : null,
    ...Object.fromEntries(
      Object.keys(config)
        .filter((key) => key.startsWith(`transforms.${name}.`))
        .map((key) => [key, null]),
    ),
  };
}

/** What of a connector's configuration is the work of Headgate's quarantine. */
export interface QuarantineWork {
  /** Keys whose live value (or absence) a quarantine gave them. */
  keys: ReadonlySet<string>;
  /** Records that a quarantine set aside, as `topic-partition@offset`. */
  records: ReadonlySet<string>;
}

/**
 * A configuration with what the quarantine did to the live one, and nothing else of it: what should be live where the
 * configuration is the wanted one. A list in place keeps its name, its place and what it needs.
 */
export function withQuarantineOf(
  live: ConnectorConfig,
  { keys, records }: QuarantineWork,
  config: ConnectorConfig,
): ConnectorConfig {
  const next: ConnectorConfig = { ...config };
  for (const key of keys) {
    if (live[key] === undefined) delete next[key];
    else next[key] = live[key];
  }
  const old = transformName(config);
  const isOver = old !== undefined && next[`transforms.${old}.type`] === undefined;
  const others = listOf(next.transforms).filter((transform) => !isOver || transform !== old);
  if (isOver && others.length > 0) next.transforms = others.join(",");
  else if (isOver) delete next.transforms;

  const name = transformName(live);
  const entries = quarantinedBy(live).map(positionText);
  const own = entries.filter((entry) => records.has(entry));
  if (name === undefined || own.length === 0) return next;
  const reason = live[`transforms.${name}.reason`];
  return {
    ...next,
    ...NEEDED,
    ...(next[TOPIC] || !live[TOPIC]
      ? {}
      : { [TOPIC]: live[TOPIC], ...(live[REPLICATION] ? { [REPLICATION]: live[REPLICATION] } : {}) }),
    transforms: [name, ...others.filter((transform) => transform !== name)].join(","),
    [`transforms.${name}.type`]: QUARANTINE_CLASS,
    [`transforms.${name}.records`]: own.join(","),
    ...(reason === undefined ? {} : { [`transforms.${name}.reason`]: reason }),
  };
}

/** Entries the group has committed past on every partition: a restart no longer meets them. */
export function passedEntries(
  entries: readonly Position[],
  committed: (topic: string, partition: number) => number | undefined,
): Position[] {
  return entries.filter(({ topic, partition, offset }) => (committed(topic, partition) ?? -1) > offset);
}

/**
 * Entries right behind the committed offset with nothing else between. Debezium's sink (3.6) commits what it wrote, so a
 * record set aside at the end of a partition is not passed until another one follows it.
 */
export function nextInLine(
  entries: readonly Position[],
  committed: (topic: string, partition: number) => number | undefined,
): Position[] {
  const next = new Map<string, number | undefined>();
  return [...entries]
    .sort((a, b) => a.offset - b.offset)
    .filter(({ topic, partition, offset }) => {
      const place = `${topic}/${partition}`;
      if (!next.has(place)) next.set(place, committed(topic, partition));
      if (next.get(place) !== offset) return false;
      next.set(place, offset + 1);
      return true;
    });
}

export function parsePosition(entry: string): Position | undefined {
  const match = /^(.+)-(\d{1,9})@(\d{1,16})$/.exec(entry.trim());
  if (!match) return undefined;
  const parsed = Position.safeParse({
    topic: match[1],
    partition: Number(match[2]),
    offset: Number(match[3]),
  });
  return parsed.success ? parsed.data : undefined;
}

function transformName(config: ConnectorConfig): string | undefined {
  return listOf(config.transforms).find((name) => config[`transforms.${name}.type`] === QUARANTINE_CLASS);
}

function freeName(config: ConnectorConfig): string {
  const taken = new Set(listOf(config.transforms));
  let name = NAME;
  for (let count = 2; taken.has(name); count += 1) name = `${NAME}${count}`;
  return name;
}

/** Connect's configuration values are plain text; a `${` would be read as a reference. */
function oneLine(reason: string): string {
  return reason.replace(/\s+/g, " ").replaceAll("${", "$ {").trim().slice(0, 200);
}
