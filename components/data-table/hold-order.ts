export interface HeldRows<Row> {
  rows: readonly Row[];
  /** Ids shown although they are no longer in the list. */
  gone: ReadonlySet<string>;
  /** Letting go would move something. */
  moved: boolean;
}

/**
 * Fresh rows in the places the reader already sees: values change, places do not. New rows come at the end, rows that
 * left stay where they were until the hold ends.
 */
export function holdOrder<Row>(
  shown: readonly Row[],
  fresh: readonly Row[],
  idOf: (row: Row) => string,
): HeldRows<Row> {
  const freshById = new Map(fresh.map((row) => [idOf(row), row]));
  const shownIds = new Set(shown.map(idOf));
  const gone = new Set<string>();
  const rows = shown.map((row) => {
    const current = freshById.get(idOf(row));
    if (current === undefined) gone.add(idOf(row));
    return current ?? row;
  });
  for (const row of fresh) if (!shownIds.has(idOf(row))) rows.push(row);
  const moved = gone.size > 0 || rows.some((row, index) => row !== fresh[index]);
  return { rows, gone, moved };
}
