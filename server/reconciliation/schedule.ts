import { CronExpressionParser } from "cron-parser";
import type { FieldProblem } from "#domain/errors/app-error.ts";
import { minutesUntilOpen, windowProblem } from "#domain/reconciliation/check-window.ts";
import type { CheckScope, CheckTrigger, CheckWindow, TableSettings } from "#domain/reconciliation/schema.ts";

export interface Schedule {
  cron: string;
  /** IANA name the cron and the window are read in. */
  timeZone: string;
  window: CheckWindow | null;
  /** What `H` is made from, so that tables do not all start at once. */
  seed: string;
}

const MINUTE_MS = 60_000;

/** The first moment after `after` that cron and window both allow; a moment outside the window moves to its opening. */
export function nextOccurrence(schedule: Schedule, after: Date): Date {
  const next = parse(schedule, after).next().toDate();
  const wait = minutesUntilOpen(schedule.window, minuteOfDay(next, schedule.timeZone));
  return wait === 0 ? next : new Date(next.getTime() + wait * MINUTE_MS);
}

/** When a table's two kinds of run come next. */
export function nextRuns(
  settings: Pick<TableSettings, "enabled" | "schedule" | "fullSchedule" | "timeZone" | "window">,
  seed: string,
  after: Date,
): { nextRunAt: Date | null; nextFullAt: Date | null } {
  const { enabled, timeZone, window, schedule, fullSchedule } = settings;
  if (!enabled) return { nextRunAt: null, nextFullAt: null };
  return {
    nextRunAt: nextOccurrence({ cron: schedule, timeZone, window, seed }, after),
    nextFullAt:
      fullSchedule === null ? null : nextOccurrence({ cron: fullSchedule, timeZone, window, seed }, after),
  };
}

const FIRST_AFTER_MS = 60_000;
const AGAIN_AFTER_MS = 10 * 60_000;

/** A table that was just found is checked soon, not in an hour; a window is kept all the same. */
export function firstRunAt(now: Date): Date {
  return new Date(now.getTime() + FIRST_AFTER_MS);
}

interface Due {
  settings: Pick<TableSettings, "enabled" | "window">;
  nextRunAt: Date | null;
  nextFullAt: Date | null;
}

/**
 * What comes earlier after a run without a verdict, where no window forbids it. A scheduled full pass is tried again as one:
 * until the next night nobody else would read every row. A run is not tried again before as long has passed as it took.
 */
export function retryAt(
  table: Due,
  run: { scope: CheckScope; trigger: CheckTrigger; startedAt: Date | null },
  now: Date,
): Partial<Pick<Due, "nextRunAt" | "nextFullAt">> {
  const took = now.getTime() - (run.startedAt ?? now).getTime();
  const isFull = run.scope === "full" && run.trigger === "schedule" && table.nextFullAt !== null;
  return noLaterThan(table, isFull ? "nextFullAt" : "nextRunAt", now, Math.max(AGAIN_AFTER_MS, took));
}

/** A full pass that is due while its table is at work comes after that run. */
export function fullAgainAt(table: Due, now: Date): Partial<Pick<Due, "nextFullAt">> {
  return noLaterThan(table, "nextFullAt", now, AGAIN_AFTER_MS);
}

function noLaterThan(
  { settings, ...due }: Due,
  which: "nextRunAt" | "nextFullAt",
  now: Date,
  wait: number,
): Partial<Pick<Due, "nextRunAt" | "nextFullAt">> {
  const next = due[which];
  if (!settings.enabled || settings.window !== null || next === null) return {};
  return { [which]: new Date(Math.min(next.getTime(), now.getTime() + wait)) };
}

/** What could never start or never be kept, by its field. */
export function scheduleProblems(settings: TableSettings): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!isTimeZone(settings.timeZone))
    problems.push({ path: "timeZone", message: `There is no time zone ${settings.timeZone}` });
  else
    for (const path of ["schedule", "fullSchedule"] as const) {
      const cron = settings[path];
      if (cron === null) continue;
      const message = cronProblem(cron, settings.timeZone);
      if (message) problems.push({ path, message });
    }
  const neverOpen = windowProblem(settings.window);
  if (neverOpen) problems.push({ path: "window", message: neverOpen });
  if (settings.targetPercent > settings.criticalPercent)
    problems.push({
      path: "targetPercent",
      message: "The drift to stay below must not be above the critical one",
    });
  if (settings.method === "timestamp_window" && settings.timestampColumn === null)
    problems.push({ path: "timestampColumn", message: "Name the column that says when a row was changed" });
  return problems;
}

function cronProblem(cron: string, timeZone: string): string | undefined {
  if (cron.trim().split(/\s+/).length !== 5) return "Write five fields: minute, hour, day, month, weekday";
  try {
    parse({ cron, timeZone, window: null, seed: "check" }, new Date()).next();
    return undefined;
  } catch (error) {
    return `This is no schedule: ${error instanceof Error ? error.message : "unreadable"}`;
  }
}

function parse({ cron, timeZone, seed }: Schedule, after: Date) {
  return CronExpressionParser.parse(cron, { currentDate: after, tz: timeZone, hashSeed: seed });
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

function minuteOfDay(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((candidate) => candidate.type === type)?.value ?? 0);
  return part("hour") * 60 + part("minute");
}
