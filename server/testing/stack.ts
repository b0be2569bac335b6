import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pRetry from "p-retry";
import pg from "pg";
import { openDb } from "#db/client.ts";
import type { Actor, Role } from "#domain/access/permissions.ts";
import { type HeadgateConfig, readHeadgateConfig } from "#server/config/headgate-config.ts";
import { createDeps, type Deps, observeSettings } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";
import { createLog } from "#server/log.ts";

/** The lab's endpoints, as `npm run lab -- start` leaves them; whoever provides the engines writes the same file. */
export const LAB_DIR = process.env.HEADGATE_LAB_DIR ?? ".headgate/test";

/** `HEADGATE_TEST_FULL=1` runs the tests that kill workers at their full size: twenty kills over 200,000 records. */
export const FULL_SIZE = process.env.HEADGATE_TEST_FULL === "1";

export function readLabFile<T>(name: string): T {
  const path = `${LAB_DIR}/${name}`;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (cause) {
    throw new Error(
      `The integration tests need running engines: ${path} is missing. Start them with npm run lab -- start --detach --dir ${LAB_DIR} --port-base 18600, or run npm test -- integration, which brings its own`,
      {
        cause,
      },
    );
  }
}

export interface Stack {
  deps: Deps;
  databaseUrl: string;
  stop(): Promise<void>;
}

const migrationsFolder = fileURLToPath(new URL("../../db/migrations", import.meta.url));

/** A migrated database of its own on the state server, and dependencies pointed at the lab. Names in Kafka, Connect and Vault must be unique per test. */
export async function startStack(
  override: { config?: HeadgateConfig; kafkaBrokers?: string[] } = {},
): Promise<Stack> {
  const stateUrl = new URL(
    process.env.HEADGATE_TEST_STATE_URL ??
      readLabFile<{ postgres: { state: { url: string } } }>("endpoints.json").postgres.state.url,
  );
  const name = `hg_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  await onAdmin(stateUrl, `create database ${name}`);
  const databaseUrl = new URL(stateUrl);
  databaseUrl.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: databaseUrl.href });
  await migrate(openDb(pool), { migrationsFolder });
  await pool.end();
  const env = readEnv({
    ...process.env,
    HEADGATE_CONFIG: `${LAB_DIR}/headgate.yaml`,
    DATABASE_URL: databaseUrl.href,
  });
  const { kafkaBrokers } = override;
  const config = override.config ?? readHeadgateConfig(env);
  if (kafkaBrokers) for (const cluster of config.clusters) cluster.kafka.brokers = kafkaBrokers;
  const deps = createDeps({
    databaseUrl: databaseUrl.href,
    config,
    log: createLog("error", "test"),
    observe: observeSettings(env),
  });
  return {
    deps,
    databaseUrl: databaseUrl.href,
    async stop() {
      await deps.pool.end();
      // An autovacuum worker may be at it, and only a superuser could end that one.
      await pRetry(() => onAdmin(stateUrl, `drop database if exists ${name} with (force)`), { retries: 5 });
    },
  };
}

async function onAdmin(url: URL, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** `an("operator", "ada")` */
export function an(role: Role, name: string = role): Actor {
  return { id: name, name, roles: [role], via: "browser" };
}

export function uniqueName(prefix: string): string {
  return `${prefix}-${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
}
