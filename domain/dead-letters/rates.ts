/** The seeds' threshold: fewer than one record in a thousand may become a dead letter. */
export const RATE_THRESHOLD = 0.001;

/** `flood`: more than ten a second · `share`: more than 0.1 % of a table's records. */
export const ALERT_KINDS = ["flood", "share"] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** A reading tells the state at the end of its minute. */
const READING_MS = 60_000;

/** A reading of a counter that only grows, such as what a sink got through. */
export interface Reading {
  at: Date;
  total: number;
}

/**
 * What a counter grew by since `from`, and since when that is really known: readings may begin later. Undefined when
 * there is nothing to compare, or the counter went back because its topic was made anew.
 */
export function grownSince(
  readings: readonly Reading[],
  from: Date,
): { by: number; since: Date } | undefined {
  const inOrder = readings.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const first = inOrder.findLast(({ at }) => at <= from) ?? inOrder[0];
  const last = inOrder.at(-1);
  if (!first || !last || last.total < first.total) return undefined;
  // A single reading behind the start means that nothing moved since; one within the window proves nothing yet.
  if (first === last && first.at > from) return undefined;
  const since = new Date(Math.max(from.getTime(), first.at.getTime() + READING_MS));
  return { by: last.total - first.total, since: first.at > from ? since : from };
}

export interface Rate {
  deadLettered: number;
  /** Records the sink got through meanwhile, dead letters included; null: not known. */
  processed: number | null;
  /** Null where it cannot be told. */
  share: number | null;
  isOver: boolean | null;
}

export function rateOf(deadLettered: number, processed: number | null): Rate {
  if (deadLettered === 0) return { deadLettered, processed, share: 0, isOver: false };
  if (processed === null || processed <= 0) return { deadLettered, processed, share: null, isOver: null };
  // A sink that commits late has set more aside than it is known to be past.
  const share = Math.min(1, deadLettered / processed);
  return { deadLettered, processed, share, isOver: share > RATE_THRESHOLD };
}

/** Several tables as one: unknown parts make the whole unknown rather than small. */
export function sumRates(rates: readonly Rate[]): Rate {
  const deadLettered = rates.reduce((sum, rate) => sum + rate.deadLettered, 0);
  const isUnknown = rates.some((rate) => rate.processed === null);
  return rateOf(deadLettered, isUnknown ? null : rates.reduce((sum, rate) => sum + (rate.processed ?? 0), 0));
}
