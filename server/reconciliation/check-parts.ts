import { createHash } from "node:crypto";
import { and, eq, gt, inArray } from "drizzle-orm";
import { reconciliationDiscrepancies } from "#db/schema/reconciliation.ts";
import { sliceAt } from "#domain/reconciliation/cold-slice.ts";
import type { KeyText } from "#domain/reconciliation/engine/key-text.ts";
import type { CheckScope } from "#domain/reconciliation/schema.ts";
import { windowFrom } from "#domain/reconciliation/timestamp-window.ts";
import type { Deps } from "#server/deps.ts";
import type { Coverage, Method } from "./engine/compare-table.ts";
import type { StoredTable } from "./stored-table.ts";
import type { TopicPositions, TouchedTopic } from "./touched-keys.ts";

/** One call of the comparison. */
export interface CheckPart {
  title: string;
  method: Method;
  coverage(signal: AbortSignal): Coverage;
}

export interface PartsInput {
  table: StoredTable;
  scope: CheckScope;
  keys: readonly KeyText[];
  topic: TouchedTopic;
  /** Where touched keys begin and end; null: the topic cannot tell, or nobody asked. */
  touched: { from: TopicPositions; to: TopicPositions } | null;
  startedAt: Date;
  /** When the last check that compared rows began; null: there is none. */
  lastBegan: Date | null;
}

/** What a run looks at, in order. The same input gives the same parts, so that a resumed run goes on in the right one. */
export function checkParts(deps: Pick<Deps, "db">, input: PartsInput): CheckPart[] {
  const { table, scope, keys, touched, topic } = input;
  const { settings } = table;
  if (scope === "keys")
    return [
      {
        title: "Rows looked at again",
        method: "checksum",
        coverage: () => ({ kind: "keys", pages: pagesOf(keys) }),
      },
    ];
  if (scope === "full" && settings.method !== "row_count")
    return [{ title: "Every row", method: "checksum", coverage: () => ({ kind: "full" }) }];
  if (settings.method === "row_count")
    return [
      // Counts agree where one row is missing and another is too many: what differed is looked at by itself.
      {
        title: "Rows that differed",
        method: "checksum",
        coverage: () => ({ kind: "keys", pages: openKeys(deps, table.id) }),
      },
      { title: "Number of rows", method: "row_count", coverage: () => ({ kind: "full" }) },
    ];
  const touchedOrOpen: CheckPart = {
    title: "Touched rows, and rows that differed",
    method: "checksum",
    coverage: (signal) => ({
      kind: "keys",
      pages: bothOf(
        openKeys(deps, table.id),
        touched ? topic.pages(touched.from, touched.to, signal) : pagesOf([]),
      ),
    }),
  };
  return [touchedOrOpen, secondPart(input)];
}

function secondPart({ table, startedAt, lastBegan }: PartsInput): CheckPart {
  const { settings } = table;
  if (settings.method === "timestamp_window" && settings.timestampColumn !== null) {
    const from = windowFrom(lastBegan, startedAt);
    const column = settings.timestampColumn;
    return {
      title: `Rows changed since ${from.toISOString()}`,
      method: "timestamp_window",
      coverage: () => ({ kind: "window", column, from, to: startedAt }),
    };
  }
  if (settings.method === "sample")
    return {
      title: `A sample of ${settings.sampleRows} rows`,
      method: "sample",
      coverage: () => ({
        kind: "sample",
        rows: settings.sampleRows,
        seed: startedAt.getTime() % 2_147_483_647,
      }),
    };
  const slice = sliceAt(table.nextSlice, settings.slices);
  return {
    title: `Slice ${slice.index + 1} of ${slice.of}`,
    method: "checksum",
    coverage: () => ({ kind: "slice", part: slice.index, of: slice.of }),
  };
}

const PAGE = 2_000;

async function* pagesOf(keys: readonly KeyText[]): AsyncGenerator<KeyText[]> {
  for (let from = 0; from < keys.length; from += PAGE) yield keys.slice(from, from + PAGE);
}

async function* bothOf(
  first: AsyncIterable<KeyText[]>,
  second: AsyncIterable<KeyText[]>,
): AsyncGenerator<KeyText[]> {
  yield* first;
  yield* second;
}

/** Keys of rows that differed at the last look: only a new look can close them. */
async function* openKeys({ db }: Pick<Deps, "db">, tableId: number): AsyncGenerator<KeyText[]> {
  let after = 0;
  for (;;) {
    const rows = await db
      .select({ id: reconciliationDiscrepancies.id, key: reconciliationDiscrepancies.engineKey })
      .from(reconciliationDiscrepancies)
      .where(
        and(
          eq(reconciliationDiscrepancies.tableId, tableId),
          inArray(reconciliationDiscrepancies.state, ["open", "ignored"]),
          gt(reconciliationDiscrepancies.id, after),
        ),
      )
      .orderBy(reconciliationDiscrepancies.id)
      .limit(PAGE);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ key }) => key);
    after = last.id;
  }
}

export function hashOfKey(key: KeyText): string {
  return createHash("sha256").update(key).digest("hex");
}
