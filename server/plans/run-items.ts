import { sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import type { RunItem } from "#domain/plans/schema.ts";

const BATCH = 5_000;

/** One statement per 5,000 results; a step that is repeated after a crash replaces what it wrote before. */
export async function writeRunItems(
  tx: DbOrTx,
  { runId, stepPosition }: { runId: string; stepPosition: number },
  items: readonly RunItem[],
): Promise<void> {
  for (let from = 0; from < items.length; from += BATCH) {
    const rows = JSON.stringify(items.slice(from, from + BATCH));
    await tx.execute(sql`
      insert into run_items (run_id, position, step_position, key, state, message, detail)
      select ${runId}::uuid, item.position, ${stepPosition}::int, item.key, item.state, item.message, item.detail
      from jsonb_to_recordset(${rows}::jsonb)
        as item (position bigint, key text, state text, message text, detail jsonb)
      on conflict (run_id, position) do update
        set step_position = excluded.step_position, key = excluded.key, state = excluded.state,
            message = excluded.message, detail = excluded.detail`);
  }
}
