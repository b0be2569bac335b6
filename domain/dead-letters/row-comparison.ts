/** A column as a database tells it, with its value as PostgreSQL writes it as text. */
export interface ReadColumn {
  name: string;
  /** `bigint`, `character varying(40)`… */
  type: string;
  value: string | null;
}

export type Agreement = "same" | "differs" | "unknown";

/** One column of a row in the three places where it can be: undefined where the place has no such column or was not read. */
export interface ComparedColumn {
  name: string;
  event: unknown;
  source: ReadColumn | undefined;
  target: ReadColumn | undefined;
  /** Target against source; what counts for whether the mirror is right. */
  targetAgrees: Agreement;
  /** The dead letter against the source. */
  eventAgrees: Agreement;
}

/** Puts a row's three versions side by side: the source's columns first and in its order. */
export function compareRow(
  event: Readonly<Record<string, unknown>> | undefined,
  source: readonly ReadColumn[] | undefined,
  target: readonly ReadColumn[] | undefined,
): ComparedColumn[] {
  const names = new Map<string, string>();
  for (const name of [...(source ?? []).map((column) => column.name), ...Object.keys(event ?? {})])
    names.set(name.toLowerCase(), names.get(name.toLowerCase()) ?? name);
  for (const { name } of target ?? []) names.set(name.toLowerCase(), names.get(name.toLowerCase()) ?? name);
  const find = (columns: readonly ReadColumn[] | undefined, name: string) =>
    columns?.find((column) => column.name === name) ??
    columns?.find((column) => column.name.toLowerCase() === name.toLowerCase());
  return [...names.values()].map((name) => {
    const [inSource, inTarget] = [find(source, name), find(target, name)];
    const inEvent = event?.[name];
    return {
      name,
      event: inEvent,
      source: inSource,
      target: inTarget,
      targetAgrees: inSource && inTarget ? columnsAgree(inSource, inTarget) : "unknown",
      eventAgrees: inSource && inEvent !== undefined ? valueAgrees(inEvent, inSource) : "unknown",
    };
  });
}

const NUMBER = /^(smallint|integer|bigint|numeric|decimal|real|double precision)/;
const TEXT = /^(text|character|uuid|citext|name)/;
const TIME = /^timestamp/;
const JSON_TYPE = /^jsonb?$/;

function columnsAgree(a: ReadColumn, b: ReadColumn): Agreement {
  if (a.value === null || b.value === null) return a.value === b.value ? "same" : "differs";
  if (a.value === b.value) return "same";
  if (NUMBER.test(a.type) && NUMBER.test(b.type)) return sameNumber(a.value, b.value);
  if (TIME.test(a.type) && TIME.test(b.type))
    return momentOf(a.value) === momentOf(b.value) ? "same" : "differs";
  if (JSON_TYPE.test(a.type) || JSON_TYPE.test(b.type)) return sameJson(a.value, b.value);
  // Two types may write one value in two ways: without knowing both, different text proves nothing.
  return a.type === b.type || (TEXT.test(a.type) && TEXT.test(b.type)) ? "differs" : "unknown";
}

/** A value as Debezium sends it against the column it came from. */
function valueAgrees(value: unknown, { type, value: text }: ReadColumn): Agreement {
  if (value === null || text === null) return value === null && text === null ? "same" : "differs";
  if (typeof value === "boolean") return (text === "true" || text === "t") === value ? "same" : "differs";
  if (NUMBER.test(type)) {
    if (typeof value === "number") return sameNumber(String(value), text);
    // Exact decimals may travel as bytes.
    return typeof value === "string" && /^-?[\d.]+(e[+-]?\d+)?$/i.test(value)
      ? sameNumber(value, text)
      : "unknown";
  }
  if (TIME.test(type)) return sameMoment(value, text);
  if (type === "date" && typeof value === "number")
    return new Date(value * 86_400_000).toISOString().slice(0, 10) === text ? "same" : "differs";
  if (JSON_TYPE.test(type) && typeof value === "string") return sameJson(value, text);
  if (TEXT.test(type) && typeof value === "string") return value === text ? "same" : "differs";
  return "unknown";
}

function sameNumber(a: string, b: string): Agreement {
  if (a === b) return "same";
  if (/^-?\d{16,}$/.test(a) && /^-?\d{16,}$/.test(b)) return "differs";
  return Number(a) === Number(b) ? "same" : "differs";
}

/** Debezium sends milliseconds, microseconds or nanoseconds since 1970, or ISO text. */
function sameMoment(value: unknown, text: string): Agreement {
  const moment = momentOf(text);
  if (moment === undefined) return "unknown";
  if (typeof value === "string" && !/^-?\d+$/.test(value)) {
    const own = momentOf(value);
    return own === undefined ? "unknown" : own === moment ? "same" : "differs";
  }
  const number = Number(value);
  if (!Number.isFinite(number)) return "unknown";
  return [number, number / 1_000, number / 1_000_000].some((ms) => Math.trunc(ms) === moment)
    ? "same"
    : "differs";
}

function momentOf(text: string): number | undefined {
  const iso = text.replace(" ", "T").replace(/(\.\d{3})\d+/, "$1");
  const zoned = /(Z|[+-]\d\d(:?\d\d)?)$/.test(iso.slice(10))
    ? iso.replace(/([+-]\d\d)$/, "$1:00")
    : `${iso}Z`;
  const moment = Date.parse(zoned);
  return Number.isNaN(moment) ? undefined : moment;
}

function sameJson(a: string, b: string): Agreement {
  try {
    return canonical(JSON.parse(a)) === canonical(JSON.parse(b)) ? "same" : "differs";
  } catch {
    return "unknown";
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

export type RowState = "found" | "missing" | "unknown";

export interface RowConclusion {
  kind: "equal" | "differs" | "only_source" | "only_target" | "gone" | "unknown";
  /** One sentence that says what the comparison means for a repair. */
  text: string;
}

export function concludeRow(
  source: RowState,
  target: RowState,
  columns: readonly Pick<ComparedColumn, "name" | "targetAgrees" | "source" | "target">[],
): RowConclusion {
  if (source === "unknown" || target === "unknown")
    return {
      kind: "unknown",
      text: `Whether the target is right cannot be told: the ${source === "unknown" ? "source" : "target"} was not read.`,
    };
  if (source === "missing" && target === "missing")
    return { kind: "gone", text: "The row is gone from source and target: nothing is left to repair." };
  if (target === "missing")
    return {
      kind: "only_source",
      text: "The target lacks the row: replay the record or read the row again.",
    };
  if (source === "missing")
    return {
      kind: "only_target",
      text: "The source no longer has the row but the target does: a delete has not arrived. Replaying an older event would not remove it.",
    };
  const differing = columns
    .filter((column) => column.targetAgrees === "differs")
    .map((column) => column.name);
  if (differing.length > 0)
    return {
      kind: "differs",
      text: `The target differs from the source in ${differing.slice(0, 5).join(", ")}${differing.length > 5 ? ` and ${differing.length - 5} more` : ""}: reading the row again repairs it whatever this record holds.`,
    };
  const doubtful = columns.some(
    (column) => column.source && column.target && column.targetAgrees === "unknown",
  );
  return doubtful
    ? { kind: "unknown", text: "No difference was found, but not every column could be compared." }
    : { kind: "equal", text: "The target has the row as the source has it: nothing is left to repair." };
}
