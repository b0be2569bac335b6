import type pg from "pg";
import { referenceOf } from "#domain/credentials/reference.ts";
import { quoteName, quoteTable } from "#domain/databases/sql-quoting.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { RunItem } from "#domain/plans/schema.ts";
import type { CanonicalRow } from "#domain/reconciliation/engine/canonical-form.ts";
import { type Comparison, layoutOf } from "#domain/reconciliation/engine/comparison.ts";
import { keyParts } from "#domain/reconciliation/engine/key-text.ts";
import { planComparison } from "#domain/reconciliation/engine/plan-comparison.ts";
import type { TableShape } from "#domain/reconciliation/engine/table-shape.ts";
import type { RegisteredDatabase } from "#server/databases/registered-database.ts";
import type { Deps } from "#server/deps.ts";
import type { StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import { withSingleConnection } from "#server/postgres/readonly-pools.ts";
import { mappingOf } from "./compare-check.ts";
import type { SideReader } from "./engine/side.ts";
import { columnNames, openEnds } from "./open-ends.ts";
import { openGate } from "./open-gate.ts";
import { readTableFacts } from "./pipeline-facts.ts";
import { rowsOfReader, withReader } from "./read-both-rows.ts";
import { hashOfRow } from "./record-differences.ts";
import type { RepairItem } from "./repair-steps.ts";
import type { StoredTable } from "./stored-table.ts";

const GATE_TIMEOUT_MS = 120_000;
const PAGE = 200;

interface Writing {
  table: string;
  comparison: Comparison;
  shape: TableShape;
  client: pg.ClientBase;
  target: SideReader;
}

/**
 * Writes rows on the target as a compare-and-swap: each is locked, looked at, and changed only if it is as it was when it
 * was found to differ. The source is read first and the target waited for, so nothing that is on its way is overwritten.
 */
export async function writeRows(
  context: StepContext,
  table: StoredTable,
  items: readonly RepairItem[],
): Promise<StepOutcome> {
  const { deps, signal } = context;
  const ends = await openEnds(deps, table);
  const [source, shape] = await Promise.all([ends.source.describe(signal), ends.target.describe(signal)]);
  const facts = await readTableFacts(deps, table, {
    source: columnNames(source),
    target: columnNames(shape),
  });
  const comparison = planComparison(source, shape, mappingOf(facts));
  if (comparison.keyLength === 0)
    return { state: "failed", message: "The table has no key any more that both ends share" };
  const gate = await openGate(deps, table, ends);
  const credential = await readChangeCredential(deps, ends.targetDatabase);
  const open = items.filter(({ state }) => state === "open");
  const results: RunItem[] = [];
  const outcome = await withReader(ends.source, layoutOf(comparison, "source"), signal, (reader) =>
    withReader(ends.target, layoutOf(comparison, "target"), signal, (target) =>
      withSingleConnection(
        ends.targetDatabase,
        credential,
        async (client): Promise<StepOutcome | undefined> => {
          await client.query("set timezone = 'UTC'; set datestyle = 'ISO'");
          const writing: Writing = {
            table: quoteTable(ends.target.table),
            comparison,
            shape,
            client,
            target,
          };
          for (let from = 0; from < open.length; from += PAGE) {
            signal.throwIfAborted();
            const page = open.slice(from, from + PAGE);
            const rows = await rowsOfReader(
              reader,
              page.map(({ engineKey }) => engineKey),
            );
            const reached = await gate.reached(await gate.mark(signal), {
              timeoutMs: GATE_TIMEOUT_MS,
              signal,
            });
            if (!reached.applied)
              return { state: "failed", message: `Nothing more was written: ${reached.reason}` };
            const done: RunItem[] = [];
            for (const item of page) done.push(await writeRow(writing, item, rows.get(item.engineKey) ?? []));
            results.push(...done);
            await context.recordItems(done);
            await context.progress(results.length, open.length);
          }
          return undefined;
        },
      ),
    ),
  );
  const count = (state: RunItem["state"]) => results.filter((item) => item.state === state).length;
  const words = `${count("succeeded")} written, ${count("skipped")} left as they are, ${count("failed")} refused by the target`;
  if (outcome) return { ...outcome, message: `${outcome.message}. ${words}` };
  return { state: count("failed") > 0 && count("succeeded") === 0 ? "failed" : "succeeded", message: words };
}

async function writeRow(
  writing: Writing,
  item: RepairItem,
  found: readonly CanonicalRow[],
): Promise<RunItem> {
  const base = { position: item.position, key: `discrepancy ${item.discrepancyId}` };
  const skipped = (message: string): RunItem => ({ ...base, state: "skipped", message });
  if (found.length > 1) return skipped("The source has several rows with this key");
  const [row] = found;
  const { client } = writing;
  await client.query("begin isolation level read committed read write");
  try {
    const result = await changeRow(writing, item, row);
    await client.query("commit");
    return "skipped" in result
      ? skipped(result.skipped)
      : { ...base, state: "succeeded", message: result.done };
  } catch (error) {
    await client.query("rollback");
    const failure = error instanceof AppError ? error : refusalOf(error);
    if (!failure) throw error;
    return { ...base, state: "failed", message: failure.message };
  }
}

/** What the target said, without the row it quotes. */
function refusalOf(error: unknown): { message: string } | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("severity" in error)) return undefined;
  const constraint = "constraint" in error && error.constraint ? ` (${String(error.constraint)})` : "";
  return { message: `The target refused the row: SQLSTATE ${String(error.code)}${constraint}` };
}

/** Changes one locked row if it is as it was when it was checked, and tells what was done, or why nothing was. */
export async function changeRow(
  { table, comparison, shape, client, target }: Writing,
  item: RepairItem,
  row: CanonicalRow | undefined,
): Promise<{ done: string } | { skipped: string }> {
  const columns = comparison.columns.map(({ target: name, form }) => ({
    name: quoteName(name),
    value: (place: number) => valueSql(place, form.kind, shape, name),
  }));
  const keys = columns.slice(0, comparison.keyLength);
  const keyValues = keyParts(item.engineKey, comparison.keyLength);
  const where = keys.map(({ name, value }, index) => `${name} = ${value(index + 1)}`).join(" and ");
  const { rowCount } = await client.query(`select 1 from ${table} where ${where} for update`, keyValues);
  const found = (await rowsOfReader(target, [item.engineKey])).get(item.engineKey) ?? [];
  if ((rowCount ?? 0) > 1 || found.length > 1)
    return { skipped: "The target has several rows with this key" };
  const [here] = found;
  if (hashOfRow(here) !== item.targetHash)
    return { skipped: "The target's row is not as it was when it was checked; check it again" };
  // Blanks that a char(n) does not show are part of a varchar's value: what is compared as one key is not one to the server.
  if (here && rowCount === 0)
    return { skipped: "The target writes this key in another way than the source; change it there by hand" };
  if (!row) {
    if (!here) return { skipped: "Neither end has this row any more" };
    if (item.type !== "missing_in_source")
      return { skipped: "The source does not have this row any more; the pipeline deletes it" };
    const deleted = await client.query(`delete from ${table} where ${where}`, keyValues);
    return deleted.rowCount === 0 ? UNCHANGED : { done: "Deleted from the target" };
  }
  if (item.type === "missing_in_source") return { skipped: "The source has this row by now" };
  const values = [...row];
  if (!here) {
    const inserted = await client.query(
      `insert into ${table} (${columns.map(({ name }) => name).join(", ")})
       values (${columns.map(({ value }, index) => value(index + 1)).join(", ")})
       on conflict (${keys.map(({ name }) => name).join(", ")}) do nothing`,
      values,
    );
    if (inserted.rowCount === 0) return { skipped: "The row came by itself meanwhile" };
    return { done: "Inserted on the target" };
  }
  const rest = columns.slice(comparison.keyLength);
  if (rest.length === 0) return { skipped: "The row has no column besides its key" };
  const updated = await client.query(
    `update ${table} set ${rest.map(({ name, value }, index) => `${name} = ${value(comparison.keyLength + index + 1)}`).join(", ")}
      where ${where}`,
    values,
  );
  return updated.rowCount === 0 ? UNCHANGED : { done: "Updated on the target" };
}

const UNCHANGED = {
  skipped: "The target did not change the row, without a refusal: a trigger or a policy keeps it",
};

/** A value's text back in the type of its column. */
function valueSql(place: number, kind: string, shape: TableShape, name: string): string {
  const declared = shape.columns.find((column) => column.name === name)?.declared ?? "text";
  if (kind === "binary") return `decode($${place}::text, 'hex')`;
  return `$${place}::text::${declared}`;
}

/** Read here and nowhere else: inside a run that somebody confirmed. */
async function readChangeCredential(
  { vault }: Pick<Deps, "vault">,
  database: RegisteredDatabase,
): Promise<{ user: string; password: string }> {
  const client = vault(database.cluster);
  if (!client || !database.changeUserRef || !database.changePasswordRef)
    throw new AppError(
      "precondition_failed",
      `${database.name} has no change credential any more, so nothing can be written there`,
    );
  const [user = "", password = ""] = await client.readOwn([
    referenceOf(database.changeUserRef),
    referenceOf(database.changePasswordRef),
  ]);
  return { user, password };
}
