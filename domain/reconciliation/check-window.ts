import type { CheckWindow } from "./schema.ts";

const DAY_MINUTES = 24 * 60;

/** Minutes until the window opens; 0 while it is open. `minuteOfDay` is in the window's own time zone. */
export function minutesUntilOpen(window: CheckWindow | null, minuteOfDay: number): number {
  if (!window) return 0;
  const [from, to] = [minutesOf(window.from), minutesOf(window.to)];
  if (from === to) return 0;
  const isOpen =
    from < to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to;
  return isOpen ? 0 : (from - minuteOfDay + DAY_MINUTES) % DAY_MINUTES;
}

/** Why no scheduled check could be meant by these hours; undefined: they are hours of a day. */
export function windowProblem(window: CheckWindow | null): string | undefined {
  if (window === null || window.from !== window.to) return undefined;
  return `It ends when it begins, at ${window.from}; leave it empty to allow every hour`;
}

function minutesOf(time: string): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
