import { expect } from "@playwright/test";
import { type Admin, Kafka, logLevel } from "kafkajs";
import { z } from "zod";
import type { ClusterFacts, DatabaseConnection } from "#domain/connectors/database-connection.ts";
import { deadLetterTopicOf } from "#domain/connectors/jdbc-sink.ts";
import { defaultPostgresSource } from "#domain/connectors/postgres-source.ts";
import { labEndpoints, query } from "./databases.ts";

/** What journeys with a pipeline of their own share: making its connectors and leaving nothing of it behind. */
const endpoints = labEndpoints();
const connect = endpoints.connect.url;

export interface OwnPipeline {
  source: string;
  sinks: readonly string[];
  /** Tables of the shop's `public` schema. */
  tables: readonly string[];
  /** Of the warehouse. */
  schema: string;
}

export const LAB_CLUSTER: ClusterFacts = {
  name: "lab",
  brokers: endpoints.kafka.brokers,
  kafkaTls: false,
  partitions: 1,
  replicationFactor: 1,
  retentionDays: 7,
  deadLetterRetentionDays: 30,
  compression: "lz4",
  overrides: endpoints.connect.overrides,
};

export const connectionTo = (
  server: { host: string; port: number },
  database: string,
): DatabaseConnection => ({
  host: server.host,
  port: server.port,
  database,
  tls: "disable",
  userReference: `\${vault:secret/connectors/${database}:username}`,
  passwordReference: `\${vault:secret/connectors/${database}:password}`,
});

/** A table of the shop that Debezium may capture and Headgate may read. */
export async function createOwnedTable(table: string, columns: string): Promise<void> {
  const [owner] = await query<{ name: string }>(
    "shop",
    "select tableowner as name from pg_tables where schemaname = 'public' and tablename = 'products'",
  );
  await query("shop", `create table public.${table} (${columns})`);
  // Debezium adds the table to its publication, which only the owner may do.
  await query("shop", `alter table public.${table} owner to "${owner?.name}"`);
  await query("shop", `grant select on public.${table} to shop_readonly`);
}

export async function putConnector(name: string, config: Record<string, string>): Promise<void> {
  await expect
    .poll(
      async () => {
        const reply = await fetch(`${connect}/connectors/${name}/config`, {
          method: "PUT",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(config),
        });
        // While Connect rebalances it refuses with 409.
        return reply.ok ? "made" : `${reply.status} ${await reply.text()}`;
      },
      { timeout: 60_000 },
    )
    .toBe("made");
  await expect.poll(() => taskStates(name), { timeout: 60_000 }).toEqual(["RUNNING"]);
}

const Status = z.object({ tasks: z.array(z.object({ state: z.string() })) });

export async function taskStates(name: string): Promise<string[]> {
  const reply = await fetch(`${connect}/connectors/${name}/status`);
  const parsed = Status.safeParse(await reply.json());
  return parsed.success ? parsed.data.tasks.map((task) => task.state) : [];
}

export async function connectorConfig(name: string): Promise<Record<string, string>> {
  let config: unknown;
  // While Connect rebalances it refuses with 500.
  await expect
    .poll(
      async () => {
        const reply = await fetch(`${connect}/connectors/${name}/config`);
        config = await reply.json();
        return reply.status;
      },
      { timeout: 30_000 },
    )
    .toBe(200);
  return z.record(z.string(), z.string()).parse(config);
}

/** The main story ticks every table of the shop, and the slots of a deleted source would hold its log. */
export async function removePipeline(pipeline: OwnPipeline): Promise<void> {
  const { source, sinks, tables, schema } = pipeline;
  for (const name of [...sinks, source]) {
    await expect.poll(() => removeConnector(name), { timeout: 60_000, intervals: [500] }).toBe(404);
  }
  const { slotName, publicationName } = defaultPostgresSource(source, "shop");
  await query(
    "shop",
    "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1 and active_pid is not null",
    [slotName],
  );
  await expect
    .poll(() => dropSlot(slotName), { message: "the slot is held a moment longer", timeout: 30_000 })
    .toBe("gone");
  await query("shop", `drop publication if exists ${publicationName}`);
  for (const table of tables) await query("shop", `drop table if exists public.${table}`);
  await query("warehouse", `drop schema if exists ${schema} cascade`);
  await removeTopics(pipeline);
}

/** Its offsets too: a source of the same name later would look for its old place in a slot that is gone. */
async function removeConnector(name: string): Promise<number> {
  const at = `${connect}/connectors/${name}`;
  const { status } = await fetch(at);
  if (status === 404) return status;
  await fetch(`${at}/stop`, { method: "PUT" });
  const reset = await fetch(`${at}/offsets`, { method: "DELETE" });
  if (reset.ok) await fetch(at, { method: "DELETE" });
  return reset.status;
}

async function dropSlot(slot: string): Promise<string> {
  return await query(
    "shop",
    "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1",
    [slot],
  ).then(
    () => "gone",
    (error: unknown) => String(error),
  );
}

/** The sinks' groups as well: a topic of the same name later would begin where these stood. */
async function removeTopics({ source, sinks }: OwnPipeline): Promise<void> {
  await withAdmin(async (admin) => {
    const wanted = sinks.map((sink) => `connect-${sink}`);
    const { groups } = await admin.listGroups();
    const left = wanted.filter((group) => groups.some(({ groupId }) => groupId === group));
    if (left.length > 0)
      await expect
        .poll(() => admin.deleteGroups(left).then(() => "gone", String), { timeout: 30_000 })
        .toBe("gone");
    const own = [source, ...sinks.map(deadLetterTopicOf)];
    const listOwn = async () =>
      (await admin.listTopics()).filter((topic) => own.some((name) => topic.startsWith(name)));
    // Refused where the list still names one that the journey itself has just deleted.
    await expect
      .poll(async () => {
        const topics = await listOwn();
        if (topics.length > 0) await admin.deleteTopics({ topics }).catch(() => undefined);
        return await listOwn();
      })
      .toEqual([]);
  });
}

export async function withAdmin<T>(act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: endpoints.kafka.brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await act(admin);
  } finally {
    await admin.disconnect();
  }
}
