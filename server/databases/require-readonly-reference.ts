import { isNotNull } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { databases } from "#db/schema/databases.ts";
import type { DatabaseDraft } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";

/**
 * Refuses a registration whose read-only reference is somebody's change credential: a connection test sends that
 * credential to the host named in the draft, and reading would happen with the right to write.
 */
export async function requireReadonlyReference(db: DbOrTx, draft: DatabaseDraft): Promise<void> {
  const rows = await db
    .select({ name: databases.name, reference: databases.changePasswordRef })
    .from(databases)
    .where(isNotNull(databases.changePasswordRef));
  const taken = [...rows, { name: draft.name, reference: draft.changePasswordRef ?? null }].find(
    ({ reference }) =>
      reference !== null && unversioned(reference) === unversioned(draft.readonlyPasswordRef),
  );
  if (!taken) return;
  const message = `This is the change credential of ${taken.name}; name a credential that can only read`;
  throw new AppError("invalid", message, { problems: [{ path: "readonlyPasswordRef", message }] });
}

function unversioned(reference: string): string {
  return reference.replace(/@\d+$/, "");
}
