import type { Position } from "#domain/dead-letters/schema.ts";
import type { Deps } from "#server/deps.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { deadLettersSeen } from "./dead-letters-seen.ts";
import { findSinksNow } from "./find-sinks-now.ts";
import { deadLetterTopicsOf } from "./replay-work.ts";

/** The newest dead letter there is: what arrives from now on has a higher id. */
export async function newestLetter({ pool }: Pick<Deps, "pool">): Promise<number> {
  const { rows } = await pool.query<{ id: string }>("select coalesce(max(id), 0) as id from dead_letters");
  return Number(rows[0]?.id ?? 0);
}

/**
 * Offsets of a partition that a sink has got past by making dead letters of them, found after the dead letter `since`: a
 * sink that tolerates errors commits what it sets aside as well. Undefined where its dead letters are not indexed yet.
 */
export async function findSetAside(
  deps: Pick<Deps, "pool" | "cluster">,
  { cluster, sink, topic }: { cluster: string; sink: string; topic: string },
  { since, signal }: { since: number; signal: AbortSignal },
): Promise<((at: Pick<Position, "partition" | "offset">) => boolean) | undefined> {
  const reader = createPartitionReader({ cluster, ...deps.cluster(cluster).kafka });
  try {
    const topics = await deadLetterTopicsOf(deps, cluster);
    if (!(await deadLettersSeen(deps, { reader, topics }, signal))) return undefined;
  } finally {
    await reader.close();
  }
  const [{ rows }, sinkNow] = await Promise.all([
    deps.pool.query<{ connector: string; partition: number; offset: string }>(
      `select home.connector, d.original_partition as partition, d.original_offset as "offset"
         from dead_letters d join dead_letter_groups home on home.id = coalesce(d.home_group_id, d.group_id)
        where d.id > $1 and d.status = 'PENDING' and d.original_topic = $2 and d.original_offset is not null and home.cluster = $3`,
      [since, topic, cluster],
    ),
    findSinksNow(deps, cluster),
  ]);
  const own = sinkNow(sink, topic);
  const places = new Set(
    rows
      .filter(({ connector }) => connector === "" || sinkNow(connector, topic) === own)
      .map(({ partition, offset }) => `${partition}/${offset}`),
  );
  return ({ partition, offset }) => places.has(`${partition}/${offset}`);
}
