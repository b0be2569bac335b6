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
  return listsIn(config).flatMap(({ records }) => records);
}

/** What to change in a sink's configuration to set these records aside; `null` removes a key. */
export type ConfigPatch = Record<string, string | null>;

export interface DeadLetterSettings {
  /** Used where the sink has no dead-letter topic yet. */
  topic: string;
  replicationFactor: number;
}

/**
 * Puts records on the list of their reason: each record is reported with the error it had itself, however often it is met.
 * The lists come first, so that no other transform meets the record before them; without a dead-letter topic or with
 * `errors.tolerance=none` a listed record would be lost or stop the task, so both are set.
 */
export function addToQuarantine(
  config: ConnectorConfig,
  records: readonly Position[],
  reason: string,
  deadLetters: DeadLetterSettings,
): ConfigPatch {
  const lists = listsIn(config);
  const known = new Set(quarantinedBy(config).map(positionText));
  const added = [...new Set(records.map(positionText))].filter((entry) => !known.has(entry));
  const text = oneLine(reason);
  const same = lists.find((list) => list.reason === text);
  const name = same?.name ?? freeName(config);
  const names = lists.map((list) => list.name);
  const wanted: Record<string, string> = {
    ...NEEDED,
    ...(config[TOPIC]
      ? {}
      : { [TOPIC]: deadLetters.topic, [REPLICATION]: String(deadLetters.replicationFactor) }),
    ...(added.length > 0
      ? {
          [`transforms.${name}.type`]: QUARANTINE_CLASS,
          [`transforms.${name}.records`]: [...(same?.records ?? []).map(positionText), ...added].join(","),
          [`transforms.${name}.reason`]: text,
        }
      : {}),
    transforms: first(config, added.length > 0 && !same ? [name, ...names] : names),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => (config[key] ?? "") !== value));
}

/** Takes records off their lists; with its last one a transform goes. Tolerance and dead-letter topic stay: other records may need them. */
export function removeFromQuarantine(config: ConnectorConfig, records: readonly Position[]): ConfigPatch {
  const gone = new Set(records.map(positionText));
  const patch: ConfigPatch = {};
  const over = new Set<string>();
  for (const { name, records: before } of listsIn(config)) {
    const left = before.map(positionText).filter((entry) => !gone.has(entry));
    if (left.length === before.length) continue;
    if (left.length > 0) patch[`transforms.${name}.records`] = left.join(",");
    else over.add(name);
  }
  if (over.size === 0) return patch;
  const names = listOf(config.transforms).filter((name) => !over.has(name));
  for (const key of Object.keys(config))
    if ([...over].some((name) => key.startsWith(`transforms.${name}.`))) patch[key] = null;
  return { ...patch, transforms: names.length > 0 ? names.join(",") : null };
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
  const over = new Set(
    listsIn(config).flatMap(({ name }) => (next[`transforms.${name}.type`] === undefined ? [name] : [])),
  );
  const others = listOf(next.transforms).filter((name) => !over.has(name));
  if (over.size > 0 && others.length > 0) next.transforms = others.join(",");
  else if (over.size > 0) delete next.transforms;

  const names: string[] = [];
  for (const { name, records: entries } of listsIn(live)) {
    const own = entries.map(positionText).filter((entry) => records.has(entry));
    if (own.length === 0) continue;
    names.push(name);
    next[`transforms.${name}.type`] = QUARANTINE_CLASS;
    next[`transforms.${name}.records`] = own.join(",");
    const reason = live[`transforms.${name}.reason`];
    if (reason !== undefined) next[`transforms.${name}.reason`] = reason;
  }
  if (names.length === 0) return next;
  return {
    ...next,
    ...NEEDED,
    ...(next[TOPIC] || !live[TOPIC]
      ? {}
      : { [TOPIC]: live[TOPIC], ...(live[REPLICATION] ? { [REPLICATION]: live[REPLICATION] } : {}) }),
    transforms: first(next, names),
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

interface QuarantineList {
  /** Name of its transform. */
  name: string;
  records: Position[];
  reason: string;
}

function listsIn(config: ConnectorConfig): QuarantineList[] {
  return listOf(config.transforms)
    .filter((name) => config[`transforms.${name}.type`] === QUARANTINE_CLASS)
    .map((name) => ({
      name,
      records: listOf(config[`transforms.${name}.records`]).flatMap((entry) => parsePosition(entry) ?? []),
      reason: config[`transforms.${name}.reason`] ?? "",
    }));
}

function first(config: ConnectorConfig, names: readonly string[]): string {
  return [...names, ...listOf(config.transforms).filter((name) => !names.includes(name))].join(",");
}

function freeName(config: ConnectorConfig): string {
  const taken = new Set(listOf(config.transforms));
  let name = NAME;
  for (let count = 2; taken.has(name); count += 1) name = `${NAME}${count}`;
  return name;
}

/** Room for the longest reason a person may give, and the error behind it. */
const MOST_TEXT = 1_000;

/** Connect's configuration values are plain text; a `${` would be read as a reference. */
function oneLine(reason: string): string {
  return reason.replace(/\s+/g, " ").replaceAll("${", "$ {").trim().slice(0, MOST_TEXT);
}
