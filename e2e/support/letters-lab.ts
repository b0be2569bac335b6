import { expect } from "@playwright/test";
import { buildJdbcSink, defaultJdbcSink } from "#domain/connectors/jdbc-sink.ts";
import { buildPostgresSource, defaultPostgresSource } from "#domain/connectors/postgres-source.ts";
import { labEndpoints, query } from "./databases.ts";
import {
  connectionTo,
  createOwnedTable,
  LAB_CLUSTER,
  type OwnPipeline,
  putConnector,
  removePipeline,
  withAdmin,
} from "./own-pipeline.ts";

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
const OWN: OwnPipeline = {
  source: SOURCE,
  sinks: [STRICT.sink, CASTING.sink],
  tables: TABLES,
  schema: SCHEMA,
};

/** Rows in the source, connectors that run, and every row at the target. */
export async function startLettersPipeline(): Promise<void> {
  await removeLettersPipeline();
  for (const table of TABLES) {
    await createOwnedTable(table, "id int primary key, note text, amount text");
    await query("shop", `insert into public.${table} select g, 'row ' || g, g from generate_series(1, 50) g`);
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
      connectionTo(source, "shop"),
      LAB_CLUSTER,
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
    connectionTo(endpoints.postgres.target, "warehouse"),
    LAB_CLUSTER,
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

export async function removeLettersPipeline(): Promise<void> {
  await removePipeline(OWN);
}
