import { auditHead } from "#db/schema/audit.ts";
import type { Deps } from "#server/deps.ts";

/**
 * Writes where the trail ends to the log, which usually leaves the machine. `npm run audit:verify -- --expect SEQ:HASH`
 * with such a line finds even a trail that was cut off or rewritten together with everything in this database.
 */
export async function noteChainEnd({ db, log }: Pick<Deps, "db" | "log">): Promise<void> {
  const [head] = await db.select().from(auditHead);
  if (head) log.info({ expect: `${head.seq}:${head.hash}` }, "end of the audit trail");
}
