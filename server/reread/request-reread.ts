import { randomUUID } from "node:crypto";
import kafkajs, { Kafka, logLevel } from "kafkajs";
import { AppError } from "#domain/errors/app-error.ts";
import { type RowKey, rowFilter } from "#domain/reread/row-filter.ts";
import { snapshotSignal } from "#domain/reread/signal.ts";
import type { Deps } from "#server/deps.ts";
import { kafkaFailure } from "#server/kafka/failures.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import type { RereadSource } from "./find-reread-source.ts";

/** More rows than this go in several requests, one after the other. */
export const MOST_ROWS_AT_ONCE = 500;

/** What was asked for, and from where on in the table's topic its rows arrive. */
export interface RereadRequest {
  signalId: string;
  source: RereadSource;
  keys: readonly RowKey[];
  /** End of each partition of the table's topic before the signal. */
  starts: { partition: number; offset: number }[];
  /** The same of the notifications, where the source sends any. */
  notifiedFrom: { partition: number; offset: number }[];
}

/** Asks the source to read these rows again. They come through the table's topic like any other event, as `r`. */
export async function requestReread(
  deps: Pick<Deps, "connect" | "cluster">,
  source: RereadSource,
  keys: readonly RowKey[],
): Promise<RereadRequest> {
  if (keys.length > MOST_ROWS_AT_ONCE)
    throw new AppError("invalid", `At most ${MOST_ROWS_AT_ONCE} rows are read again at once`);
  const filter = rowFilter(keys, source.dialect);
  await requireRunning(deps, source);
  const settings = deps.cluster(source.cluster).kafka;
  const reader = createPartitionReader({ cluster: source.cluster, ...settings });
  const ends = async (topic: string) =>
    (await reader.offsets(topic)).map(({ partition, end }) => ({ partition, offset: end }));
  try {
    const { notifications } = source.channel;
    const [starts, notifiedFrom] = [
      await ends(source.topic),
      // The topic is made with the first notification.
      notifications === undefined ? [] : await ends(notifications).catch(() => []),
    ];
    const signalId = randomUUID();
    await sendSignal(settings, source, snapshotSignal(signalId, source.collection, filter));
    return { signalId, source, keys, starts, notifiedFrom };
  } finally {
    await reader.close();
  }
}

/** A signal to a source that stands still would be carried out at some later time, when nobody expects it. */
async function requireRunning({ connect }: Pick<Deps, "connect">, source: RereadSource): Promise<void> {
  const status = await throughRebalance(() => connect(source.cluster).status(source.connector));
  if (status.connector.state !== "RUNNING" || !status.tasks.some((task) => task.state === "RUNNING"))
    throw new AppError(
      "precondition_failed",
      `${source.connector} is not running, so it cannot read rows again; start it first`,
    );
}

async function sendSignal(
  settings: { brokers: readonly string[]; tls: boolean },
  { cluster, connector, channel }: RereadSource,
  signal: string,
): Promise<void> {
  const kafka = new Kafka({
    clientId: "headgate-signals",
    brokers: [...settings.brokers],
    ssl: settings.tls,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { retries: 2 },
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  try {
    await producer.connect();
    // Debezium reads the first partition of the topic and no other.
    await producer.send({
      topic: channel.topic,
      messages: [{ key: channel.key, value: signal, partition: 0 }],
    });
  } catch (error) {
    const failure = kafkaFailure(cluster, error);
    if (failure.code !== "not_found") throw failure;
    throw new AppError(
      "precondition_failed",
      `The signal topic ${channel.topic} of ${connector} does not exist; make it with one partition`,
    );
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}
