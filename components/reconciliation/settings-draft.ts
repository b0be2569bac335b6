import type { TableSettings } from "#domain/reconciliation/schema.ts";

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
    excludedColumns: settings.excludedColumns
      .map(({ column, reason, until }) =>
        [column, reason, ...(until ? [until.toISOString().slice(0, 10)] : [])].join(" | "),
      )
      .join("\n"),
  };
}

export interface ReadDraft {
  settings: TableSettings | undefined;
  problems: Partial<Record<keyof Draft, string>>;
}

/** What the fields mean, or what is wrong with each; ranges and crons are the server's to judge. */
export function settingsOf(draft: Draft): ReadDraft {
  const problems: ReadDraft["problems"] = {};
  const number = (key: keyof Draft & string): number => {
    const value = Number(String(draft[key]).trim());
    if (String(draft[key]).trim() === "" || !Number.isFinite(value)) problems[key] = "Write a number";
    return value;
  };
  const optional = (key: keyof Draft & string) => (String(draft[key]).trim() === "" ? null : number(key));
  const window = /^\s*(\d\d:\d\d)\s*-\s*(\d\d:\d\d)\s*$/.exec(draft.window);
  if (draft.window.trim() !== "" && !window) problems.window = "Write it as 22:00-06:00";
  const excludedColumns = draft.excludedColumns
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [column = "", reason = "", until = ""] = line.split("|").map((part) => part.trim());
      const end = until === "" ? null : new Date(`${until}T00:00:00Z`);
      if (column === "" || reason === "") problems.excludedColumns = `Say why in: ${line.trim()}`;
      else if (end && Number.isNaN(end.getTime())) problems.excludedColumns = `${until} is no day`;
      return { column, reason, because: "chosen" as const, until: end };
    });
  const settings: TableSettings = {
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
    timestampColumn: draft.timestampColumn.trim() || null,
    sampleRows: number("sampleRows"),
    excludedColumns,
  };
  return { settings: Object.keys(problems).length === 0 ? settings : undefined, problems };
}
