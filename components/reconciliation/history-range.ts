const HOUR = 3_600_000;

/** What the chart offers; `from` and `to` in the address name any other span, the same for everybody. */
export const RANGES = {
  "24 h": 24 * HOUR,
  "7 d": 7 * 24 * HOUR,
  "28 d": 28 * 24 * HOUR,
  "90 d": 90 * 24 * HOUR,
} as const;

export interface HistoryRange {
  name: string | undefined;
  from: Date;
  to: Date;
}

/** The span an address means; the end is the next full minute, so that the same question is asked for a while. */
export function readRange(params: Pick<URLSearchParams, "get">, now: number): HistoryRange {
  const [from, to] = [readMoment(params.get("from")), readMoment(params.get("to"))];
  if (from && to && from < to) return { name: undefined, ...askable({ from, to }, now) };
  const wanted = params.get("range");
  const name = wanted !== null && Object.hasOwn(RANGES, wanted) ? (wanted as keyof typeof RANGES) : "7 d";
  const end = Math.ceil(now / 60_000) * 60_000;
  return { name, from: new Date(end - RANGES[name]), to: new Date(end) };
}

const LONGEST_MS = 400 * 24 * HOUR;

/** The span as it can be asked for: not of the future, and no longer than is kept at once. An address may ask for more. */
export function askable({ from, to }: { from: Date; to: Date }, now: number): { from: Date; to: Date } {
  const end = Math.ceil(now / 60_000) * 60_000;
  const length = Math.min(to.getTime() - from.getTime(), LONGEST_MS);
  const last = Math.min(to.getTime(), end);
  return { from: new Date(last - length), to: new Date(last) };
}

function readMoment(text: string | null): Date | undefined {
  const moment = text === null ? undefined : new Date(text);
  return moment && !Number.isNaN(moment.getTime()) ? moment : undefined;
}
