import type { z } from "zod";
import { DEFAULT_SETTINGS, type ExcludedColumn, TableSettings } from "#domain/reconciliation/schema.ts";

/** The settings as text fields hold them. */
export interface Draft {
  enabled: boolean;
  method: TableSettings["method"];
  schedule: string;
  fullSchedule: string;
  timeZone: string;
  window: string;
  targetPercent: string;
  criticalPercent: string;
  rowsPerSecond: string;
  statementSeconds: string;
  pauseAboveSessions: string;
  slices: string;
  timestampColumn: string;
  sampleRows: string;
  excludedColumns: string;
}

export function draftOf(settings: TableSettings): Draft {
  const { throttle, window } = settings;
  return {
    enabled: settings.enabled,
    method: settings.method,
    schedule: settings.schedule,
    fullSchedule: settings.fullSchedule ?? "",
    timeZone: settings.timeZone,
    window: window ? `${window.from}-${window.to}` : "",
    targetPercent: String(settings.targetPercent),
    criticalPercent: String(settings.criticalPercent),
    rowsPerSecond: throttle.rowsPerSecond === null ? "" : String(throttle.rowsPerSecond),
    statementSeconds: String(throttle.statementSeconds),
    pauseAboveSessions: throttle.pauseAboveSessions === null ? "" : String(throttle.pauseAboveSessions),
    slices: String(settings.slices),
    timestampColumn: settings.timestampColumn ?? "",
    sampleRows: String(settings.sampleRows),
    excludedColumns: settings.excludedColumns.map(excludedLine).join("\n"),
  };
}

export interface ReadDraft {
  settings: TableSettings | undefined;
  problems: Partial<Record<keyof Draft, string>>;
}

/** What the fields mean, or what is wrong with each. What is not shown stays as it was saved; crons are the server's to judge. */
export function settingsOf(draft: Draft, saved: TableSettings): ReadDraft {
  const problems: ReadDraft["problems"] = {};
  const number = (key: keyof Draft & string): number => {
    const value = Number(String(draft[key]).trim());
    if (String(draft[key]).trim() === "" || !Number.isFinite(value)) problems[key] = "Write a number";
    return value;
  };
  const optional = (key: keyof Draft & string) => (String(draft[key]).trim() === "" ? null : number(key));
  const window = /^\s*(\d\d:\d\d)\s*-\s*(\d\d:\d\d)\s*$/.exec(draft.window);
  if (draft.window.trim() !== "" && !window) problems.window = "Write it as 22:00-06:00";
  const excluded = draft.excludedColumns
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => readExcluded(line, saved.excludedColumns));
  const refused = excluded.find((each) => typeof each === "string");
  if (refused !== undefined) problems.excludedColumns = refused;
  const read = TableSettings.safeParse({
    enabled: draft.enabled,
    method: draft.method,
    schedule: draft.schedule.trim(),
    fullSchedule: draft.fullSchedule.trim() || null,
    timeZone: draft.timeZone.trim(),
    window: window?.[1] && window[2] ? { from: window[1], to: window[2] } : null,
    targetPercent: number("targetPercent"),
    criticalPercent: number("criticalPercent"),
    throttle: {
      rowsPerSecond: optional("rowsPerSecond"),
      statementSeconds: number("statementSeconds"),
      pauseAboveSessions: optional("pauseAboveSessions"),
    },
    slices: number("slices"),
    timestampColumn:
      draft.method === "timestamp_window" ? draft.timestampColumn.trim() || null : saved.timestampColumn,
    sampleRows: draft.method === "sample" ? number("sampleRows") : saved.sampleRows,
    excludedColumns: excluded.filter((each) => typeof each !== "string"),
  });
  for (const issue of read.error?.issues ?? []) {
    const key = fieldAt(issue.path);
    if (key) problems[key] ??= issueWords(issue);
  }
  return { settings: Object.keys(problems).length === 0 ? read.data : undefined, problems };
}

const FIELDS = Object.keys(draftOf(DEFAULT_SETTINGS)) as readonly (keyof Draft)[];

/** The field a problem belongs to: the throttle's are fields of their own. */
export function fieldAt(path: readonly PropertyKey[]): keyof Draft | undefined {
  const name = path[0] === "throttle" ? path[1] : path[0];
  return FIELDS.find((field) => field === name);
}

function issueWords(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_small" && issue.origin === "string") return "Write something here";
  if (issue.code === "too_small") return `${issue.inclusive ? "At least" : "More than"} ${issue.minimum}`;
  if (issue.code === "too_big" && issue.origin === "string") return `At most ${issue.maximum} characters`;
  if (issue.code === "too_big") return `At most ${issue.maximum}`;
  if (issue.code === "invalid_type" && issue.expected === "int") return "Write a whole number";
  return issue.message;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

function excludedLine({ column, reason, until }: ExcludedColumn): string {
  const oneLine = reason.replaceAll(/\s*\n\s*/g, " ");
  if (until) return `${column} | ${oneLine} | ${until.toISOString().slice(0, 10)}`;
  // An open end is written where the reason itself ends like one.
  return /\|(\s*\d{4}-\d{2}-\d{2})?\s*$/.test(oneLine)
    ? `${column} | ${oneLine} |`
    : `${column} | ${oneLine}`;
}

/** Column, reason and end of a line, or what is wrong with it; a reason may hold what divides them. */
function readExcluded(line: string, saved: readonly ExcludedColumn[]): ExcludedColumn | string {
  const [column = "", ...rest] = line.split("|");
  const last = rest.length > 1 ? (rest.at(-1) ?? "").trim() : undefined;
  const hasEnd = last !== undefined && (last === "" || DATE.test(last));
  const reason = (hasEnd ? rest.slice(0, -1) : rest).join("|").trim();
  if (column.trim() === "" || reason === "") return `Say why in: ${line.trim()}`;
  const until = hasEnd && last !== "" ? new Date(`${last}T00:00:00Z`) : null;
  if (until && (Number.isNaN(until.getTime()) || until.toISOString().slice(0, 10) !== last))
    return `${last} is no day`;
  const because = saved.find((each) => each.column === column.trim())?.because ?? "chosen";
  return { column: column.trim(), reason, because, until };
}
