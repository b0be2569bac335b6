import { eq, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { deadLetterCopies, deadLetterTopics } from "#db/schema/dead-letters.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import {
  type AddTopicInput,
  type CopyPolicyInput,
  type ExcludeTopicInput,
  isInternalTopic,
} from "#domain/dead-letters/topics.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { noteRetention } from "./find-topics.ts";

/** Has a topic indexed that neither a sink's configuration nor its name gives away. */
export async function addTopic(
  deps: Pick<Deps, "db" | "pool" | "kafka" | "topicAdmin" | "now">,
  actor: Actor,
  { cluster, topic }: AddTopicInput,
): Promise<{ id: number }> {
  requirePermission(actor, "dead-letters:repair");
  if (isInternalTopic(topic))
    throw new AppError("invalid", `${topic} belongs to Kafka or Kafka Connect and holds no dead letters`);
  const existing = await deps.kafka(cluster).topics();
  if (!existing.includes(topic)) throw new AppError("not_found", `${cluster} has no topic ${topic}`);
  const id = await deps.db.transaction(async (tx) => {
    const at = deps.now();
    const [made] = await tx
      .insert(deadLetterTopics)
      .values({ cluster, topic, foundBy: "hand", foundAt: at, addedBy: actor.id })
      .onConflictDoUpdate({
        target: [deadLetterTopics.cluster, deadLetterTopics.topic],
        set: { goneAt: null, problem: null, excludedBy: null, addedBy: actor.id },
        setWhere: sql`${deadLetterTopics.goneAt} is not null`,
      })
      .returning({ id: deadLetterTopics.id });
    if (!made) throw new AppError("conflict", `${topic} is read already`);
    await notifyChange(tx, "deadLetters", "topics");
    await appendAudit(tx, actor, {
      action: "dead-letter-topic.add",
      subject: { cluster, topic },
      outcome: "succeeded",
    });
    return made.id;
  });
  await noteRetention(deps, cluster, [topic]);
  return { id };
}

/** A topic that holds no dead letters after all is not read any more; what was indexed stays until it is settled. */
export async function excludeTopic(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { id, reason }: ExcludeTopicInput,
): Promise<void> {
  requirePermission(actor, "dead-letters:repair");
  await db.transaction(async (tx) => {
    const topic = await requireTopic(tx, id);
    if (topic.excludedBy !== null) throw new AppError("conflict", `${topic.topic} is not read any more`);
    await tx
      .update(deadLetterTopics)
      .set({
        goneAt: now(),
        excludedBy: actor.id,
        problem: `Not read since ${actor.name} took it off: ${reason}`,
      })
      .where(eq(deadLetterTopics.id, id));
    await notifyChange(tx, "deadLetters", "topics");
    await appendAudit(tx, actor, {
      action: "dead-letter-topic.exclude",
      subject: { cluster: topic.cluster, topic: topic.topic },
      outcome: "succeeded",
      detail: { reason },
    });
  });
}

/**
 * How long copies of the raw bytes are kept beyond the topic's retention. Records indexed from now on are copied as they
 * come; copies that exist live longer or shorter by the difference.
 */
export async function setCopyPolicy(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { id, copyDays }: CopyPolicyInput,
): Promise<void> {
  requirePermission(actor, "connectors:configure");
  await db.transaction(async (tx) => {
    const topic = await requireTopic(tx, id);
    if (topic.copyDays === copyDays) return;
    await tx.update(deadLetterTopics).set({ copyDays }).where(eq(deadLetterTopics.id, id));
    await tx
      .update(deadLetterCopies)
      .set({
        expiresAt:
          copyDays === 0
            ? now()
            : sql`${deadLetterCopies.expiresAt} + ${copyDays - topic.copyDays} * interval '1 day'`,
      })
      .where(eq(deadLetterCopies.topicId, id));
    await notifyChange(tx, "deadLetters", "topics");
    await appendAudit(tx, actor, {
      action: "dead-letter-topic.copy-policy",
      subject: { cluster: topic.cluster, topic: topic.topic },
      outcome: "succeeded",
      detail: { before: { copyDays: topic.copyDays }, after: { copyDays } },
    });
  });
}

async function requireTopic(tx: DbOrTx, id: number) {
  const [topic] = await tx.select().from(deadLetterTopics).where(eq(deadLetterTopics.id, id)).for("update");
  if (!topic) throw new AppError("not_found", "There is no such dead-letter topic");
  return topic;
}
