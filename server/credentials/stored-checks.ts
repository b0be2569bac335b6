import { and, eq, inArray, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { credentialChecks } from "#db/schema/credentials.ts";
import { formatReference } from "#domain/credentials/reference.ts";
import { type Reader, ReferenceCheck } from "#domain/credentials/reference-check.ts";
import { notifyChange } from "#server/live/notify-change.ts";

export interface CheckKey {
  cluster: string;
  /** Canonical form. */
  reference: string;
  reader: Reader;
}

export async function findStoredCheck(db: DbOrTx, key: CheckKey): Promise<ReferenceCheck | undefined> {
  const [row] = await db
    .select({ result: credentialChecks.result })
    .from(credentialChecks)
    .where(
      and(
        eq(credentialChecks.cluster, key.cluster),
        eq(credentialChecks.reference, key.reference),
        eq(credentialChecks.reader, key.reader),
      ),
    );
  return row && readCheck(row.result);
}

/** By `checkKeyText`. */
export async function readStoredChecks(
  db: DbOrTx,
  references?: readonly string[],
): Promise<Map<string, ReferenceCheck>> {
  const rows = await db
    .select()
    .from(credentialChecks)
    .where(references === undefined ? undefined : inArray(credentialChecks.reference, [...references]));
  const checks = new Map<string, ReferenceCheck>();
  for (const row of rows) {
    const check = readCheck(row.result);
    if (check) checks.set(checkKeyText(row), check);
  }
  return checks;
}

/**
 * Keeps what Vault showed. While Vault does not answer, what it showed last stays: its age tells how old it is. Screens
 * are told only when the state or the version is another.
 */
export async function storeCheck(db: DbOrTx, check: ReferenceCheck): Promise<void> {
  const reference = formatReference(check.reference);
  const { cluster, reader, state, checkedAt } = check;
  const isAnswer = state !== "sealed" && state !== "unreachable" && state !== "not_configured";
  const before = await findStoredCheck(db, { cluster, reference, reader });
  if (before && !isAnswer) return;
  const values = { cluster, reference, reader, state, result: check, checkedAt };
  await db
    .insert(credentialChecks)
    .values(values)
    .onConflictDoUpdate({
      target: [credentialChecks.cluster, credentialChecks.reference, credentialChecks.reader],
      set: { state, result: check, checkedAt },
      setWhere: sql`${credentialChecks.checkedAt} <= excluded.checked_at`,
    });
  if (before?.state !== state || before.version !== check.version)
    await notifyChange(db, "credentials", reference);
}

export function checkKeyText({ cluster, reference, reader }: CheckKey): string {
  return `${cluster} ${reader} ${reference}`;
}

/** A row of an earlier release may have another shape; it is asked for anew. */
function readCheck(stored: unknown): ReferenceCheck | undefined {
  const parsed = ReferenceCheck.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}
