import kafkajs from "kafkajs";
import Broker from "kafkajs/src/broker/index.js";
import ConnectionPool from "kafkajs/src/network/connectionPool.js";
import createSocketFactory from "kafkajs/src/network/socketFactory.js";
import protocolErrors from "kafkajs/src/protocol/error.js";
import apiKeys from "kafkajs/src/protocol/requests/apiKeys.js";
import protocol from "kafkajs/src/protocol/requests/index.js";
import type { AppError } from "#domain/errors/app-error.ts";
import type { Log } from "#server/log.ts";
import { registerCodecs } from "./codecs.ts";
import { withDeadline } from "./deadline.ts";
import { kafkaFailure } from "./failures.ts";

const { Kafka, logLevel } = kafkajs;

export interface WireOptions {
  /** Shown in messages: the cluster's name. */
  cluster: string;
  brokers: readonly string[];
  tls: boolean;
  /** Before one request counts as unanswered. */
  timeoutMs: number;
  log: Log;
}

export interface TopicPartition {
  topic: string;
  partition: number;
}

interface MetadataAnswer {
  brokers: { nodeId: number; host: string; port: number }[];
  clusterId?: string | null;
  controllerId: number;
  topicMetadata: {
    topicErrorCode: number;
    topic: string;
    partitionMetadata: { partitionErrorCode: number; partitionId: number; leader: number }[];
  }[];
}

export interface ClusterMap {
  clusterId: string;
  controllerId: number;
  brokers: { nodeId: number; address: string }[];
  /** Leader of each partition by topic; -1 where there is none at the moment. */
  topics: Map<string, number[]>;
}

export type Send = <T>(api: keyof typeof apiKeys, args: object) => Promise<T>;

const MAP_MAX_AGE_MS = 15_000;
const CONNECTION_TIMEOUT_MS = 3_000;

/** Connections to the brokers of one cluster, with partition errors left to the caller instead of thrown for the whole answer. */
export function createWire({ cluster, brokers: seeds, tls, timeoutMs, log }: WireOptions) {
  registerCodecs();
  const logger = quietLogger(seeds, log);
  const open = new Map<string, Broker>();
  let map: ClusterMap | undefined;
  let mapReadAt = 0;
  let reading: Promise<ClusterMap> | undefined;

  function brokerAt(address: string): Broker {
    const known = open.get(address);
    if (known) return known;
    const { host, port } = hostAndPort(address);
    const connectionPool = new ConnectionPool({
      host,
      port,
      ssl: tls ? {} : undefined,
      clientId: "headgate",
      socketFactory: createSocketFactory(),
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: timeoutMs,
      enforceRequestTimeout: true,
      maxInFlightRequests: null,
      instrumentationEmitter: null,
      logger,
    });
    const broker = new Broker({ connectionPool, logger, allowAutoTopicCreation: false });
    open.set(address, broker);
    return broker;
  }

  async function sendTo<T>(address: string, api: keyof typeof apiKeys, args: object): Promise<T> {
    const broker = brokerAt(address);
    try {
      if (!broker.isConnected()) await withDeadline(broker.connect(), timeoutMs);
      const call = broker.lookupRequest(apiKeys[api], protocol.requests[api])(args);
      const response = { ...call.response, parse: async (decoded: unknown) => decoded };
      const answer = broker.connectionPool.send({ ...call, response, requestTimeout: timeoutMs });
      return (await withDeadline(answer, timeoutMs)) as T;
    } catch (cause) {
      // Half-open connections answer nothing for ever; a fresh one either works or is refused at once.
      open.delete(address);
      void broker.disconnect().catch(() => undefined);
      throw kafkaFailure(cluster, new BrokerSilent(address, cause));
    }
  }

  async function readMap(maxAgeMs = MAP_MAX_AGE_MS): Promise<ClusterMap> {
    if (map && Date.now() - mapReadAt < maxAgeMs) return map;
    reading ??= askForMap().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function askForMap(): Promise<ClusterMap> {
    const known = map?.brokers.map((broker) => broker.address) ?? [];
    const candidates = [...new Set([...known, ...seeds])];
    // Open connections first: a dead broker costs a connection timeout.
    candidates.sort((a, b) => Number(open.has(b)) - Number(open.has(a)));
    let failure: unknown;
    for (const address of candidates) {
      try {
        map = toMap(
          await sendTo<MetadataAnswer>(address, "Metadata", { topics: [], allowAutoTopicCreation: false }),
        );
        mapReadAt = Date.now();
        return map;
      } catch (error) {
        failure = error;
      }
    }
    map = undefined;
    throw failure;
  }

  function addressOf({ brokers }: ClusterMap, nodeId: number): string | undefined {
    return brokers.find((broker) => broker.nodeId === nodeId)?.address;
  }

  return {
    readMap,

    /** Leaders moved or a topic is gone: the next question reads the map anew. */
    forgetMap(): void {
      mapReadAt = 0;
    },

    async sendToNode<T>(nodeId: number, api: keyof typeof apiKeys, args: object): Promise<T> {
      const address = addressOf(await readMap(), nodeId);
      if (address) return sendTo<T>(address, api, args);
      mapReadAt = 0;
      throw kafkaFailure(cluster, new Error(`broker ${nodeId} is not in the cluster`));
    },

    async sendToAny<T>(api: keyof typeof apiKeys, args: object): Promise<T> {
      const { brokers } = await readMap();
      let failure: unknown;
      for (const { address } of brokers) {
        try {
          return await sendTo<T>(address, api, args);
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    },

    /** Asks each partition's leader, all leaders at once. A silent leader leaves its partitions out and is named. */
    async askLeaders<T>(
      partitions: readonly TopicPartition[],
      ask: (send: Send, partitions: TopicPartition[]) => Promise<T>,
    ): Promise<{ answers: T[]; silent: AppError[] }> {
      const current = await readMap();
      const byAddress = new Map<string, TopicPartition[]>();
      for (const partition of partitions) {
        const leader = current.topics.get(partition.topic)?.[partition.partition];
        const address = leader === undefined ? undefined : addressOf(current, leader);
        if (address === undefined) continue;
        const asked = byAddress.get(address) ?? [];
        asked.push(partition);
        byAddress.set(address, asked);
      }
      const settled = await Promise.allSettled(
        [...byAddress].map(([address, asked]) => ask((api, args) => sendTo(address, api, args), asked)),
      );
      const answers = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      const silent = settled.flatMap((result) =>
        result.status === "rejected" ? [kafkaFailure(cluster, result.reason)] : [],
      );
      if (silent.length > 0) mapReadAt = 0;
      const [first] = silent;
      if (first && answers.length === 0) throw first;
      return { answers, silent };
    },

    failure: (errorCode: number): AppError =>
      kafkaFailure(cluster, protocolErrors.createErrorFromCode(errorCode)),

    async close(): Promise<void> {
      const brokers = [...open.values()];
      open.clear();
      map = undefined;
      await Promise.allSettled(brokers.map((broker) => broker.disconnect()));
    },
  };
}

function toMap(answer: MetadataAnswer): ClusterMap {
  const topics = new Map<string, number[]>();
  for (const { topic, topicErrorCode, partitionMetadata } of answer.topicMetadata) {
    if (topicErrorCode !== 0) continue;
    const leaders: number[] = [];
    for (const { partitionId, leader } of partitionMetadata) leaders[partitionId] = leader;
    topics.set(topic, leaders);
  }
  return {
    clusterId: answer.clusterId ?? "",
    controllerId: answer.controllerId,
    brokers: answer.brokers.map(({ nodeId, host, port }) => ({ nodeId, address: `${host}:${port}` })),
    topics,
  };
}

function hostAndPort(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  return { host, port: Number(address.slice(colon + 1)) };
}

/** What kafkajs would print about each attempt is told once, by whoever asked. */
function quietLogger(brokers: readonly string[], log: Log) {
  return new Kafka({
    brokers: [...brokers],
    logLevel: logLevel.ERROR,
    logCreator:
      () =>
      ({ namespace, log: { message } }) =>
        log.debug({ kafkajs: namespace }, message),
  }).logger();
}

class BrokerSilent extends Error {
  readonly broker: string;
  constructor(broker: string, cause: unknown) {
    super(`no answer from ${broker}`, { cause });
    this.broker = broker;
  }
}
