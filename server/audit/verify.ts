import { createHash } from "node:crypto";
import { asc, gt } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { auditEntries, auditHead } from "#db/schema/audit.ts";
import { AuditOutcome, auditContent, chainText, GENESIS_HASH } from "#domain/audit/entry.ts";
import type { ChainVerdict } from "#domain/audit/schema.ts";

const PAGE = 2_000;

/** What somebody noted of the chain at an earlier time, outside this database. */
export interface ChainNote {
  seq: number;
  hash: string;
}

type Entry = typeof auditEntries.$inferSelect;
type Broken = Extract<ChainVerdict, { state: "broken" }>;

/** Reads the whole trail from its first entry, page by page, and recomputes every hash. Writes nothing. */
export async function verifyChain(db: Db, note?: ChainNote): Promise<ChainVerdict> {
  // Read before the entries: what is appended meanwhile may lie beyond the head, but nothing up to it may be missing.
  const [head] = await db.select().from(auditHead);
  let last: ChainNote = { seq: 0, hash: GENESIS_HASH };
  const broken = (seq: number, reason: Broken["reason"], message: string): Broken => ({
    state: "broken",
    entries: last.seq,
    seq,
    reason,
    message,
  });
  for (;;) {
    const page = await db
      .select()
      .from(auditEntries)
      .where(gt(auditEntries.seq, last.seq))
      .orderBy(asc(auditEntries.seq))
      .limit(PAGE);
    for (const entry of page) {
      const problem = faultOf(entry, last);
      if (problem) return broken(problem.seq, problem.reason, problem.message);
      if (note?.seq === entry.seq && note.hash !== entry.hash)
        return broken(entry.seq, "not_as_noted", `Entry ${entry.seq} is not the one that was noted`);
      last = { seq: entry.seq, hash: entry.hash };
    }
    if (page.length < PAGE) break;
  }
  if (!head) return broken(last.seq + 1, "cut_off", "The record of the chain's end is gone");
  if (head.seq > last.seq || (head.seq === last.seq && head.hash !== last.hash))
    return broken(
      last.seq + 1,
      "cut_off",
      `The end is cut off: entries ${last.seq + 1} to ${head.seq} are missing`,
    );
  if (note && note.seq > last.seq)
    return broken(
      last.seq + 1,
      "cut_off",
      `The end is cut off: entry ${note.seq} was noted, the last is ${last.seq}`,
    );
  return { state: "intact", entries: last.seq, lastSeq: last.seq, lastHash: last.hash };
}

function faultOf(entry: Entry, last: ChainNote): Pick<Broken, "seq" | "reason" | "message"> | undefined {
  const { seq } = entry;
  if (seq !== last.seq + 1)
    return { seq: last.seq + 1, reason: "missing", message: `Entry ${last.seq + 1} is missing` };
  if (entry.prevHash !== last.hash)
    return { seq, reason: "relinked", message: `Entry ${seq} does not follow the entry before it` };
  if (hashOf(entry) !== entry.hash)
    return { seq, reason: "changed", message: `Entry ${seq} was changed after it was written` };
  return undefined;
}

function hashOf(entry: Entry): string | undefined {
  const outcome = AuditOutcome.safeParse(entry.outcome);
  if (!outcome.success) return undefined;
  const content = sha256(auditContent({ ...entry, outcome: outcome.data }));
  return sha256(chainText(entry.prevHash, entry.seq, entry.at, content));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
