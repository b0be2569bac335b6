import type { CanonicalForm } from "./canonical-form.ts";
import type { ComparedColumn, Comparison, UncheckedColumn } from "./comparison.ts";
import type { ColumnShape, TableShape, TypeFamily } from "./table-shape.ts";

/** What the pipeline's configuration says about the way from source to target. Everything is optional. */
export interface SinkMapping {
  /** Columns left out on purpose, by their name in the source. */
  excluded?: readonly UncheckedColumn[];
  /** Key columns where they are not the source's primary key: the connector's `message.key.columns`. */
  key?: readonly string[];
  /** Name in the target by name in the source, where they differ. */
  columnNames?: Readonly<Record<string, string>>;
  /** Debezium's `time.precision.mode`: `connect` cuts to milliseconds. */
  timePrecisionMode?: "adaptive" | "adaptive_time_microseconds" | "connect" | "isostring" | "microseconds";
}

/** Decides column by column how values are compared; what cannot be compared is listed with its reason. */
export function planComparison(
  source: TableShape,
  target: TableShape,
  mapping: SinkMapping = {},
): Comparison {
  const excluded = new Map((mapping.excluded ?? []).map(({ column, reason }) => [column, reason]));
  const unchecked: UncheckedColumn[] = [];
  const columns: ComparedColumn[] = [];
  const used = new Set<string>();
  for (const column of source.columns) {
    const there = findColumn(target, mapping.columnNames?.[column.name] ?? column.name);
    if (there) used.add(there.name);
    const reason = excluded.get(column.name);
    if (reason !== undefined) unchecked.push({ column: column.name, reason });
    else if (!there) unchecked.push({ column: column.name, reason: notThere(column) });
    else {
      const form = commonForm(column, there, mapping);
      if (form) columns.push({ source: column.name, target: there.name, form });
      else unchecked.push({ column: column.name, reason: incomparable(column, there) });
    }
  }
  for (const column of target.columns)
    if (!used.has(column.name))
      unchecked.push({ column: column.name, reason: "There is no such column in the source" });
  const key = comparableKey(mapping.key ?? source.key, columns);
  const isKey = (column: ComparedColumn) => key.includes(column.source);
  return {
    columns: [
      ...key.flatMap((name) => columns.filter((column) => column.source === name)),
      ...columns.filter((column) => !isKey(column)),
    ],
    keyLength: key.length,
    uniqueKey:
      isKeyOf(
        source,
        columns.filter(isKey).map((column) => column.source),
      ) ||
      isKeyOf(
        target,
        columns.filter(isKey).map((column) => column.target),
      ),
    unchecked,
  };
}

function isKeyOf({ key }: TableShape, names: readonly string[]): boolean {
  return key.length > 0 && key.every((name) => names.includes(name));
}

/** A key of which one column cannot be compared is no key: rows are then compared as a multiset. */
function comparableKey(key: readonly string[], columns: readonly ComparedColumn[]): readonly string[] {
  return key.every((name) => columns.some((column) => column.source === name)) ? key : [];
}

/** Sinks fold names to lower case where identifiers are not quoted. */
function findColumn(table: TableShape, name: string): ColumnShape | undefined {
  return (
    table.columns.find((column) => column.name === name) ??
    table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  );
}

function notThere({ generated }: ColumnShape): string {
  return generated
    ? "Computed by the source and not carried to the target"
    : "There is no such column in the target";
}

function incomparable(source: ColumnShape, target: ColumnShape): string {
  return `${source.declared} and ${target.declared} have no common form`;
}

const TEXTS: ReadonlySet<TypeFamily> = new Set(["text", "char", "enum"]);
const FLOATS: ReadonlySet<TypeFamily> = new Set(["float32", "float64"]);
const INSTANTS: ReadonlySet<TypeFamily> = new Set(["timestamp", "timestamptz"]);
const TIMES: ReadonlySet<TypeFamily> = new Set(["time", "timetz"]);
const MICROSECONDS = 6;

/** The form both values can take after what the sink does to them, or nothing. */
export function commonForm(
  source: ColumnShape,
  target: ColumnShape,
  mapping: SinkMapping,
): CanonicalForm | undefined {
  const [from, to] = [source.family, target.family];
  const both = (families: ReadonlySet<TypeFamily>) => families.has(from) && families.has(to);
  const pair = (a: TypeFamily, b: TypeFamily) => (from === a && to === b) || (from === b && to === a);
  if (both(TEXTS)) return { kind: "text", blankPadded: from === "char" || to === "char" };
  if (from === "integer" && to === "integer") return { kind: "integer" };
  if (from === "boolean" && to === "boolean") return { kind: "boolean" };
  if (pair("boolean", "integer") || pair("boolean", "bits")) return { kind: "boolean" };
  if (from === "decimal" && to === "decimal") return { kind: "decimal", scale: target.scale };
  if (pair("integer", "decimal")) return { kind: "decimal", scale: target.scale };
  if (both(FLOATS)) return { kind: "float", bits: from === "float32" || to === "float32" ? 32 : 64 };
  if (pair("decimal", "float64") || pair("integer", "float64")) return { kind: "float", bits: 64 };
  if (from === to && from === "uuid") return { kind: "uuid" };
  if (from === to && from === "date") return { kind: "date" };
  if (both(TIMES)) return { kind: "time", digits: sharedDigits(source, target, mapping) };
  if (both(INSTANTS) || (from === "date" && INSTANTS.has(to)))
    return {
      kind: "timestamp",
      digits: sharedDigits(source, target, mapping),
      utc: from === "timestamptz" || to === "timestamptz",
      rounded: mapping.timePrecisionMode !== "connect",
    };
  if (from === to && from === "json")
    return { kind: "json", binary: target.declared === "jsonb" && source.declared !== "jsonb" };
  if (from === to && from === "binary") return { kind: "binary" };
  if (from === "array" && to === "array" && source.element && target.element) {
    const element = commonForm(source.element, target.element, mapping);
    return element && { kind: "array", element };
  }
  if (TEXTS.has(to) && WRITTEN_AS_TEXT.has(from)) return { kind: "text", blankPadded: to === "char" };
  if (from === to && source.declared === target.declared) return { kind: "native", type: source.declared };
  return undefined;
}

/** What a sink hands over as the source's own text. */
const WRITTEN_AS_TEXT: ReadonlySet<TypeFamily> = new Set([
  "uuid",
  "json",
  "interval",
  "other",
  "decimal",
  "integer",
]);

function sharedDigits(source: ColumnShape, target: ColumnShape, { timePrecisionMode }: SinkMapping): number {
  const carried = timePrecisionMode === "connect" ? 3 : MICROSECONDS;
  return Math.min(source.digits ?? MICROSECONDS, target.digits ?? MICROSECONDS, carried);
}
