import { and, asc, count, eq, gt, not, type SQL } from "drizzle-orm";
import { runItems } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { type FilterToken, parseFilter } from "#domain/filters/grammar.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import { RUN_ITEM_FILTER } from "#domain/plans/filter.ts";
import { ItemState, type ListRunItemsInput } from "#domain/plans/schema.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { comparing } from "./comparing.ts";
import { csvHeader, csvLines } from "./run-item-lines.ts";
import { getStoredRun } from "./stored-run.ts";

export type RunItemRow = typeof runItems.$inferSelect;

/** What a run did, one by one, in the order of the frozen selection. */
export async function listRunItems(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  { runId, filter, page, pageSize }: ListRunItemsInput,
): Promise<ListPage<RunItemRow>> {
  requirePermission(actor, "console:view");
  await getStoredRun(db, runId);
  const where = itemConditions(runId, filter);
  const rows = await db
    .select()
    .from(runItems)
    .where(where)
    .orderBy(asc(runItems.position))
    .limit(pageSize)
    .offset((page - 1) * pageSize);
  const [matching] = await db.select({ total: count() }).from(runItems).where(where);
  return { rows, total: matching?.total ?? 0 };
}

const EXPORT_PAGE = 5_000;

/** All matching results as CSV text to be streamed: memory does not grow with the run. */
export async function exportRunItems(
  { db, limits }: Pick<Deps, "db" | "limits">,
  actor: Actor,
  { runId, filter }: Pick<ListRunItemsInput, "runId" | "filter">,
): Promise<AsyncGenerator<string>> {
  requirePermission(actor, "console:view");
  await limitExpensive({ limits }, actor, "plans.exportItems");
  await getStoredRun(db, runId);
  return lines();

  async function* lines(): AsyncGenerator<string> {
    yield csvHeader;
    let after = -1;
    for (;;) {
      const page = await db
        .select()
        .from(runItems)
        .where(and(itemConditions(runId, filter), gt(runItems.position, after)))
        .orderBy(asc(runItems.position))
        .limit(EXPORT_PAGE);
      if (page.length > 0) yield csvLines(page);
      after = page.at(-1)?.position ?? after;
      if (page.length < EXPORT_PAGE) return;
    }
  }
}

function itemConditions(runId: string, filter: string): SQL | undefined {
  const { tokens } = parseFilter(filter, RUN_ITEM_FILTER);
  return and(
    eq(runItems.runId, runId),
    ...tokens.map((token) => (token.negated ? not(condition(token)) : condition(token))),
  );
}

function condition({ key, value, comparison, amount }: FilterToken): SQL {
  if (key === "state") return eq(runItems.state, ItemState.parse(value));
  if (key === "key") return eq(runItems.key, value);
  return comparing(runItems.position, comparison, amount ?? 0);
}
