import pg from "pg";
import type { Actor } from "#domain/access/permissions.ts";
import type { DatabaseConnection } from "#domain/connectors/database-connection.ts";
import { buildJdbcSink, defaultJdbcSink } from "#domain/connectors/jdbc-sink.ts";
import { buildPostgresSource, defaultPostgresSource } from "#domain/connectors/postgres-source.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import type { Confirmation } from "#domain/plans/schema.ts";
import { clusterFacts } from "#server/connectors/cluster-policy.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import { executeRun, RUN_TIMING, type RunEnd } from "#server/plans/execute-run.ts";
import { startRun } from "#server/plans/start-run.ts";
import { readLabFile } from "#server/testing/stack.ts";

export const CLUSTER = "lab";

interface Endpoints {
  postgres: { source: { host: string; port: number }; target: { host: string; port: number } };
}

function connection(server: "source" | "target", database: string): DatabaseConnection {
  const { host, port } = readLabFile<Endpoints>("endpoints.json").postgres[server];
  return {
    host,
    port,
    database,
    tls: "disable",
    userReference: `\${vault:secret/connectors/${database}:username}`,
    passwordReference: `\${vault:secret/connectors/${database}:password}`,
  };
}

/** A source of the lab's shop under a prefix of its own. */
export function shopSource(deps: Deps, name: string, tables: readonly string[]): ConnectorConfig {
  const answers = {
    ...defaultPostgresSource(name, "shop"),
    topicPrefix: name,
    tables: tables.map((table) => ({ schema: "public", table })),
  };
  return buildPostgresSource(answers, connection("source", "shop"), clusterFacts(deps.cluster(CLUSTER)));
}

/** A sink into a schema of its own in the lab's warehouse. */
export function warehouseSink(deps: Deps, name: string, schema: string, topics: string[]): ConnectorConfig {
  const answers = { ...defaultJdbcSink(name), topics, naming: { kind: "in-schema" as const, schema } };
  return buildJdbcSink(answers, connection("target", "warehouse"), clusterFacts(deps.cluster(CLUSTER)));
}

/** As the worker would: start the plan's run and work on it until it rests. */
export async function runPlan(
  deps: Deps,
  actor: Actor,
  planId: string,
  confirmation: Confirmation = {},
): Promise<{ runId: string; end: RunEnd; message: string }> {
  const { runId } = await startRun(deps, actor, { planId, confirmation });
  const end = await executeRun(deps, runId, {
    worker: "test",
    stopping: new AbortController().signal,
    timing: RUN_TIMING,
  });
  const { rows } = await deps.pool.query<{ message: string | null }>(
    "select message from runs where id = $1",
    [runId],
  );
  return { runId, end, message: rows[0]?.message ?? "" };
}

export async function sql<T extends pg.QueryResultRow>(
  database: "shop" | "warehouse",
  statement: string,
  values: unknown[] = [],
): Promise<T[]> {
  const urls = readLabFile<Record<string, string>>("secrets/admin-urls.json");
  const client = new pg.Client({ connectionString: urls[database] });
  await client.connect();
  try {
    return (await client.query<T>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

/** Takes away everything a test left in the engines under these names, whatever it got to. */
export async function cleanUp(
  deps: Deps,
  names: readonly string[],
  schemas: readonly string[] = [],
): Promise<void> {
  const connect = deps.connect(CLUSTER);
  for (const name of names) {
    await throughRebalance(() => connect.stop(name)).catch(() => undefined);
    await throughRebalance(() => connect.resetOffsets(name)).catch(() => undefined);
    await throughRebalance(() => connect.remove(name)).catch(() => undefined);
    const identifier = `headgate_${name.toLowerCase().replace(/[^a-z0-9_]/g, "_")}`.slice(0, 63);
    await dropSlot(identifier);
    await sql("shop", `drop publication if exists "${identifier}"`);
  }
  for (const schema of schemas) await sql("warehouse", `drop schema if exists "${schema}" cascade`);
  const admin = deps.topicAdmin(CLUSTER);
  const topics = await admin.list();
  for (const topic of topics.filter((topic) => names.some((name) => topic.includes(name))))
    await admin.remove(topic);
}

/** The walsender of a connector that was just deleted holds its slot a moment longer. */
async function dropSlot(slot: string): Promise<void> {
  await sql(
    "shop",
    "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1 and active_pid is not null",
    [slot],
  );
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      await sql(
        "shop",
        "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1",
        [slot],
      );
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
