/** Chosen rows by id, as they were when chosen or last seen: the exact set an action will get. */
export type Selection<Row> = ReadonlyMap<string, Row>;

export function toggleRow<Row>(selection: Selection<Row>, id: string, row: Row): Selection<Row> {
  const next = new Map(selection);
  if (!next.delete(id)) next.set(id, row);
  return next;
}

/** Adds every row between the two places, both included. */
export function addRange<Row>(
  selection: Selection<Row>,
  rows: readonly Row[],
  from: number,
  to: number,
  idOf: (row: Row) => string,
): Selection<Row> {
  const next = new Map(selection);
  for (const row of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.set(idOf(row), row);
  return next;
}

/** All of these rows if one was missing, else none of them. */
export function toggleAll<Row>(
  selection: Selection<Row>,
  rows: readonly Row[],
  idOf: (row: Row) => string,
): Selection<Row> {
  const next = new Map(selection);
  const all = rows.every((row) => next.has(idOf(row)));
  for (const row of rows) {
    if (all) next.delete(idOf(row));
    else next.set(idOf(row), row);
  }
  return next;
}

/** Selected rows, with fresh values for those on the page. */
export function selectedRows<Row>(
  selection: Selection<Row>,
  rows: readonly Row[],
  idOf: (row: Row) => string,
): Row[] {
  const fresh = new Map(rows.map((row) => [idOf(row), row]));
  return [...selection].map(([id, row]) => fresh.get(id) ?? row);
}
