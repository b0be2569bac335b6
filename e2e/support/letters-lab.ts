import { expect } from "@playwright/test";
import { type Admin, Kafka, logLevel } from "kafkajs";
import { z } from "zod";
import type { ClusterFacts, DatabaseConnection } from "#domain/connectors/database-connection.ts";
import { buildJdbcSink, deadLetterTopicOf, defaultJdbcSink } from "#domain/connectors/jdbc-sink.ts";
import { buildPostgresSource, defaultPostgresSource } from "#domain/connectors/postgres-source.ts";
import { labEndpoints, query } from "./databases.ts";

/**
 * A pipeline of its own beside the one of the main story: two tables of the shop, each drained by a sink of its own into
 * a schema of its own. `strict` writes rows as they are, so that a constraint stops it; `casting` has a transform that
 * cannot digest some values, so that these become dead letters while the others flow.
 */
export const SOURCE = "letters-source";
export const STRICT = { sink: "letters-strict", table: "letters_notes" };
export const CASTING = { sink: "letters-casting", table: "letters_readings" };
export const SCHEMA = "letters_journey";
const TABLES = [STRICT.table, CASTING.table];
const endpoints = labEndpoints();
const connect = endpoints.connect.url;

const FACTS: ClusterFacts = {
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

const at = (server: { host: string; port: number }, database: string): DatabaseConnection => ({
  host: server.host,
  port: server.port,
  database,
  tls: "disable",
  userReference: `\${vault:secret/connectors/${database}:username}`,
  passwordReference: `\${vault:secret/connectors/${database}:password}`,
});

/** Rows in the source, connectors that run, and every row at the target. */
export async function startLettersPipeline(): Promise<void> {
  await removeLettersPipeline();
  const [owner] = await query<{ name: string }>(
    "shop",
    "select tableowner as name from pg_tables where schemaname = 'public' and tablename = 'products'",
  );
  for (const table of TABLES) {
    await query("shop", `create table public.${table} (id int primary key, note text, amount text)`);
    // Debezium adds the table to its publication, which only the owner may do.
    await query("shop", `alter table public.${table} owner to "${owner?.name}"`);
    await query("shop", `insert into public.${table} select g, 'row ' || g, g from generate_series(1, 50) g`);
    await query("shop", `grant select on public.${table} to shop_readonly`);
  }
  await query("warehouse", `create schema ${SCHEMA}`);
  await query("warehouse", `grant all on schema ${SCHEMA} to public`);
  const source = endpoints.postgres.source;
  await putConnector(SOURCE, {
    ...buildPostgresSource(
      {
        ...defaultPostgresSource(SOURCE, "shop"),
        topicPrefix: SOURCE,
        tables: TABLES.map((table) => ({ schema: "public", table })),
      },
      at(source, "shop"),
      FACTS,
    ),
  });
  await putConnector(STRICT.sink, sinkConfig(STRICT));
  await putConnector(CASTING.sink, { ...sinkConfig(CASTING), ...FLATTEN, ...STRICT_CAST });
  for (const { table } of [STRICT, CASTING])
    await expect.poll(() => targetRows(table), { timeout: 90_000 }).toHaveLength(50);
  for (const { table } of [STRICT, CASTING])
    await query("warehouse", `grant select on ${SCHEMA}.${table} to warehouse_readonly`);
  await query("warehouse", `grant usage on schema ${SCHEMA} to warehouse_readonly`);
}

function sinkConfig({ sink, table }: typeof STRICT): Record<string, string> {
  return buildJdbcSink(
    {
      ...defaultJdbcSink(sink),
      topics: [topicOf(table)],
      naming: { kind: "custom", format: `${SCHEMA}.${table}` },
    },
    at(endpoints.postgres.target, "warehouse"),
    FACTS,
  );
}

export const topicOf = (table: string) => `${SOURCE}.public.${table}`;

const FLATTEN = {
  transforms: "flat",
  "transforms.flat.type": "io.debezium.transforms.ExtractNewRecordState",
};

/** Refuses an amount that is no number; what passes is text again, as the column is. */
const STRICT_CAST = {
  transforms: "flat,number,text",
  "transforms.number.type": "org.apache.kafka.connect.transforms.Cast$Value",
  "transforms.number.spec": "amount:int32",
  "transforms.text.type": "org.apache.kafka.connect.transforms.Cast$Value",
  "transforms.text.spec": "amount:string",
};

/** The remedy: the sink takes the amounts as the text they are. */
export async function repairCastingSink(): Promise<void> {
  await putConnector(CASTING.sink, { ...sinkConfig(CASTING), ...FLATTEN });
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
  const reply = await fetch(`${connect}/connectors/${name}/config`);
  return z.record(z.string(), z.string()).parse(await reply.json());
}

export interface NoteRow {
  id: number;
  note: string;
}

export async function targetRows(table: string): Promise<NoteRow[]> {
  return await query<NoteRow>("warehouse", `select id, note from ${SCHEMA}.${table} order by id`).catch(
    () => [],
  );
}

/** How many records a topic holds, as Kafka says. */
export async function recordsIn(topic: string): Promise<number> {
  return await withAdmin(async (admin) => {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  });
}

/** The main story ticks every table of the shop, and the slots of a deleted source would hold its log. */
export async function removeLettersPipeline(): Promise<void> {
  for (const name of [STRICT.sink, CASTING.sink, SOURCE]) {
    await expect.poll(() => removeConnector(name), { timeout: 60_000, intervals: [500] }).toBe(404);
  }
  const { slotName, publicationName } = defaultPostgresSource(SOURCE, "shop");
  await query(
    "shop",
    "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = $1 and active_pid is not null",
    [slotName],
  );
  await expect
    .poll(() => dropSlot(slotName), { message: "the slot is held a moment longer", timeout: 30_000 })
    .toBe("gone");
  await query("shop", `drop publication if exists ${publicationName}`);
  for (const table of TABLES) await query("shop", `drop table if exists public.${table}`);
  await query("warehouse", `drop schema if exists ${SCHEMA} cascade`);
  await removeTopics();
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
async function removeTopics(): Promise<void> {
  await withAdmin(async (admin) => {
    const wanted = [STRICT, CASTING].map(({ sink }) => `connect-${sink}`);
    const { groups } = await admin.listGroups();
    const left = wanted.filter((group) => groups.some(({ groupId }) => groupId === group));
    if (left.length > 0)
      await expect
        .poll(() => admin.deleteGroups(left).then(() => "gone", String), { timeout: 30_000 })
        .toBe("gone");
    const own = [SOURCE, ...[STRICT, CASTING].map(({ sink }) => deadLetterTopicOf(sink))];
    const topics = (await admin.listTopics()).filter((topic) => own.some((name) => topic.startsWith(name)));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
}

async function withAdmin<T>(act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: endpoints.kafka.brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await act(admin);
  } finally {
    await admin.disconnect();
  }
}
