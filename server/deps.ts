import type pg from "pg";
import { type Db, openDb, openPool } from "#db/client.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { createRateLimits, type RateLimits } from "./access/rate-limits.ts";
import { type ClusterSettings, type HeadgateConfig, readHeadgateConfig } from "./config/headgate-config.ts";
import type { Env } from "./env.ts";
import { createJobQueue, type JobQueue } from "./jobs/job-queue.ts";
import { allPlanKinds } from "./jobs/plan-kinds.ts";
import { createKafkaClient, type KafkaClient } from "./kafka/kafka-client.ts";
import { createTopicAdmin, type TopicAdmin } from "./kafka/topic-admin.ts";
import { type ConnectClient, createConnectClient } from "./kafka-connect/client.ts";
import { type ChangeFeed, createChangeFeed } from "./live/change-feed.ts";
import { createLog, type Log } from "./log.ts";
import type { PlanKinds } from "./plans/plan-kind.ts";
import { createReadonlyPools, type ReadonlyPools } from "./postgres/readonly-pools.ts";
import { type AvroDecoder, createAvroDecoder } from "./schema-registry/avro-decoder.ts";
import { createRegistryClient, type RegistryClient } from "./schema-registry/client.ts";
import { createVaultClient, type VaultClient } from "./vault/client.ts";

/** Everything verbs may use. Built once per process here, and by each test for itself. */
export interface Deps {
  db: Db;
  pool: pg.Pool;
  log: Log;
  config: HeadgateConfig;
  /** Settings of a cluster, or `not_found` naming the ones there are. */
  cluster(name: string): ClusterSettings;
  connect(cluster: string): ConnectClient;
  topicAdmin(cluster: string): TopicAdmin;
  /** Offsets and records, for watching. */
  kafka(cluster: string): KafkaClient;
  /** Nothing where the cluster has no schema registry. */
  registry(cluster: string): Registry | undefined;
  /** Nothing where the cluster has no Vault. */
  vault(cluster: string): VaultClient | undefined;
  /** Read-only connections to registered databases; opened through `withReadonlyConnection`. */
  readonlyPools: ReadonlyPools;
  /** What each module taught the plan engine. */
  planKinds: PlanKinds;
  jobs: JobQueue;
  limits: RateLimits;
  /** What other processes changed in the state database. */
  changes: ChangeFeed;
  /** How often the observer looks. */
  observe: ObserveSettings;
  now(): Date;
}

export interface Registry {
  client: RegistryClient;
  avro: AvroDecoder;
}

export interface ObserveSettings {
  connectMs: number;
  progressMs: number;
}

/** A check as somebody types has to answer within 2 s even when Vault is silent. */
const VAULT_TIMEOUT_MS = 2_000;

export interface DepsInput {
  databaseUrl: string;
  config: HeadgateConfig;
  log: Log;
  observe: ObserveSettings;
}

export function createDeps({ databaseUrl, config, log, observe }: DepsInput): Deps {
  const pool = openPool(databaseUrl);
  const cluster = (name: string): ClusterSettings => {
    const found = config.clusters.find((candidate) => candidate.name === name);
    if (found) return found;
    const known = config.clusters.map((candidate) => candidate.name).join(", ") || "none";
    throw new AppError("not_found", `There is no cluster ${name}. Configured clusters: ${known}`);
  };
  const connect = perCluster((name) => {
    const settings = cluster(name);
    return createConnectClient({
      cluster: name,
      baseUrl: settings.connect.url,
      timeoutMs: settings.connect.timeoutMs,
    });
  });
  const topicAdmin = perCluster((name) => createTopicAdmin({ cluster: name, ...cluster(name).kafka }));
  const kafka = perCluster((name) => createKafkaClient({ cluster: name, ...cluster(name).kafka, log }));
  const registry = perCluster((name): { found: Registry | undefined } => {
    const settings = cluster(name).registry;
    if (!settings) return { found: undefined };
    const client = createRegistryClient({ cluster: name, baseUrl: settings.url });
    return { found: { client, avro: createAvroDecoder(client) } };
  });
  const vault = perCluster((name): { found: VaultClient | undefined } => {
    const settings = cluster(name).vault;
    if (!settings) return { found: undefined };
    return { found: createVaultClient({ cluster: name, ...settings, timeoutMs: VAULT_TIMEOUT_MS }) };
  });
  return {
    db: openDb(pool),
    pool,
    log,
    config,
    cluster,
    connect,
    topicAdmin,
    kafka,
    registry: (name) => registry(name).found,
    vault: (name) => vault(name).found,
    readonlyPools: createReadonlyPools(),
    planKinds: allPlanKinds(),
    jobs: createJobQueue({ pool, log }),
    limits: createRateLimits(pool),
    changes: createChangeFeed({ pool, log }),
    observe,
    now: () => new Date(),
  };
}

export function depsFromEnv(env: Env, process_: "web" | "worker"): Deps {
  if (!env.DATABASE_URL)
    throw new Error("DATABASE_URL is not set; `npm start` sets it to an embedded PostgreSQL");
  return createDeps({
    databaseUrl: env.DATABASE_URL,
    config: readHeadgateConfig(env),
    log: createLog(env.LOG_LEVEL, process_),
    observe: observeSettings(env),
  });
}

export function observeSettings(env: Env): ObserveSettings {
  return {
    connectMs: env.OBSERVE_CONNECT_SECONDS * 1000,
    progressMs: env.OBSERVE_PROGRESS_SECONDS * 1000,
  };
}

/** One client per cluster for the life of the process. */
function perCluster<T>(create: (cluster: string) => T): (cluster: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const client = create(name);
    made.set(name, client);
    return client;
  };
}
