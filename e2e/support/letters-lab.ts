import { expect, type Page } from "@playwright/test";
import { buildJdbcSink, defaultJdbcSink } from "#domain/connectors/jdbc-sink.ts";
import { buildPostgresSource, defaultPostgresSource } from "#domain/connectors/postgres-source.ts";
import { ensureDatabase } from "./console.ts";
import { labEndpoints, query } from "./databases.ts";
import {
  connectionTo,
  createOwnedTable,
  LAB_CLUSTER,
  putConnector,
  removePipeline,
  withAdmin,
} from "./own-pipeline.ts";

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

/** A table of the shop with a pipeline of its own, beside the one of the main story, into a schema of its own. */
interface Letters {
  source: string;
  sink: string;
  table: string;
  schema: string;
  transforms: Record<string, string>;
}

/** Writes rows as they are, so that a constraint stops it. */
export const STRICT: Letters = {
  source: "letters-strict-source",
  sink: "letters-strict",
  table: "letters_notes",
  schema: "letters_strict",
  transforms: {},
};

/** Its transform cannot digest some values, so that these become dead letters while the others flow. */
export const CASTING: Letters = {
  source: "letters-casting-source",
  sink: "letters-casting",
  table: "letters_readings",
  schema: "letters_casting",
  transforms: { ...FLATTEN, ...STRICT_CAST },
};

/** In the values of rows that fail: nobody without the right may ever see it. */
export const CANARY = "canary-5f2c";
const endpoints = labEndpoints();

/** Rows are looked up there. */
export async function ensureShopAndWarehouse(page: Page): Promise<void> {
  const { source, target } = endpoints.postgres;
  await ensureDatabase(page, {
    name: "shop",
    role: "Source",
    host: source.host,
    port: source.port,
    databaseName: "shop",
  });
  await ensureDatabase(page, {
    name: "warehouse",
    role: "Target",
    host: target.host,
    port: target.port,
    databaseName: "warehouse",
  });
}

/** Rows in the source, connectors that run, and every row at the target. */
export async function startLetters(letters: Letters): Promise<void> {
  const { source, sink, table, schema, transforms } = letters;
  await removeLetters(letters);
  await createOwnedTable(table, "id int primary key, note text, amount text");
  await query("shop", `insert into public.${table} select g, 'row ' || g, g from generate_series(1, 50) g`);
  await query("warehouse", `create schema ${schema}`);
  await query("warehouse", `grant all on schema ${schema} to public`);
  await putConnector(source, {
    ...buildPostgresSource(
      {
        ...defaultPostgresSource(source, "shop"),
        topicPrefix: source,
        tables: [{ schema: "public", table }],
      },
      connectionTo(endpoints.postgres.source, "shop"),
      LAB_CLUSTER,
    ),
  });
  await putConnector(sink, { ...sinkConfig(letters), ...transforms });
  await expect.poll(() => targetRows(letters), { timeout: 90_000 }).toHaveLength(50);
  await query("warehouse", `grant select on ${schema}.${table} to warehouse_readonly`);
  await query("warehouse", `grant usage on schema ${schema} to warehouse_readonly`);
}

function sinkConfig({ source, sink, table, schema }: Letters): Record<string, string> {
  return buildJdbcSink(
    {
      ...defaultJdbcSink(sink),
      topics: [`${source}.public.${table}`],
      naming: { kind: "custom", format: `${schema}.${table}` },
    },
    connectionTo(endpoints.postgres.target, "warehouse"),
    LAB_CLUSTER,
  );
}

/** The remedy: the sink takes the amounts as the text they are. */
export async function repairCastingSink(): Promise<void> {
  await putConnector(CASTING.sink, { ...sinkConfig(CASTING), ...FLATTEN });
}

export interface NoteRow {
  id: number;
  note: string;
}

export async function targetRows({ table, schema }: Letters): Promise<NoteRow[]> {
  return await query<NoteRow>("warehouse", `select id, note from ${schema}.${table} order by id`).catch(
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

export async function removeLetters({ source, sink, table, schema }: Letters): Promise<void> {
  await removePipeline({ source, sinks: [sink], tables: [table], schema });
}
