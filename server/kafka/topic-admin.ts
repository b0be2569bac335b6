import kafkajs, { type Admin } from "kafkajs";
import { createTopic, type NewTopic } from "./create-topic.ts";
import { withDeadline } from "./deadline.ts";
import { deleteTopic } from "./delete-topic.ts";
import { kafkaFailure } from "./failures.ts";

/** CommonJS: plain Node finds only some of its names by import, all of them on the default export. */
const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

export interface TopicAdminOptions {
  /** Shown in messages: the cluster's name. */
  cluster: string;
  brokers: readonly string[];
  tls: boolean;
  /** Before a call counts as unanswered. */
  timeoutMs?: number;
}

export interface TopicFacts {
  name: string;
  partitions: number;
  replicationFactor: number;
  /** Settings that differ from the broker's defaults or were asked for by name. */
  settings: Record<string, string>;
}

export type TopicAdmin = ReturnType<typeof createTopicAdmin>;

/** Speaks Kafka's admin protocol for topics and consumer groups; each call opens and closes its own connection. */
export function createTopicAdmin({ cluster, brokers, tls, timeoutMs = 10_000 }: TopicAdminOptions) {
  const kafka = new Kafka({
    clientId: "headgate-topics",
    brokers: [...brokers],
    ssl: tls,
    connectionTimeout: 3_000,
    requestTimeout: timeoutMs,
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000 },
    logLevel: logLevel.NOTHING,
  });

  async function withAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = kafka.admin();
    const work = (async () => {
      await admin.connect();
      return await use(admin);
    })();
    try {
      return await withDeadline(work, timeoutMs);
    } catch (error) {
      throw kafkaFailure(cluster, error);
    } finally {
      // Also after a deadline: the connection goes as soon as it can, and nobody waits for it.
      void admin.disconnect().catch(() => undefined);
    }
  }

  return {
    brokers: () => withAdmin(async (admin) => (await admin.describeCluster()).brokers.length),

    list: () => withAdmin((admin) => admin.listTopics()),

    /** Those of the named topics that exist, with the settings asked for. */
    describe: (names: readonly string[], settings: readonly string[]): Promise<TopicFacts[]> =>
      withAdmin(async (admin) => {
        const existing = new Set(await admin.listTopics());
        const wanted = names.filter((name) => existing.has(name));
        if (wanted.length === 0) return [];
        const { topics } = await admin.fetchTopicMetadata({ topics: wanted });
        const { resources } = await admin.describeConfigs({
          includeSynonyms: false,
          resources: wanted.map((name) => ({
            type: ConfigResourceTypes.TOPIC,
            name,
            configNames: [...settings],
          })),
        });
        return topics.map((topic) => ({
          name: topic.name,
          partitions: topic.partitions.length,
          replicationFactor: topic.partitions[0]?.replicas.length ?? 0,
          settings: Object.fromEntries(
            (resources.find((resource) => resource.resourceName === topic.name)?.configEntries ?? [])
              .filter((entry) => !entry.isSensitive)
              .map((entry) => [entry.configName, entry.configValue]),
          ),
        }));
      }),

    /** False if the topic exists already. */
    create: (topic: NewTopic): Promise<boolean> => withAdmin((admin) => createTopic(admin, topic, timeoutMs)),

    /** False if it was not there. */
    remove: (name: string): Promise<boolean> => withAdmin((admin) => deleteTopic(admin, name, timeoutMs)),

    groupExists: (group: string): Promise<boolean> =>
      withAdmin(async (admin) => {
        const { groups } = await admin.listGroups();
        return groups.some((candidate) => candidate.groupId === group);
      }),

    /** False if it was not there. The group must have no members. */
    removeGroup: (group: string): Promise<boolean> =>
      withAdmin(async (admin) => {
        const { groups } = await admin.listGroups();
        if (!groups.some((candidate) => candidate.groupId === group)) return false;
        await admin.deleteGroups([group]);
        return true;
      }),
  };
}
