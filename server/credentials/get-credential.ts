import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { referenceOf } from "#domain/credentials/reference.ts";
import type { CredentialRef } from "#domain/credentials/schema.ts";
import type { Deps } from "#server/deps.ts";
import type { CredentialRow } from "./list-credentials.ts";
import { readUses } from "./read-uses.ts";
import { checkKeyText, findStoredCheck } from "./stored-checks.ts";

/** One reference with everything that uses it and what Vault last showed. */
export async function getCredential(
  deps: Pick<Deps, "db" | "config">,
  actor: Actor,
  ref: CredentialRef,
): Promise<CredentialRow> {
  requirePermission(actor, "credentials:view");
  const [uses, check] = await Promise.all([readUses(deps), findStoredCheck(deps.db, ref)]);
  const used = uses.find((candidate) => checkKeyText(candidate) === checkKeyText(ref));
  const { mount, path, key, version } = referenceOf(ref.reference);
  return { ...ref, mount, path, key, pinnedVersion: version, uses: used?.uses ?? [], check };
}
