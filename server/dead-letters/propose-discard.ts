import { randomUUID } from "node:crypto";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import {
  type DiscardedTopic,
  discardConsequences,
  type ProposeDiscardInput,
} from "#domain/dead-letters/discard.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { inTransaction, selectionSql } from "./settle-records.ts";

const MOST_RECORDS = 500_000;

/** Freezes which dead letters are given up: they are ignored, and our copies of their bytes go. */
export async function proposeDiscard(
  deps: Pick<Deps, "db" | "pool" | "planKinds" | "now">,
  actor: Actor,
  { selection, reason }: ProposeDiscardInput,
): Promise<{ planId: string; discardId: string; records: number }> {
  requirePermission(actor, "dead-letters:repair");
  const discardId = randomUUID();
  const { text, values } = await selectionSql(deps, selection, deps.now());
  const records = await inTransaction(deps.pool, async (client) => {
    const { rowCount } = await client.query(
      `insert into dead_letter_discards (discard_id, position, dead_letter_id, state)
       select $${values.length + 1}::uuid, (row_number() over (order by d.id))::int - 1, d.id, 'waiting'
         from dead_letters d where d.status = 'PENDING' and ${text} limit ${MOST_RECORDS + 1}`,
      [...values, discardId],
    );
    const frozen = rowCount ?? 0;
    if (frozen === 0) throw new AppError("precondition_failed", "No open dead letter is selected");
    if (frozen > MOST_RECORDS)
      throw new AppError("invalid", `A discard takes at most ${MOST_RECORDS} records; narrow the selection`);
    return frozen;
  });
  try {
    const { keys, topics, originals, clusters } = await readFacts(deps, discardId);
    const [cluster = ""] = clusters;
    const { id: planId } = await proposePlan(deps, actor, {
      kind: "dead-letters.discard",
      title: `Discard ${records} dead ${records === 1 ? "letter" : "letters"}`,
      subject: {
        cluster: clusters.join(", "),
        discard: discardId,
        topics: topics
          .slice(0, 5)
          .map(({ topic }) => topic)
          .join(", "),
      },
      level: 3,
      confirmName: clusters.length === 1 ? cluster : "discard",
      confirmCount: "records",
      counts: { records, rows: keys },
      locks: [...originals, `dead-letters:discard/${discardId}`],
      consequences: discardConsequences(records, keys, topics),
      steps: [
        {
          key: "discard",
          title: `Ignore ${records} records and remove their copies`,
          input: { discardId, reason },
        },
      ],
    });
    return { planId, discardId, records };
  } catch (error) {
    await deps.pool.query("delete from dead_letter_discards where discard_id = $1", [discardId]);
    throw error;
  }
}

interface Facts {
  keys: number;
  topics: DiscardedTopic[];
  /** As replays name what they lock, so that no record is sent and given up at once. */
  originals: string[];
  clusters: string[];
}

async function readFacts({ pool }: Pick<Deps, "pool">, discardId: string): Promise<Facts> {
  const { rows } = await pool.query<{
    cluster: string;
    topic: string;
    records: number;
    keys: number;
    gone: number;
    copies: number;
    retention_ms: string | null;
    first_at: Date;
    last_at: Date;
    originals: string[];
  }>(
    `select t.cluster, t.topic, t.retention_ms, count(*)::int as records,
            (count(distinct d.key_hash) + count(*) filter (where d.key_hash is null))::int as keys,
            count(*) filter (where p.incarnation is distinct from d.incarnation or d."offset" < p.log_start)::int as gone,
            count(c.topic_id)::int as copies, min(d.recorded_at) as first_at, max(d.recorded_at) as last_at,
            coalesce(array_agg(distinct d.original_topic) filter (where d.original_topic is not null), '{}') as originals
       from dead_letter_discards f join dead_letters d on d.id = f.dead_letter_id
       join dead_letter_topics t on t.id = d.topic_id
       left join dead_letter_positions p on p.topic_id = d.topic_id and p.partition = d.partition
       left join dead_letter_copies c on c.topic_id = d.topic_id and c.incarnation = d.incarnation and c.partition = d.partition and c."offset" = d."offset"
      where f.discard_id = $1 group by 1, 2, 3 order by 4 desc`,
    [discardId],
  );
  const after = (from: Date, ms: string | null) =>
    ms === null ? null : new Date(from.getTime() + Number(ms));
  return {
    keys: rows.reduce((sum, row) => sum + row.keys, 0),
    topics: rows.map((row) => ({
      topic: row.topic,
      records: row.records,
      gone: row.gone,
      copies: row.copies,
      firstExpiry: after(row.first_at, row.retention_ms),
      lastExpiry: after(row.last_at, row.retention_ms),
    })),
    originals: [
      ...new Set(rows.flatMap((row) => row.originals.map((topic) => `dead-letters:${row.cluster}/${topic}`))),
    ],
    clusters: [...new Set(rows.map((row) => row.cluster))],
  };
}
