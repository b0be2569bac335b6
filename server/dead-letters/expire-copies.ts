import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { noteRetention } from "./find-topics.ts";

const BATCH = 5_000;

/** Removes copies of raw bytes whose time has come. Returns how many. */
export async function expireCopies({ pool, now }: Pick<Deps, "pool" | "now">): Promise<number> {
  const at = now();
  let removed = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      "delete from dead_letter_copies where ctid = any(array(select ctid from dead_letter_copies where expires_at <= $1 limit $2))",
      [at, BATCH],
    );
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return removed;
  }
}

/** Somebody may change a topic's retention in Kafka: what is said about expiry follows. */
export async function refreshRetention(deps: Pick<Deps, "pool" | "topicAdmin" | "config">): Promise<void> {
  for (const { name } of deps.config.clusters) {
    const { rows } = await deps.pool.query<{ topic: string }>(
      "select topic from dead_letter_topics where cluster = $1 and gone_at is null order by topic",
      [name],
    );
    try {
      await noteRetention(
        deps,
        name,
        rows.map((row) => row.topic),
      );
    } catch (error) {
      // A cluster that does not answer is told by the observer; its retention is read next time.
      if (!(error instanceof AppError)) throw error;
    }
  }
}
