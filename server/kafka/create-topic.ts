import type { Admin } from "kafkajs";
import pRetry from "p-retry";
import { meansNoTopic } from "./failures.ts";

export interface NewTopic {
  name: string;
  partitions: number;
  replicationFactor: number;
  settings: Record<string, string>;
}

/**
 * False if the topic exists already. Either way every partition has a leader in the end, which a broker tells of a moment
 * after the controller has made the topic; until then it may not know the topic at all.
 */
export async function createTopic(
  admin: Pick<Admin, "createTopics" | "fetchTopicMetadata">,
  { name, partitions, replicationFactor, settings }: NewTopic,
  timeoutMs = 30_000,
): Promise<boolean> {
  const isNew = await admin.createTopics({
    // kafkajs takes a broker that does not know the topic yet for a failure.
    waitForLeaders: false,
    timeout: timeoutMs,
    topics: [
      {
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
      },
    ],
  });
  await pRetry(() => requireLeaders(admin, name), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 100,
    factor: 1.5,
    maxTimeout: 1_000,
    maxRetryTime: timeoutMs,
    shouldRetry: ({ error }) => error instanceof LeaderMissing || meansNoTopic(error),
  });
  return isNew;
}

class LeaderMissing extends Error {}

async function requireLeaders(admin: Pick<Admin, "fetchTopicMetadata">, name: string): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
  const leaders = topics.flatMap((topic) => topic.partitions.map(({ leader }) => leader));
  if (leaders.length === 0 || leaders.some((leader) => leader < 0))
    throw new LeaderMissing(`Topic ${name} has partitions without a leader`);
}
