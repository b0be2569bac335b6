import type pg from "pg";
import { DiscardStep } from "#domain/dead-letters/discard.ts";
import type { RunItem } from "#domain/plans/schema.ts";
import { CHANGES_CHANNEL } from "#server/live/notify-change.ts";
import type { PlanKind, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import { inTransaction, settleIn } from "./settle-records.ts";

const BATCH = 2_000;

/** Gives up the frozen dead letters, a batch per transaction: after a crash it goes on behind the last one. */
export const discardPlanKind: PlanKind = {
  kind: "dead-letters.discard",
  permission: "dead-letters:repair",
  approvePermission: "dead-letters:repair",
  runStep: (context, step) => discard(context, DiscardStep.parse(step.input)),
  // What was done is marked in the transaction that did it, so doing the step again does the rest.
  settleStep: () => Promise.resolve({ state: "not_done" }),
};

async function discard(context: StepContext, step: DiscardStep): Promise<StepOutcome> {
  const { pool } = context.deps;
  for (;;) {
    context.signal.throwIfAborted();
    const items = await inTransaction(pool, (client) => discardBatch(context, step, client));
    if (items.length === 0) break;
    await context.recordItems(items);
    const { done, total } = await countDone(context, step);
    await context.progress(done, total, "Discarding");
  }
  const { discarded, skipped } = await countDone(context, step);
  return {
    state: "succeeded",
    message: `${discarded} discarded${skipped > 0 ? `, ${skipped} left out: they were settled or sent again meanwhile` : ""}`,
    detail: { discarded, skipped },
  };
}

interface FrozenRow {
  position: number;
  dead_letter_id: string;
  is_open: boolean;
}

async function discardBatch(
  { deps, actor }: StepContext,
  { discardId, reason }: DiscardStep,
  client: pg.PoolClient,
): Promise<RunItem[]> {
  const { rows } = await client.query<FrozenRow>(
    `select f.position, f.dead_letter_id, coalesce(d.status = 'PENDING', false) as is_open
       from (select * from dead_letter_discards where discard_id = $1 and state = 'waiting' order by position limit ${BATCH}) f
       join dead_letters d on d.id = f.dead_letter_id order by f.position for update of d`,
    [discardId],
  );
  const open = rows.filter((row) => row.is_open).map((row) => Number(row.dead_letter_id));
  if (open.length > 0) {
    await settleIn(
      client,
      { text: "d.id = any($1::bigint[])", values: [open] },
      { from: ["PENDING"], to: "IGNORED" },
      { at: deps.now(), by: actor.id, reason: `Discarded: ${reason}` },
    );
    await client.query(
      `delete from dead_letter_copies c using dead_letters d
        where d.id = any($1::bigint[]) and c.topic_id = d.topic_id and c.incarnation = d.incarnation
          and c.partition = d.partition and c."offset" = d."offset"`,
      [open],
    );
    await client.query("select pg_notify($1, $2)", [
      CHANGES_CHANNEL,
      JSON.stringify({ subject: "deadLetters", key: "settled" }),
    ]);
  }
  await client.query(
    `update dead_letter_discards f set state = case when seen.is_open then 'discarded' else 'skipped' end
       from unnest($2::int[], $3::boolean[]) as seen(position, is_open) where f.discard_id = $1 and f.position = seen.position`,
    [discardId, rows.map((row) => row.position), rows.map((row) => row.is_open)],
  );
  return rows.map(
    (row): RunItem => ({
      position: row.position,
      key: row.dead_letter_id,
      state: row.is_open ? "succeeded" : "skipped",
      message: row.is_open ? "Discarded" : "It was settled by other means meanwhile",
    }),
  );
}

async function countDone({ deps }: StepContext, { discardId }: DiscardStep) {
  const { rows } = await deps.pool.query<{ discarded: number; skipped: number; total: number }>(
    `select count(*) filter (where state = 'discarded')::int as discarded, count(*) filter (where state = 'skipped')::int as skipped,
            count(*)::int as total from dead_letter_discards where discard_id = $1`,
    [discardId],
  );
  const { discarded = 0, skipped = 0, total = 0 } = rows[0] ?? {};
  return { discarded, skipped, total, done: discarded + skipped };
}
