import { asc } from "drizzle-orm";
import { auditEntries } from "#db/schema/audit.ts";
import type { Deps } from "#server/deps.ts";

/** What the audit trail says about a connector: `action outcome by`. */
export async function trailOf({ db }: Pick<Deps, "db">, connector: string): Promise<string[]> {
  const entries = await db.select().from(auditEntries).orderBy(asc(auditEntries.seq));
  return entries
    .filter((entry) => entry.subject.connector === connector)
    .map((entry) => `${entry.action} ${entry.outcome} by ${entry.actorId}`);
}
