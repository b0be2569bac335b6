/** A window reaches back this far behind the last check: transactions commit later than they stamp. */
const OVERLAP_MS = 15 * 60_000;
const FIRST_MS = 24 * 3_600_000;

/**
 * From when on rows are looked at by the time they carry. The last check's window ended where that check began, so this one
 * begins there, however long that check took; without one it reaches back a day.
 */
export function windowFrom(lastBegan: Date | null, startedAt: Date): Date {
  const since = lastBegan ?? new Date(startedAt.getTime() - FIRST_MS);
  return new Date(since.getTime() - OVERLAP_MS);
}
