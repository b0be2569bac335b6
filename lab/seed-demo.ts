import { setTimeout as pause } from "node:timers/promises";
import { type Actor, Role } from "#domain/access/permissions.ts";
import { buildJdbcSink, defaultJdbcSink } from "#domain/connectors/jdbc-sink.ts";
import { buildPostgresSource, defaultPostgresSource } from "#domain/connectors/postgres-source.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import type { DatabaseDraft } from "#domain/databases/schema.ts";
import { readHeadgateConfig } from "#server/config/headgate-config.ts";
import { clusterFacts } from "#server/connectors/cluster-policy.ts";
import { proposeCreate } from "#server/connectors/propose-create.ts";
import { registerDatabase } from "#server/databases/register-database.ts";
import { createDeps, type Deps, observeSettings } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";
import { createLog } from "#server/log.ts";
import { startRun } from "#server/plans/start-run.ts";
import { getStoredRun } from "#server/plans/stored-run.ts";
import type { Endpoints } from "./endpoints.ts";
import { headgateEnv } from "./headgate-config.ts";

const CLUSTER = "lab";
const SOURCE = "shop-source";
const SINK = "warehouse-sink";
const TABLES = [
  "customers",
  "products",
  "orders",
  "order_items",
  "articles",
  "manuals",
  "sessions",
  "audit_log",
];

/** The demo's first pipeline, made as a person would make it: registered databases, plans, runs, and an audit trail that tells it. */
export async function seedDemoPipeline(endpoints: Endpoints, say: (line: string) => void): Promise<void> {
  const env = readEnv({ ...process.env, ...headgateEnv(endpoints) });
  const databaseUrl = env.DATABASE_URL ?? endpoints.postgres.state.url;
  const deps = createDeps({
    databaseUrl,
    config: readHeadgateConfig(env),
    log: createLog("warn", "worker"),
    observe: observeSettings(env),
  });
  const actor: Actor = { id: "demo", name: "Demo set-up", roles: [Role.enum.admin], via: "worker" };
  try {
    const existing = await deps.connect(CLUSTER).list();
    if (SOURCE in existing && SINK in existing) {
      say("The demo pipeline is there already");
      return;
    }
    say("Registering the databases shop and warehouse …");
    await register(deps, actor, shop(endpoints));
    await register(deps, actor, warehouse(endpoints));
    if (!(SOURCE in existing)) await create(deps, actor, SOURCE, sourceConfig(deps, endpoints), say);
    if (!(SINK in existing)) await create(deps, actor, SINK, sinkConfig(deps, endpoints), say);
  } finally {
    await deps.jobs.close();
    await deps.pool.end();
  }
}

async function register(deps: Deps, actor: Actor, draft: DatabaseDraft): Promise<void> {
  const known = await deps.pool.query("select 1 from databases where name = $1", [draft.name]);
  if (known.rowCount === 0) await registerDatabase(deps, actor, draft);
}

async function create(
  deps: Deps,
  actor: Actor,
  name: string,
  config: ConnectorConfig,
  say: (line: string) => void,
): Promise<void> {
  say(`Creating ${name} by a plan …`);
  const { planId } = await proposeCreate(deps, actor, {
    cluster: CLUSTER,
    name,
    config,
    note: "The demo's pipeline",
  });
  const { runId } = await startRun(deps, actor, { planId, confirmation: { reason: "The demo's pipeline" } });
  const deadline = Date.now() + 180_000;
  for (;;) {
    const { run } = await getStoredRun(deps.db, runId);
    if (run.state === "succeeded") return;
    if (["failed", "aborted", "needs_attention"].includes(run.state) || Date.now() > deadline) {
      throw new Error(
        `Creating ${name} did not succeed: the run ${runId} is ${run.state}. The console shows it under Activity`,
      );
    }
    await pause(250);
  }
}

function shop({ postgres }: Endpoints): DatabaseDraft {
  return {
    ...common("shop"),
    host: postgres.source.host,
    port: postgres.source.port,
    databaseName: "shop",
    role: "source",
    connectorRole: "shop_connector",
  };
}

function warehouse({ postgres }: Endpoints): DatabaseDraft {
  return {
    ...common("warehouse"),
    host: postgres.target.host,
    port: postgres.target.port,
    databaseName: postgres.target.database,
    role: "target",
    connectorRole: "warehouse_connector",
    changeUserRef: "vault://secret/changes/warehouse#username",
    changePasswordRef: "vault://secret/changes/warehouse#password",
  };
}

function common(name: string) {
  return {
    name,
    engine: "postgresql" as const,
    tlsMode: "disable" as const,
    cluster: CLUSTER,
    connectorUserRef: `vault://secret/connectors/${name}#username`,
    connectorPasswordRef: `vault://secret/connectors/${name}#password`,
    readonlyUserRef: `vault://secret/headgate/${name}#username`,
    readonlyPasswordRef: `vault://secret/headgate/${name}#password`,
  };
}

function sourceConfig(deps: Deps, { postgres }: Endpoints): ConnectorConfig {
  const answers = {
    ...defaultPostgresSource(SOURCE, "shop"),
    topicPrefix: "shop",
    tables: TABLES.map((table) => ({ schema: "public", table })),
  };
  return buildPostgresSource(
    answers,
    connection(postgres.source, "shop"),
    clusterFacts(deps.cluster(CLUSTER)),
  );
}

function sinkConfig(deps: Deps, { postgres }: Endpoints): ConnectorConfig {
  const answers = { ...defaultJdbcSink(SINK), topics: TABLES.map((table) => `shop.public.${table}`) };
  return buildJdbcSink(
    answers,
    connection(postgres.target, "warehouse"),
    clusterFacts(deps.cluster(CLUSTER)),
  );
}

function connection({ host, port }: { host: string; port: number }, database: string) {
  return {
    host,
    port,
    database,
    tls: "disable" as const,
    userReference: `\${vault:secret/connectors/${database}:username}`,
    passwordReference: `\${vault:secret/connectors/${database}:password}`,
  };
}
