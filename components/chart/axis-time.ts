const HOUR = 3_600_000;

/** A tick of the time axis in UTC, as fine as the span needs: a week of times of day alone would not say which day. */
export function axisTime(at: number, spanMs: number): string {
  const [day = "", time = ""] = new Date(at).toISOString().split("T");
  if (spanMs <= 36 * HOUR) return time.slice(0, spanMs <= HOUR / 6 ? 8 : 5);
  return spanMs <= 10 * 24 * HOUR ? `${day.slice(5)} ${time.slice(0, 5)}` : day.slice(5);
}
