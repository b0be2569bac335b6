import type { FieldProblem } from "../errors/app-error.ts";
import type { ExcludedColumn, TableSettings } from "./schema.ts";

type LeftOut = Pick<TableSettings, "excludedColumns">;

/** Whether a column is compared after a change of the settings that was left out before: no check so far speaks of it. */
export function comparesAgain(before: LeftOut, after: LeftOut): boolean {
  const left = new Set(after.excludedColumns.map(({ column }) => column));
  return before.excludedColumns.some(({ column }) => !left.has(column));
}

/** What is wrong with the columns left out whatever the table is. An end that has come since it was accepted is no mistake. */
export function leftOutProblems(before: LeftOut, after: LeftOut, now: Date): FieldProblem[] {
  return after.excludedColumns.flatMap(({ column, until }, place): FieldProblem[] => {
    const isTwice = after.excludedColumns.findIndex((other) => other.column === column) < place;
    if (isTwice) return [problemAt(place, "column", `${column} is left out twice`)];
    const isAccepted = before.excludedColumns.some(
      (stored) => stored.column === column && stored.until?.getTime() === until?.getTime(),
    );
    if (isAccepted || until === null || until > now) return [];
    const end = until.toISOString().slice(0, 16).replace("T", " ");
    return [problemAt(place, "until", `${column} would have been left out until ${end} UTC, which is over`)];
  });
}

/** Columns that a change of the settings leaves out for the first time, with their place in the list. */
export function newlyLeftOut(before: LeftOut, after: LeftOut): { column: string; place: number }[] {
  const known = new Set(before.excludedColumns.map(({ column }) => column));
  return after.excludedColumns
    .map(({ column }, place) => ({ column, place }))
    .filter(({ column }) => !known.has(column));
}

export interface TableColumns {
  source: readonly string[];
  /** Not needed where the source has all columns in question. */
  target: readonly string[];
  /** By which rows of both ends are matched, as the source calls them. */
  key: readonly string[];
}

/** What is wrong with leaving these columns of this table out. */
export function columnProblems(
  columns: readonly { column: string; place: number }[],
  table: TableColumns,
): FieldProblem[] {
  return columns.flatMap(({ column, place }) => {
    const message = columnProblem(column, table);
    return message === undefined ? [] : [problemAt(place, "column", message)];
  });
}

function columnProblem(column: string, { source, target, key }: TableColumns): string | undefined {
  if (key.includes(column)) return `${column} is part of the key: without it no row can be told from another`;
  if (source.includes(column)) return undefined;
  // A name that differs in case only would leave nothing out, though a sink may write it so.
  const meant = source.find((name) => name.toLowerCase() === column.toLowerCase());
  if (meant !== undefined) return `There is no column ${column}; the source calls it ${meant}`;
  return target.includes(column) ? undefined : `There is no column ${column} at either end`;
}

function problemAt(place: number, part: keyof ExcludedColumn, message: string): FieldProblem {
  return { path: `excludedColumns.${place}.${part}`, message };
}
