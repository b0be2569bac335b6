import { type Cause, causeOf } from "./causes.ts";
import { splitTrace } from "./exception-chain.ts";
import { normaliseMessage } from "./normalise-message.ts";

/** What the trace of a failed sink task says about the row that stopped it. Values are row data: keep them on the server. */
export interface StoppedSink {
  cause: Cause;
  /** The root cause without row data, for people. */
  message: string;
  /** Table the sink was writing, as the target names it. */
  table: string | undefined;
  kind: "insert" | "update" | "delete" | "ddl" | undefined;
  /** Column → literal, as the driver printed the failing statement. */
  row: ReadonlyMap<string, string | null> | undefined;
  /** `Key (id)=(5)` of a constraint: part of the row, where the statement is not quoted. */
  keyDetail: ReadonlyMap<string, string | null> | undefined;
  /** Values of `Failing row contains (…)`, in the order of the target's columns; PostgreSQL cuts long ones. */
  failingRow: readonly string[] | undefined;
  /** The record's own position, where the failure names it. */
  position: { topic: string; partition: number; offset: number } | undefined;
}

/** Reads the trace Connect reports for a FAILED task of a JDBC sink (Debezium 3.6, PostgreSQL and MariaDB drivers). */
export function readStoppedSink(trace: string): StoppedSink {
  const text = trace.length > 400_000 ? trace.slice(0, 400_000) : trace;
  const { chain } = splitTrace(text);
  const root = chain.findLast((link) => link.message !== "")?.message ?? text.slice(0, 500);
  const message = normaliseMessage(root);
  const statement = findStatement(text);
  return {
    cause: causeOf({
      stage: "TASK_PUT",
      exceptions: chain.map((link) => link.exception),
      message: [message, ...chain.toReversed().map((link) => normaliseMessage(link.message))].join(" "),
    }),
    message,
    table: statement?.table ?? failedTable(text),
    kind: statement?.kind,
    row: statement?.row,
    keyDetail: keyDetail(text),
    failingRow: failingRow(text),
    position: recordPosition(text),
  };
}

function failedTable(text: string): string | undefined {
  const named =
    /records for table '([^']+)'/.exec(text) ??
    /Cannot alter table ([^\s]+) because/.exec(text) ??
    /of relation "([^"]+)"/.exec(text) ??
    /for relation "([^"]+)"/.exec(text) ??
    /on table "([^"]+)"/.exec(text) ??
    /relation "([^"]+)" does not exist/.exec(text);
  return named?.[1];
}

interface Statement {
  table: string;
  kind: "insert" | "update" | "delete";
  row: Map<string, string | null> | undefined;
}

/** The statement with its values, as `Batch entry 2 INSERT INTO … was aborted` quotes it. */
function findStatement(text: string): Statement | undefined {
  const quoted =
    /Batch entry \d+ ([\s\S]*?) was aborted/.exec(text)?.[1] ??
    /\[\s*((?:insert into|update|delete from)\b[\s\S]*?)\]\s/i.exec(text)?.[1];
  if (!quoted) return undefined;
  const head =
    /^\s*(insert into|update|delete from)\s+((?:"[^"]+"|`[^`]+`|[\w$]+)(?:\.(?:"[^"]+"|`[^`]+`|[\w$]+))*)\s*/i.exec(
      quoted,
    );
  if (!head?.[1] || !head[2]) return undefined;
  const table = unquote(head[2]);
  const rest = quoted.slice(head[0].length);
  const word = head[1].toLowerCase();
  if (word === "insert into") return { table, kind: "insert", row: insertRow(rest) };
  if (word === "update") return { table, kind: "update", row: assignments(rest) };
  return { table, kind: "delete", row: assignments(rest.replace(/^\s*where\s+/i, "")) };
}

function insertRow(text: string): Map<string, string | null> | undefined {
  const columns = /^\(([^)]*)\)\s*values\s*/i.exec(text);
  if (!columns?.[1]) return undefined;
  const names = columns[1].split(",").map((name) => unquote(name.trim()));
  const values = readTuple(text, columns[0].length);
  if (values.length !== names.length) return undefined;
  return new Map(names.map((name, index) => [name, literalOf(values[index] ?? "")]));
}

/** `a=1,b='x' where id=5` and `id=5 and b=2`: each `column = literal`. */
function assignments(text: string): Map<string, string | null> | undefined {
  const found = new Map<string, string | null>();
  const column = /("[^"]+"|`[^`]+`|[\w$.]+)\s*=\s*/y;
  let at = 0;
  while (at < text.length) {
    column.lastIndex = at;
    const match = column.exec(text);
    if (!match?.[1]) {
      at += 1;
      continue;
    }
    const end = endOfValue(text, column.lastIndex, /^(?:,|\s+(?:where|and)\b)/i);
    found.set(unquote(match[1]), literalOf(text.slice(column.lastIndex, end)));
    at = end + 1;
  }
  return found.size > 0 ? found : undefined;
}

/** The items of a parenthesised list; quotes and nested parentheses are respected. */
function readTuple(text: string, from: number): string[] {
  if (text[from] !== "(") return [];
  const values: string[] = [];
  let at = from + 1;
  while (at < text.length) {
    const end = endOfValue(text, at, /^[,)]/);
    values.push(text.slice(at, end).trim());
    if (text[end] === ")") return values;
    at = end + 1;
  }
  return [];
}

function endOfValue(text: string, from: number, stop: RegExp): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === "'") {
      at = closingQuote(text, at);
      continue;
    }
    if (depth === 0 && stop.test(text.slice(at, at + 8))) return at;
    if (char === "(") depth += 1;
    if (char === ")") depth -= 1;
  }
  return text.length;
}

function closingQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] !== "'") continue;
    if (text[at + 1] !== "'") return at;
    at += 1;
  }
  return text.length;
}

/** `('100006'::int8)` → `100006`; `NULL` → null. */
function literalOf(text: string): string | null {
  let inner = text.trim();
  while (inner.startsWith("(") && inner.endsWith(")")) inner = inner.slice(1, -1).trim();
  if (inner.startsWith("'")) return inner.slice(1, closingQuote(inner, 0)).replaceAll("''", "'");
  const bare = inner.replace(/::[\w "[\]]+$/, "").trim();
  return /^null$/i.test(bare) ? null : bare.replace(/^\((.*)\)$/s, "$1");
}

function keyDetail(text: string): Map<string, string | null> | undefined {
  const match =
    /Key \(([^)]*)\)=\(([\s\S]*?)\)(?=\s+(?:already exists|is not present|is still referenced|conflicts|is duplicated))/.exec(
      text,
    );
  if (!match?.[1] || match[2] === undefined) return undefined;
  const names = match[1].split(",").map((name) => unquote(name.trim()));
  const values = names.length === 1 ? [match[2]] : match[2].split(", ");
  if (values.length !== names.length) return undefined;
  return new Map(names.map((name, index) => [name, values[index] ?? null]));
}

function failingRow(text: string): string[] | undefined {
  const match = /Failing row contains \(([\s\S]*?)\)\.(?:\s|$)/.exec(text);
  return match?.[1]?.split(", ");
}

function recordPosition(text: string): StoppedSink["position"] {
  const match = /topic='?([\w.-]+)'?,\s*(?:kafka)?partition=(\d+),\s*(?:kafka)?offset=(\d+)/i.exec(text);
  if (!match?.[1]) return undefined;
  return { topic: match[1], partition: Number(match[2]), offset: Number(match[3]) };
}

function unquote(name: string): string {
  return name
    .split(".")
    .map((part) => part.replace(/^["`]|["`]$/g, ""))
    .join(".");
}

/** A record that may be the one, decoded. */
export interface CandidateRecord {
  topic: string;
  partition: number;
  offset: number;
  key: Readonly<Record<string, unknown>> | undefined;
  /** The row after the change; for a delete, before it. */
  row: Readonly<Record<string, unknown>> | undefined;
}

export interface Match {
  record: CandidateRecord;
  /** Columns whose value is the one in the statement. */
  agreeing: number;
  certain: boolean;
}

/**
 * The record that the trace is about. Its key must be in the statement; of several events of that row the one whose
 * values agree best, and of equal ones the first, since the sink meets that first.
 */
export function findRecord(stopped: StoppedSink, records: Iterable<CandidateRecord>): Match | undefined {
  const said = stopped.row ?? stopped.keyDetail;
  let best: Match | undefined;
  for (const record of records) {
    const agreeing = said ? agreement(said, record) : failingAgreement(stopped.failingRow, record);
    if (agreeing === undefined) continue;
    if (!best || agreeing > best.agreeing) best = { record, agreeing, certain: true };
    else if (agreeing === best.agreeing) best = { ...best, certain: false };
  }
  return best;
}

/** How many columns agree, or undefined if the key does not. */
function agreement(
  said: ReadonlyMap<string, string | null>,
  { key, row }: CandidateRecord,
): number | undefined {
  const known = lowerCased(said);
  for (const [column, value] of Object.entries(key ?? {})) {
    const literal = known.get(column.toLowerCase());
    if (literal === undefined) continue;
    if (!sameValue(literal, value)) return undefined;
  }
  let count = 0;
  let keyed = false;
  for (const column of Object.keys(key ?? {})) if (known.has(column.toLowerCase())) keyed = true;
  for (const [column, value] of Object.entries({ ...row, ...key }))
    if (known.has(column.toLowerCase()) && sameValue(known.get(column.toLowerCase()) ?? null, value))
      count += 1;
  return keyed || count > 0 ? count : undefined;
}

function failingAgreement(
  failing: readonly string[] | undefined,
  { row, key }: CandidateRecord,
): number | undefined {
  if (!failing) return undefined;
  const values = new Set(failing);
  const keys = Object.values(key ?? {});
  if (keys.length === 0 || !keys.every((value) => values.has(String(value)))) return undefined;
  return Object.values(row ?? {}).filter((value) => values.has(value === null ? "null" : String(value)))
    .length;
}

function lowerCased(map: ReadonlyMap<string, string | null>): Map<string, string | null> {
  return new Map([...map].map(([name, value]) => [name.toLowerCase(), value]));
}

function sameValue(literal: string | null, value: unknown): boolean {
  if (literal === null || value === null || value === undefined)
    return literal === null && (value === null || value === undefined);
  if (typeof value === "boolean")
    return (literal === "t" || literal.toLowerCase() === "true" || literal === "1") === value;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  if (text === literal) return true;
  return text.trim() !== "" && literal.trim() !== "" && Number(text) === Number(literal);
}
