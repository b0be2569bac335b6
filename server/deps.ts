import type pg from "pg";
import { type Db, openDb, openPool } from "#db/client.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { type ClusterSettings, type HeadgateConfig, readHeadgateConfig } from "./config/headgate-config.ts";
import type { Env } from "./env.ts";
import { type ConnectClient, createConnectClient } from "./kafka-connect/client.ts";
import { createLog, type Log } from "./log.ts";

/** Everything verbs may use. Built once per process here, and by each test for itself. */
export interface Deps {
  db: Db;
  pool: pg.Pool;
  log: Log;
  config: HeadgateConfig;
  /** Settings of a cluster, or `not_found` naming the ones there are. */
  cluster(name: string): ClusterSettings;
  connect(cluster: string): ConnectClient;
  now(): Date;
}

export interface DepsInput {
  databaseUrl: string;
  config: HeadgateConfig;
  log: Log;
}

export function createDeps({ databaseUrl, config, log }: DepsInput): Deps {
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
  return { db: openDb(pool), pool, log, config, cluster, connect, now: () => new Date() };
}

export function depsFromEnv(env: Env, process_: "web" | "worker"): Deps {
  if (!env.DATABASE_URL)
    throw new Error("DATABASE_URL is not set; `npm start` sets it to an embedded PostgreSQL");
  return createDeps({
    databaseUrl: env.DATABASE_URL,
    config: readHeadgateConfig(env),
    log: createLog(env.LOG_LEVEL, process_),
  });
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
