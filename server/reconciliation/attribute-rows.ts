import { type Attribution, attribute, type DifferingRow } from "#domain/reconciliation/attribution.ts";
import { findOpenByKey } from "#server/dead-letters/find-open-by-key.ts";
import type { Deps } from "#server/deps.ts";
import type { TableFacts } from "./pipeline-facts.ts";
import type { StoredTable } from "./stored-table.ts";

/** Why each of these rows differs, in their order. */
export async function attributeRows(
  deps: Pick<Deps, "pool">,
  table: StoredTable,
  facts: TableFacts,
  rows: readonly (DifferingRow & { keyText: string })[],
): Promise<Attribution[]> {
  const letters = await findOpenByKey(
    deps,
    table.topic,
    rows.map(({ keyText }) => keyText),
  );
  return rows.map((row) => {
    const id = letters.get(row.keyText);
    return attribute(row, { ...facts, deadLetter: id === undefined ? undefined : { id } });
  });
}
