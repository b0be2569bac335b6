const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The one or two largest units: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < SECOND) return ms === 0 ? "0 s" : `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${Math.floor(ms / 100) / 10} s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return two(ms, MINUTE, "min", SECOND, "s");
  if (ms < DAY) return two(ms, HOUR, "h", MINUTE, "min");
  return two(ms, DAY, "d", HOUR, "h");
}

function two(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ""}`;
}

/** One unit, whole: "now", "12 s", "3 min", "5 h", "3 d". For ages that tick beside other things. */
export function formatAge(ms: number): string {
  if (ms < SECOND) return "now";
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** "just now", "12 s ago", "in 3 min". */
export function formatRelative(at: Date, now: number): string {
  const ms = now - at.getTime();
  if (Math.abs(ms) < SECOND) return "just now";
  return ms > 0 ? `${formatAge(ms)} ago` : `in ${formatAge(-ms)}`;
}

/** "2026-11-21 10:16:14 UTC" */
export function formatUtc(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** The same moment on this machine's clock with its offset: "2026-11-21 11:16:14 +01:00". */
export function formatLocal(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const shifted = new Date(at.getTime() + minutes * MINUTE);
  const sign = minutes < 0 ? "-" : "+";
  const size = Math.abs(minutes);
  const offset = `${sign}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
  return `${shifted.toISOString().slice(0, 19).replace("T", " ")} ${offset}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
