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
  trace: string | undefined;
}

export const ERROR_HEADER_PREFIX = "__connect.errors.";

/** A header as it came; `null` where Connect writes a null, as for an exception without a message. */
export type ErrorHeader = readonly [name: string, value: string | null];

/**
 * The failures of a record, oldest first. Connect appends a whole set of headers each time and replaces none, always
 * beginning with the topic; a name that comes again opens the next set even where that topic header is missing.
 */
export function readFailures(headers: Iterable<ErrorHeader>): Failure[] {
  const sets: Map<string, string | null>[] = [];
  let current: Map<string, string | null> | undefined;
  for (const [name, value] of headers) {
    if (!name.startsWith(ERROR_HEADER_PREFIX)) continue;
    const field = name.slice(ERROR_HEADER_PREFIX.length);
    if (!current || current.has(field)) {
      current = new Map();
      sets.push(current);
    }
    current.set(field, value);
  }
  return sets.map(readSet);
}

/** The failure that counts: the last one. A record without error headers still failed; nothing is known about how. */
export function lastFailure(failures: readonly Failure[]): Failure {
  return failures.at(-1) ?? readSet(new Map());
}

function readSet(set: ReadonlyMap<string, string | null>): Failure {
  const text = (name: string) => set.get(name) ?? undefined;
  const stage = FailureStage.safeParse(text("stage"));
  return {
    original: originalPosition(text("topic"), text("partition"), text("offset")),
    connector: text("connector.name"),
    task: count(text("task.id")),
    stage: stage.success ? stage.data : "UNKNOWN",
    failedIn: text("class.name"),
    exception: text("exception.class.name"),
    message: text("exception.message"),
    trace: text("exception.stacktrace"),
  };
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
