import { and, eq, isNull } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import { deadLetterTopicOf, isNamedLikeDeadLetters } from "#domain/dead-letters/dead-letter-topics.ts";
import type { Deps } from "#server/deps.ts";

/** Finds the dead-letter topics of a cluster: those that sinks name, and those that are named like one. Returns the new ones. */
export async function findTopics(
  { db, pool, kafka, topicAdmin, now }: Pick<Deps, "db" | "pool" | "kafka" | "topicAdmin" | "now">,
  cluster: string,
): Promise<string[]> {
  const existing = new Set(await kafka(cluster).topics());
  const sinks = await db
    .select({ config: observedConnectors.config })
    .from(observedConnectors)
    .where(
      and(
        eq(observedConnectors.cluster, cluster),
        eq(observedConnectors.type, "sink"),
        isNull(observedConnectors.removedAt),
      ),
    );
  const named = new Set(sinks.flatMap(({ config }) => deadLetterTopicOf(config) ?? []));
  const { rows: byHand } = await pool.query<{ topic: string }>(
    "select topic from dead_letter_topics where cluster = $1 and found_by = 'hand' and gone_at is not null",
    [cluster],
  );
  const known = new Set(byHand.map((row) => row.topic));
  const found = [...existing].filter(
    (topic) => named.has(topic) || isNamedLikeDeadLetters(topic) || known.has(topic),
  );
  if (found.length === 0) return [];
  const { rows } = await pool.query<{ topic: string }>(
    `insert into dead_letter_topics (cluster, topic, found_by, found_at)
     select $1, topic, found_by, $4 from unnest($2::text[], $3::text[]) as seen(topic, found_by)
     on conflict (cluster, topic) do update set gone_at = null, problem = null where dead_letter_topics.gone_at is not null and dead_letter_topics.excluded_by is null
     returning topic`,
    [cluster, found, found.map((topic) => (named.has(topic) ? "sink" : "name")), now()],
  );
  const fresh = rows.map((row) => row.topic);
  await noteRetention({ pool, topicAdmin }, cluster, fresh);
  return fresh;
}

/** Reads how long these topics keep their records, which Kafka alone knows. */
export async function noteRetention(
  { pool, topicAdmin }: Pick<Deps, "pool" | "topicAdmin">,
  cluster: string,
  topics: readonly string[],
): Promise<void> {
  if (topics.length === 0) return;
  const facts = await topicAdmin(cluster).describe(topics, ["retention.ms"]);
  for (const { name, settings } of facts) {
    const retention = Number(settings["retention.ms"]);
    await pool.query("update dead_letter_topics set retention_ms = $3 where cluster = $1 and topic = $2", [
      cluster,
      name,
      Number.isFinite(retention) && retention > 0 ? retention : null,
    ]);
  }
}
