import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { referenceOf } from "#domain/credentials/reference.ts";
import type { ReferenceCheck } from "#domain/credentials/reference-check.ts";
import type { CheckReferenceInput } from "#domain/credentials/schema.ts";
import { limitLookup } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { answerQuestion, askVault } from "./ask-vault.ts";
import { findStoredCheck, storeCheck } from "./stored-checks.ts";

/** An answer this young is given again: a form asks while somebody types, and several people look at one page. */
const FRESH_MS = 10_000;

/**
 * Does the secret exist, is the key there, in which version since when, and may its reader read it? Asked with subkeys,
 * metadata and capabilities: the value is never read.
 */
export async function checkReference(
  deps: Pick<Deps, "db" | "vault" | "cluster" | "limits" | "now">,
  actor: Actor,
  { cluster, reference, reader, fresh }: CheckReferenceInput,
): Promise<ReferenceCheck> {
  requirePermission(actor, "credentials:view");
  deps.cluster(cluster);
  const known = fresh ? undefined : await findStoredCheck(deps.db, { cluster, reference, reader });
  if (known && deps.now().getTime() - known.checkedAt.getTime() < FRESH_MS) return known;
  await limitLookup(deps, actor, "credentials.check");
  const parsed = referenceOf(reference);
  const answer = await askVault(deps, cluster, parsed);
  const check = answerQuestion({ cluster, reference: parsed, reader, checkedAt: deps.now() }, answer);
  await storeCheck(deps.db, check);
  return check;
}
