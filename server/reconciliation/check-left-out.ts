import { AppError, type FieldProblem } from "#domain/errors/app-error.ts";
import { columnProblems, newlyLeftOut } from "#domain/reconciliation/excluded-columns.ts";
import type { TableSettings } from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import { columnNames, openEnds } from "./open-ends.ts";
import { readTableFacts } from "./pipeline-facts.ts";
import type { StoredTable } from "./stored-table.ts";

export interface LeftOutCheck {
  problems: FieldProblem[];
  /** What could not be looked at and why, in a sentence; null: everything was. */
  unchecked: string | null;
}

const DEADLINE_MS = 10_000;

/** Whether the table has the columns that are left out from now on, and can be compared without them. */
export async function checkLeftOut(
  deps: Pick<Deps, "db" | "vault" | "now">,
  table: StoredTable,
  settings: TableSettings,
): Promise<LeftOutCheck> {
  const columns = newlyLeftOut(table.settings, settings);
  if (columns.length === 0) return { problems: [], unchecked: null };
  try {
    const ends = await openEnds(deps, table);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const shape = await ends.source.describe(signal);
    const source = columnNames(shape);
    const { mapping } = await readTableFacts(deps, table, undefined);
    const isInSource = columns.every(({ column }) => source.includes(column));
    const target = isInSource ? [] : columnNames(await ends.target.describe(signal));
    return {
      problems: columnProblems(columns, { source, target, key: mapping.key ?? shape.key }),
      unchecked: null,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const names = columns.map(({ column }) => column).join(", ");
    return {
      problems: [],
      unchecked: `Whether the table has ${names}, and can be compared without, could not be checked: ${error.message}`,
    };
  }
}
