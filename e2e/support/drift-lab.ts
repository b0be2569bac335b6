import { expect } from "@playwright/test";
import { buildJdbcSink, defaultJdbcSink } from "#domain/connectors/jdbc-sink.ts";
import {
  buildPostgresSource,
  defaultPostgresSource,
  signalTopic,
} from "#domain/connectors/postgres-source.ts";
import { labEndpoints, query } from "./databases.ts";
import {
  connectionTo,
  createOwnedTable,
  LAB_CLUSTER,
  type OwnPipeline,
  putConnector,
  removePipeline,
  taskStates,
  withAdmin,
} from "./own-pipeline.ts";

/**
 * One table of the shop with a sink of its own into a schema of its own, to be made unequal on purpose. The sink refuses
 * an amount that is no number, so that such a row becomes a dead letter, until it is told to take amounts as they are.
 */
export const SOURCE = "drift-source";
export const SINK = "drift-sink";
export const TABLE = "drift_orders";
export const ROWS = 400;
const SCHEMA = "drift_journey";
const OWN: OwnPipeline = { source: SOURCE, sinks: [SINK], tables: [TABLE], schema: SCHEMA };
const { postgres, connect } = labEndpoints();

export async function startDriftPipeline(): Promise<void> {
  await removeDriftPipeline();
  await createOwnedTable(TABLE, "id int primary key, note text, amount text");
  await onSource(`insert into TABLE select g, 'row ' || g, g from generate_series(1, ${ROWS}) g`);
  await query("shop", `analyze public.${TABLE}`);
  await query("warehouse", `create schema ${SCHEMA}`);
  await query("warehouse", `grant all on schema ${SCHEMA} to public`);
  // A re-read is asked for through it.
  const signals = signalTopic(SOURCE);
  await withAdmin(async (admin) => {
    await admin.createTopics({ topics: [{ topic: signals, numPartitions: 1 }], waitForLeaders: false });
    await expect.poll(() => admin.listTopics()).toContain(signals);
  });
  await putConnector(
    SOURCE,
    buildPostgresSource(
      {
        ...defaultPostgresSource(SOURCE, "shop"),
        topicPrefix: SOURCE,
        tables: [{ schema: "public", table: TABLE }],
      },
      connectionTo(postgres.source, "shop"),
      LAB_CLUSTER,
    ),
  );
  await putConnector(SINK, sinkConfig("flat,number,text"));
  await expect
    .poll(() => onTarget("select id from TABLE").catch(() => []), { timeout: 90_000 })
    .toHaveLength(ROWS);
  await onTarget("grant select on TABLE to warehouse_readonly");
  await switchSink("pause", "PAUSED");
}

/** Until then no check, not even the scheduler's own, can come to a verdict. */
export async function resumeSink(): Promise<void> {
  await switchSink("resume", "RUNNING");
}

async function switchSink(verb: "pause" | "resume", state: string): Promise<void> {
  const switchIt = () => fetch(`${connect.url}/connectors/${SINK}/${verb}`, { method: "PUT" });
  // While Connect rebalances it refuses with 409.
  await expect.poll(async () => (await switchIt()).ok, { timeout: 30_000 }).toBe(true);
  await expect.poll(() => taskStates(SINK), { timeout: 30_000 }).toEqual([state]);
}

export async function removeDriftPipeline(): Promise<void> {
  await removePipeline(OWN);
}

/** The sink takes every amount as the text it is. */
export async function takeEveryAmount(): Promise<void> {
  await putConnector(SINK, sinkConfig("flat"));
}

function sinkConfig(transforms: string): Record<string, string> {
  const steps = {
    flat: { "transforms.flat.type": "io.debezium.transforms.ExtractNewRecordState" },
    number: {
      "transforms.number.type": "org.apache.kafka.connect.transforms.Cast$Value",
      "transforms.number.spec": "amount:int32",
    },
    text: {
      "transforms.text.type": "org.apache.kafka.connect.transforms.Cast$Value",
      "transforms.text.spec": "amount:string",
    },
  };
  const used = transforms.split(",").map((name) => steps[name as keyof typeof steps]);
  return Object.assign(
    buildJdbcSink(
      {
        ...defaultJdbcSink(SINK),
        topics: [`${SOURCE}.public.${TABLE}`],
        naming: { kind: "custom", format: `${SCHEMA}.${TABLE}` },
      },
      connectionTo(postgres.target, "warehouse"),
      LAB_CLUSTER,
    ),
    { transforms },
    ...used,
  );
}

interface Order {
  id: number;
  note: string;
  amount: string;
}

/** A statement on the table at the source, which `TABLE` names. */
export function onSource(statement: string): Promise<Order[]> {
  return query<Order>("shop", statement.replaceAll("TABLE", `public.${TABLE}`));
}

/** The same at the target. */
export function onTarget(statement: string): Promise<Order[]> {
  return query<Order>("warehouse", statement.replaceAll("TABLE", `${SCHEMA}.${TABLE}`));
}
