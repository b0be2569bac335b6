import type pg from "pg";
import { openDb } from "#db/client.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { afterSettling } from "#domain/dead-letters/group-state.ts";
import type { DeadLetterStatus, GroupStatus, Selection, SettleInput } from "#domain/dead-letters/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { parseRecordFilter, recordConditions, shifted } from "./record-conditions.ts";

/** Somebody repaired the rows by other means: the records need nothing more. */
export function resolveRecords(
  deps: Pick<Deps, "pool" | "now">,
  actor: Actor,
  input: SettleInput,
): Promise<{ settled: number }> {
  return settle(deps, actor, input, { from: ["PENDING"], to: "RESOLVED", action: "dead-letter.resolve" });
}

/** The records may stay undelivered; the reason says why that is right. */
export function ignoreRecords(
  deps: Pick<Deps, "pool" | "now">,
  actor: Actor,
  input: SettleInput,
): Promise<{ settled: number }> {
  return settle(deps, actor, input, { from: ["PENDING"], to: "IGNORED", action: "dead-letter.ignore" });
}

/** Settling was wrong: the records are open again. */
export function reopenRecords(
  deps: Pick<Deps, "pool" | "now">,
  actor: Actor,
  input: SettleInput,
): Promise<{ settled: number }> {
  return settle(deps, actor, input, {
    from: ["RESOLVED", "IGNORED"],
    to: "PENDING",
    action: "dead-letter.reopen",
  });
}

interface Change {
  from: DeadLetterStatus[];
  to: DeadLetterStatus;
  action: string;
  /** Adds one to the attempts of each. */
  countAttempt?: boolean;
}

async function settle(
  { pool, now }: Pick<Deps, "pool" | "now">,
  actor: Actor,
  { selection, reason }: SettleInput,
  { from, to, action }: Change,
): Promise<{ settled: number }> {
  requirePermission(actor, "dead-letters:repair");
  const at = now();
  return await inTransaction(pool, async (client) => {
    const groups = await settleIn(
      client,
      await selectionSql({ pool }, selection, at),
      { from, to },
      { at, by: actor.id, reason },
    );
    const settled = [...groups.values()].reduce((sum, count) => sum + count, 0);
    if (settled === 0)
      throw new AppError(
        "conflict",
        "None of these records is in the state for it any more; reload the list",
      );
    await notifyChange(openDb(client), "deadLetters", "settled");
    await appendAudit(openDb(client), actor, {
      action,
      subject: { groups: [...groups.keys()].slice(0, 20).join(",") },
      outcome: "succeeded",
      detail: { selection: describe(selection), reason, records: settled },
    });
    return { settled };
  });
}

export interface SelectionSql {
  /** A condition on `dead_letters d`. */
  text: string;
  values: unknown[];
}

/** The records a selection means, as a condition whose parameters begin at $1. */
export async function selectionSql(
  { pool }: Pick<Deps, "pool">,
  selection: Selection,
  at: Date,
): Promise<SelectionSql> {
  if ("ids" in selection) return { text: "d.id = any($1::bigint[])", values: [selection.ids] };
  const { groups, records } = recordConditions(parseRecordFilter(selection.filter).tokens, undefined, at);
  const texts = [records.text];
  const values = [...records.values];
  if (groups) {
    const { rows } = await pool.query<{ id: string }>(
      `select g.id from dead_letter_groups g where ${groups.text}`,
      groups.values,
    );
    texts.push(`d.group_id = any($${values.push(rows.map((row) => Number(row.id)))}::bigint[])`);
  }
  if (selection.upTo !== undefined) texts.push(`d.id <= $${values.push(selection.upTo)}`);
  if (selection.groups) texts.push(`d.group_id = any($${values.push(selection.groups)}::bigint[])`);
  return { text: texts.join(" and "), values };
}

/** Changes the status of records and moves the counters with them; used by people and by replays. Returns how many per group. */
export async function settleIn(
  client: pg.ClientBase,
  selected: SelectionSql,
  { from, to, countAttempt = false }: Pick<Change, "from" | "to" | "countAttempt">,
  { at, by, reason }: { at: Date; by: string; reason: string },
): Promise<Map<number, number>> {
  const where = shifted(selected, 6);
  const { rows } = await client.query<{ group_id: string; n: number }>(
    `with settled as (
       update dead_letters d set status = $1, settled_at = case when $1 = 'PENDING' then null else $3::timestamptz end,
              settled_by = case when $1 = 'PENDING' then null else $4 end, settled_reason = case when $1 = 'PENDING' then null else $5 end,
              attempts = d.attempts + $6::int
        where d.status = any($2::text[]) and ${where.text} returning group_id)
     select group_id, count(*)::int as n from settled group by 1 order by 1`,
    [to, from, at, by, reason, countAttempt ? 1 : 0, ...where.values],
  );
  const counts = new Map(rows.map((row) => [Number(row.group_id), row.n]));
  const { rows: groups } = await client.query<{
    id: string;
    status: GroupStatus;
    open: string;
    resolved_at: Date | null;
  }>(
    "select id, status, open, resolved_at from dead_letter_groups where id = any($1) order by id for update",
    [[...counts.keys()]],
  );
  for (const group of groups) {
    const moved = counts.get(Number(group.id)) ?? 0;
    const open = Number(group.open) + (to === "PENDING" ? moved : from.includes("PENDING") ? -moved : 0);
    const state = afterSettling(
      {
        status: group.status,
        open: Number(group.open),
        muteUntilCount: undefined,
        muteUntilAt: undefined,
        resolvedAt: group.resolved_at ?? undefined,
      },
      open,
      at,
    );
    await client.query(
      "update dead_letter_groups set open = $2, status = $3, resolved_at = $4 where id = $1",
      [group.id, open, state.status, state.resolvedAt ?? null],
    );
  }
  return counts;
}

export async function inTransaction<T>(
  pool: pg.Pool,
  act: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await act(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

function describe(selection: Selection): string {
  if ("ids" in selection)
    return selection.ids.length === 1 ? `record ${selection.ids[0]}` : `${selection.ids.length} records`;
  return (
    [selection.filter, ...(selection.groups ? [`groups ${selection.groups.join(", ")}`] : [])]
      .filter(Boolean)
      .join(" · ") || "everything"
  );
}
