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

function minutesOf(time: string): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
