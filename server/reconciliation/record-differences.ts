import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { keyText as readableKey } from "#domain/dead-letters/key-text.ts";
import type { CanonicalRow } from "#domain/reconciliation/engine/canonical-form.ts";
import type { Comparison } from "#domain/reconciliation/engine/comparison.ts";
import { reasonClass, rowReason } from "#domain/reconciliation/reason-class.ts";
import { rowKeyOf } from "#domain/reconciliation/row-key.ts";
import type { ReasonClass } from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import { attributeRows } from "./attribute-rows.ts";
import { type CheckLease, fencedCheck } from "./check-lease.ts";
import { hashOfKey } from "./check-parts.ts";
import type { Difference } from "./engine/compare-table.ts";
import type { TableFacts } from "./pipeline-facts.ts";
import type { StoredTable } from "./stored-table.ts";

/** Rows kept one by one; beyond it only their number is. */
export const MOST_KEPT = 100_000;
const BATCH = 2_000;

export interface Recording {
  table: StoredTable;
  comparison: Comparison;
  facts: TableFacts;
  lease: CheckLease;
}

/** Keeps confirmed differences by key, without any value of the rows. */
export async function recordDifferences(
  deps: Pick<Deps, "db" | "pool" | "now">,
  recording: Recording,
  differences: readonly Difference[],
): Promise<void> {
  const { table, comparison, facts, lease } = recording;
  const now = deps.now();
  for (let from = 0; from < differences.length; from += BATCH) {
    const batch = differences.slice(from, from + BATCH).map((difference) => {
      const key = rowKeyOf(comparison, difference.keyValues);
      return {
        type: difference.kind,
        columns: [...difference.columns],
        reason: reasonOf(difference, comparison),
        key,
        keyText: readableKey(key),
        engineKey: difference.key,
        keyHash: hashOfKey(difference.key),
        sourceHash: hashOfRow(difference.source),
        targetHash: hashOfRow(difference.target),
        firstSeen: now,
      };
    });
    const causes = await attributeRows(deps, table, facts, batch);
    // One statement cannot write a row twice: of a key that is told twice the later word counts.
    const rows = new Map(
      batch.map((row, index) => [
        row.keyHash,
        { ...row, cause: causes[index]?.cause ?? "unexplained", attribution: causes[index] ?? null },
      ]),
    );
    await fencedCheck(deps.db, lease, (tx) =>
      tx.execute(sql`
        insert into reconciliation_discrepancies as d
          (table_id, key_hash, engine_key, key, key_text, type, columns, reason, cause, attribution, source_hash, target_hash,
           state, first_seen, last_seen, first_run_id, last_run_id)
        select ${table.id}, r.key_hash, r.engine_key, r.key, r.key_text, r.type,
               array(select jsonb_array_elements_text(r.columns)), r.reason, r.cause, r.attribution, r.source_hash, r.target_hash,
               'open', ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz, ${lease.runId}::uuid, ${lease.runId}::uuid
          from jsonb_to_recordset(${JSON.stringify([...rows.values()].map(snake))}::jsonb) as r
               (key_hash text, engine_key text, key jsonb, key_text text, type text, columns jsonb, reason text, cause text,
                attribution jsonb, source_hash text, target_hash text)
         where (select count(*) from reconciliation_discrepancies kept where kept.table_id = ${table.id}
                   and kept.state in ('open', 'ignored')) < ${MOST_KEPT}
            or exists (select 1 from reconciliation_discrepancies known where known.table_id = ${table.id}
                   and known.key_hash = r.key_hash and known.state in ('open', 'ignored'))
        on conflict (table_id, key_hash) where state in ('open', 'ignored') do update
           set type = excluded.type, columns = excluded.columns, reason = excluded.reason, cause = excluded.cause,
               attribution = excluded.attribution, source_hash = excluded.source_hash, target_hash = excluded.target_hash,
               last_seen = excluded.last_seen, last_run_id = excluded.last_run_id`),
    );
  }
}

/** The same text for the same row, whatever engine holds it. */
export function hashOfRow(row: CanonicalRow | undefined): string | null {
  return row === undefined ? null : createHash("sha256").update(JSON.stringify(row)).digest("hex");
}

function reasonOf({ source, target, columns }: Difference, comparison: Comparison): ReasonClass | null {
  if (!source || !target) return null;
  const classes = columns.map((column) => {
    const at = comparison.columns.findIndex((candidate) => candidate.source === column);
    return reasonClass(source[at] ?? null, target[at] ?? null);
  });
  return rowReason(classes);
}

/** PostgreSQL's JSON holds no NUL; a key never does on either end, and a name never does. */
function snake(row: {
  keyHash: string;
  engineKey: string;
  key: unknown;
  keyText: string;
  type: string;
  columns: string[];
  reason: string | null;
  cause: string;
  attribution: unknown;
  sourceHash: string | null;
  targetHash: string | null;
}) {
  return {
    key_hash: row.keyHash,
    engine_key: row.engineKey,
    key: row.key,
    key_text: row.keyText,
    type: row.type,
    columns: row.columns,
    reason: row.reason,
    cause: row.cause,
    attribution: row.attribution,
    source_hash: row.sourceHash,
    target_hash: row.targetHash,
  };
}
