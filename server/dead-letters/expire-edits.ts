import type { Deps } from "#server/deps.ts";

/** So long a failed run may still be resumed with what was written by hand. */
const KEPT_AFTER_FAILURE = "7 days";
/** A proposal that broke off has no plan. */
const KEPT_WITHOUT_PLAN = "1 hour";

/** Removes values written by hand that no run will send any more: they are row data. Returns how many. */
export async function expireEdits({ pool, now }: Pick<Deps, "pool" | "now">): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from dead_letter_edits e using dead_letter_replays r left join plans p on p.id = r.plan_id
      where r.id = e.replay_id
        and (p.status in ('done', 'aborted', 'discarded', 'expired')
             or (p.id is null and e.created_at < $1::timestamptz - $3::interval)
             or (p.status = 'failed' and not exists (
                   select 1 from runs where runs.plan_id = p.id
                      and coalesce(runs.ended_at, $1::timestamptz) >= $1::timestamptz - $2::interval)))`,
    [now(), KEPT_AFTER_FAILURE, KEPT_WITHOUT_PLAN],
  );
  return rowCount ?? 0;
}
