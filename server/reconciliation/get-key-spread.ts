import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { SHOWN_NUMBER } from "#domain/dead-letters/key-text.ts";
import { type CheckedTableId, MismatchType } from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import { requireCheckedTable } from "./stored-table.ts";

/** Keys that follow one another and all differ in the same way. */
export interface KeyBlock {
  type: MismatchType;
  first: string;
  last: string;
  rows: number;
}

export interface KeySpread {
  /** The key column. */
  column: string;
  lowest: string;
  highest: string;
  rows: number;
  /** Differing rows in equal parts of the keys from the lowest to the highest. */
  bins: number[];
  /** Largest first. */
  blocks: KeyBlock[];
}

const BINS = 100;
const SHORTEST_BLOCK = 10;
const MOST_BLOCKS = 5;

const Spread = z.object({
  names: z.number(),
  name: z.string(),
  rows: z.number(),
  open: z.number(),
  lowest: z.string(),
  highest: z.string(),
  bins: z.array(z.object({ bin: z.number(), rows: z.number() })),
  blocks: z.array(z.object({ type: MismatchType, first: z.string(), last: z.string(), rows: z.number() })),
});

/**
 * Where in the key space the open differing rows lie; null where keys are not single whole numbers that everybody may see,
 * or nothing differs. One block is a batch that was lost, scattered rows are values that were converted.
 */
export async function getKeySpread(
  deps: Pick<Deps, "db">,
  actor: Actor,
  { id }: CheckedTableId,
): Promise<KeySpread | null> {
  requirePermission(actor, "console:view");
  await requireCheckedTable(deps.db, id);
  const { rows } = await deps.db.execute(sql`
    with keyed as (
      select d.type, entry.key as name, entry.value::numeric as n
        from reconciliation_discrepancies d, lateral jsonb_each_text(d.key) as entry
       where d.table_id = ${id} and d.state = 'open' and entry.value ~ ${SHOWN_NUMBER}
         and (select count(*) from jsonb_object_keys(d.key)) = 1),
    bounds as (
      select count(distinct name)::int as names, min(name) as name, count(*)::int as rows, min(n) as lowest, max(n) as highest from keyed),
    bins as (
      select width_bucket(n, lowest, highest + 1, ${BINS}) as bin, count(*)::int as rows from keyed, bounds group by 1),
    islands as (
      select type, min(n) as first, max(n) as last, count(*)::int as rows
        from (select type, n, n - row_number() over (partition by type order by n) as island from keyed) as numbered
       group by type, island having count(*) >= ${SHORTEST_BLOCK} order by count(*) desc limit ${MOST_BLOCKS})
    select names, name, rows,
           (select count(*)::int from reconciliation_discrepancies where table_id = ${id} and state = 'open') as open, lowest::text, highest::text,
           (select coalesce(jsonb_agg(bins), '[]') from bins) as bins,
           (select coalesce(jsonb_agg(jsonb_build_object('type', type, 'first', first::text, 'last', last::text, 'rows', rows)
                                      order by rows desc), '[]') from islands) as blocks
      from bounds where rows > 0`);
  const [found] = z.array(Spread).parse(rows);
  if (!found || found.names > 1 || found.rows < found.open) return null;
  const { name: column, names: _names, open: _open, bins, ...spread } = found;
  const filled = new Map(bins.map(({ bin, rows: count }) => [bin, count]));
  return {
    ...spread,
    column,
    bins: Array.from({ length: BINS }, (_, index) => filled.get(index + 1) ?? 0),
  };
}
