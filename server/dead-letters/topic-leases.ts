import type pg from "pg";

export interface LeasedTopic {
  id: number;
  topic: string;
  copyDays: number;
  retentionMs: number | null;
}

/** First number of the advisory locks that say which worker indexes a topic; the second is the topic's id. */
const LOCK_SPACE = 0x6467;

/**
 * Shares topics among workers: who holds a topic's lock indexes it. The lock ends with the connection, so a dead worker's
 * topics are free at once; should two ever work on one, the positions in the database let only one of them write.
 */
export function createTopicLeases(pool: pg.Pool, cluster: string) {
  let client: pg.PoolClient | undefined;
  const held = new Set<number>();

  async function connection(): Promise<pg.PoolClient> {
    if (client) return client;
    const made = await pool.connect();
    made.once("error", () => {
      if (client !== made) return;
      client = undefined;
      held.clear();
      made.release(true);
    });
    client = made;
    return made;
  }

  return {
    /** Every topic of the cluster that this worker may index now. */
    async take(): Promise<LeasedTopic[]> {
      const db = await connection();
      const { rows } = await db.query<{
        id: number;
        topic: string;
        copy_days: number;
        retention_ms: string | null;
      }>(
        "select id, topic, copy_days, retention_ms from dead_letter_topics where cluster = $1 and gone_at is null order by id",
        [cluster],
      );
      const taken: LeasedTopic[] = [];
      for (const row of rows) {
        if (!held.has(row.id)) {
          const { rows: tried } = await db.query<{ got: boolean }>(
            "select pg_try_advisory_lock($1, $2) as got",
            [LOCK_SPACE, row.id],
          );
          if (!tried[0]?.got) continue;
          held.add(row.id);
        }
        taken.push({
          id: row.id,
          topic: row.topic,
          copyDays: row.copy_days,
          retentionMs: row.retention_ms === null ? null : Number(row.retention_ms),
        });
      }
      const wanted = new Set(rows.map((row) => row.id));
      for (const id of held)
        if (!wanted.has(id)) {
          await db.query("select pg_advisory_unlock($1, $2)", [LOCK_SPACE, id]);
          held.delete(id);
        }
      return taken;
    },

    /** Why a topic is not read, for the screen; undefined: all is well. */
    async note(topic: { id: number } | { topicId: number }, problem: string | undefined): Promise<void> {
      const id = "id" in topic ? topic.id : topic.topicId;
      await pool.query(
        "update dead_letter_topics set problem = $2 where id = $1 and problem is distinct from $2",
        [id, problem ?? null],
      );
    },

    async gone(topic: { id: number }, at: Date): Promise<void> {
      await pool.query(
        "update dead_letter_topics set gone_at = $2, problem = 'Kafka no longer has this topic' where id = $1",
        [topic.id, at],
      );
    },

    async release(): Promise<void> {
      const open = client;
      client = undefined;
      held.clear();
      // Session locks outlive a return to the pool; closing the connection gives them back.
      open?.release(true);
    },
  };
}
