import { and, asc, eq, exists, gt, lte, max } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { auditEntries } from "#db/schema/audit.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { AuditExport } from "#domain/audit/schema.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { appendAudit } from "./audited.ts";
import { csvHeader, csvLine, jsonLine } from "./export-lines.ts";
import { actsMatching, requireWholeFilter } from "./matching.ts";

const PAGE = 1_000;

/**
 * All entries of the matching acts, oldest first, with their hashes, as text to be streamed: memory does not grow with the trail.
 * The export is an act of its own; it is in the trail before the first line leaves.
 */
export async function exportAudit(
  { db, limits, now }: Pick<Deps, "db" | "limits" | "now">,
  actor: Actor,
  { format, filter }: AuditExport,
): Promise<AsyncGenerator<string>> {
  requirePermission(actor, "audit:export");
  await limitExpensive({ limits }, actor, "audit.export");
  requireWholeFilter(filter);
  const matching = actsMatching(filter, now());
  const entry = alias(auditEntries, "entry");
  const inFilteredAct = exists(
    db
      .select({ seq: auditEntries.seq })
      .from(auditEntries)
      .where(and(eq(auditEntries.actId, entry.actId), matching)),
  );
  const condition = filter === "" ? undefined : inFilteredAct;
  const [newest] = await db.select({ seq: max(auditEntries.seq) }).from(auditEntries);
  const through = newest?.seq ?? 0;
  await appendAudit(db, actor, {
    action: "audit.export",
    subject: { format },
    outcome: "succeeded",
    detail: { filter, throughSeq: through },
  });
  return lines();

  async function* lines(): AsyncGenerator<string> {
    if (format === "csv") yield csvHeader;
    const toLine = format === "csv" ? csvLine : jsonLine;
    let after = 0;
    for (;;) {
      const page = await db
        .select()
        .from(entry)
        .where(and(condition, gt(entry.seq, after), lte(entry.seq, through)))
        .orderBy(asc(entry.seq))
        .limit(PAGE);
      if (page.length > 0) yield page.map(toLine).join("");
      after = page.at(-1)?.seq ?? after;
      if (page.length < PAGE) return;
    }
  }
}
