import type { CanonicalRow } from "#domain/reconciliation/engine/canonical-form.ts";
import { type Comparison, layoutOf, type SideLayout } from "#domain/reconciliation/engine/comparison.ts";
import type { KeyText } from "#domain/reconciliation/engine/key-text.ts";
import type { SideReader, TableSide } from "./engine/side.ts";

const STATEMENT_MS = 20_000;
const AT_ONCE = 1_000;

export type RowsByKey = Map<KeyText, CanonicalRow[]>;

/** Rows of given keys as both ends hold them now. */
export async function readBothRows(
  ends: { source: TableSide; target: TableSide },
  comparison: Comparison,
  keys: readonly KeyText[],
  signal: AbortSignal,
): Promise<{ source: RowsByKey; target: RowsByKey }> {
  const [source, target] = await Promise.all([
    readRowsOf(ends.source, layoutOf(comparison, "source"), keys, signal),
    readRowsOf(ends.target, layoutOf(comparison, "target"), keys, signal),
  ]);
  return { source, target };
}

export async function withReader<T>(
  side: TableSide,
  layout: SideLayout,
  signal: AbortSignal,
  use: (reader: SideReader) => Promise<T>,
): Promise<T> {
  const reader = await side.open(layout, { statementTimeoutMs: STATEMENT_MS, signal });
  try {
    return await use(reader);
  } finally {
    await reader.close();
  }
}

export async function rowsOfReader(reader: SideReader, keys: readonly KeyText[]): Promise<RowsByKey> {
  const rows: RowsByKey = new Map();
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const found = await reader.rows("sha256", keys.slice(from, from + AT_ONCE));
    for (const [key, same] of found)
      rows.set(
        key,
        same.map(({ values }) => values),
      );
  }
  return rows;
}

function readRowsOf(
  side: TableSide,
  layout: SideLayout,
  keys: readonly KeyText[],
  signal: AbortSignal,
): Promise<RowsByKey> {
  return withReader(side, layout, signal, (reader) => rowsOfReader(reader, keys));
}
