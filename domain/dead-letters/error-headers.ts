import type { TraceText } from "./exception-chain.ts";
import { FailureStage, type Position } from "./schema.ts";

/** One failure of a record, as Kafka Connect described it in headers. */
export interface Failure {
  original: Position | undefined;
  connector: string | undefined;
  task: number | undefined;
  stage: FailureStage;
  /** The class that failed: a converter, a transform, a sink task. */
  failedIn: string | undefined;
  exception: string | undefined;
  message: string | undefined;
  trace: TraceText | undefined;
}

export const ERROR_HEADER_PREFIX = "__connect.errors.";
const TRACE = "exception.stacktrace";
export const TRACE_HEADER = `${ERROR_HEADER_PREFIX}${TRACE}`;

/** A header as it came; `null` where Connect writes a null, as for an exception without a message. */
export type ErrorHeader = readonly [name: string, value: string | null];

/**
 * The failures of a record, oldest first. Connect appends a whole set of headers each time and replaces none; a name that
 * comes again opens the next set, even where a header is missing. Clients that keep headers by name (kafkajs among them)
 * put equal names side by side when they send a record on: those are dealt out from the last set backwards.
 */
export function readFailures(headers: Iterable<ErrorHeader>): Failure[] {
  const errors: (readonly [field: string, value: string | null])[] = [];
  for (const [name, value] of headers)
    if (name.startsWith(ERROR_HEADER_PREFIX)) errors.push([name.slice(ERROR_HEADER_PREFIX.length), value]);
  const sideBySide = errors.some(([field], index) => index > 0 && errors[index - 1]?.[0] === field);
  return (sideBySide ? setsByName(errors) : setsInTurn(errors)).map(readSet);
}

type ErrorSet = Map<string, string | null>;

function setsInTurn(errors: readonly (readonly [string, string | null])[]): ErrorSet[] {
  const sets: ErrorSet[] = [];
  let current: ErrorSet | undefined;
  for (const [field, value] of errors) {
    if (!current || current.has(field)) {
      current = new Map();
      sets.push(current);
    }
    current.set(field, value);
  }
  return sets;
}

function setsByName(errors: readonly (readonly [string, string | null])[]): ErrorSet[] {
  const byName = new Map<string, (string | null)[]>();
  for (const [field, value] of errors) byName.set(field, [...(byName.get(field) ?? []), value]);
  const count = Math.max(...[...byName.values()].map((values) => values.length));
  const sets: ErrorSet[] = Array.from({ length: count }, () => new Map());
  for (const [field, values] of byName)
    for (const [index, value] of values.entries()) sets[count - values.length + index]?.set(field, value);
  return sets;
}

/** The failure that counts: the last one. A record without error headers still failed; nothing is known about how. */
export function lastFailure(failures: readonly Failure[]): Failure {
  return failures.at(-1) ?? readSet(new Map());
}

function readSet(set: ReadonlyMap<string, string | null>): Failure {
  const text = (name: string) => set.get(name) ?? undefined;
  const stage = text("stage");
  return {
    original: originalPosition(text("topic"), text("partition"), text("offset")),
    connector: text("connector.name"),
    task: count(text("task.id")),
    stage: isStage(stage) ? stage : "UNKNOWN",
    failedIn: text("class.name"),
    exception: text("exception.class.name"),
    message: text("exception.message"),
    trace: text(TRACE),
  };
}

const STAGES: ReadonlySet<string | undefined> = new Set(FailureStage.options);

/** Asked for every record: a schema's answer costs more than all else that is read of it here. */
function isStage(text: string | undefined): text is FailureStage {
  return STAGES.has(text);
}

function originalPosition(
  topic: string | undefined,
  partitionText: string | undefined,
  offsetText: string | undefined,
): Position | undefined {
  const partition = count(partitionText);
  const offset = count(offsetText);
  if (!topic || partition === undefined || offset === undefined) return undefined;
  return { topic, partition, offset };
}

function count(text: string | undefined): number | undefined {
  if (!text || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
