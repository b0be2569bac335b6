import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { proposeCreate } from "#server/connectors/propose-create.ts";
import {
  CLUSTER,
  cleanUp,
  runPlan,
  shopSource,
  sql,
  warehouseSink,
} from "#server/connectors/testing/lab-pipeline.ts";
import type { Deps } from "#server/deps.ts";
import { an, readLabFile, uniqueName } from "#server/testing/stack.ts";
import { pipelineGate, postgresPosition } from "../pipeline-gate.ts";
import type { PositionGate } from "../position-gate.ts";
import { postgresSide } from "../postgres-side.ts";
import type { TableSide } from "../side.ts";

/** Rows the writers leave alone: every fiftieth. Only there is anything planted. */
const QUIET = 50;
const HOT_ROWS = [1, 2, 3, 4, 5];
const TICK_MS = 50;

export interface LivePipeline {
  source: TableSide;
  target: TableSide;
  gate: PositionGate;
  /** Row changes committed so far. */
  written(): number;
  /** Puts 30 differences into the target; resolves to what has to be reported. */
  plant(seed: number): Promise<string[]>;
  /** Takes them out again. */
  unplant(): Promise<void>;
  stop(): Promise<void>;
}

/** A real pipeline of its own between shop and warehouse, with writers at work and a sink that is paused now and then. */
export async function startLivePipeline(
  deps: Deps,
  { rows, rowsPerSecond }: { rows: number; rowsPerSecond: number },
): Promise<LivePipeline> {
  const [name, sink] = [uniqueName("rec-live"), uniqueName("rec-sink")];
  const table = name.replaceAll("-", "_");
  const schema = sink.replaceAll("-", "_");
  const engineer = an("engineer", "ada");
  const remove = async () => {
    await cleanUp(deps, [name, sink], [schema]);
    await sql("shop", `drop table if exists public.${table}`);
  };
  try {
    await sql(
      "shop",
      `create table public.${table} (id bigint primary key, n int not null, name text, amount numeric(12,2), note text, ok boolean, at timestamptz(6))`,
    );
    await sql(
      "shop",
      `insert into public.${table} select i, 0, 'name ' || i, i / 7.0, case when i % 9 = 0 then null else repeat('x', 40) end, i % 2 = 0, now() from generate_series(1, $1::int) i`,
      [rows],
    );
    const [owner] = await sql<{ name: string }>(
      "shop",
      "select tableowner as name from pg_tables where tablename = 'products'",
    );
    await sql("shop", `alter table public.${table} owner to "${owner?.name}"`);
    await sql("shop", `analyze public.${table}`);
    await sql("warehouse", `create schema "${schema}"`);
    await sql("warehouse", `grant all on schema "${schema}" to public`);
    const topic = `${name}.public.${table}`;
    for (const [connector, config] of [
      [name, shopSource(deps, name, [table])],
      [sink, warehouseSink(deps, sink, schema, [topic])],
    ] as const) {
      const { planId } = await proposeCreate(deps, engineer, { cluster: CLUSTER, name: connector, config });
      const run = await runPlan(deps, engineer, planId);
      if (run.end !== "succeeded") throw new Error(run.message);
    }
    await untilArrived(schema, table, rows);
    await sql("warehouse", `analyze "${schema}".${table}`);
    return run(deps, { name, sink, table, schema, topic, rows, rowsPerSecond, remove });
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Made {
  name: string;
  sink: string;
  table: string;
  schema: string;
  topic: string;
  rows: number;
  rowsPerSecond: number;
  remove(): Promise<void>;
}

async function run(deps: Deps, made: Made): Promise<LivePipeline> {
  const { sink, table, schema, topic, rows } = made;
  const urls = readLabFile<{ shop: string; warehouse: string }>("secrets/admin-urls.json");
  const connect = async (url: string) => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  };
  const [writer, marker, planter] = await Promise.all([
    connect(urls.shop),
    connect(urls.shop),
    connect(urls.warehouse),
  ]);
  const stopping = new AbortController();
  const count = { written: 0 };
  const working = Promise.all([
    write(writer, made, stopping.signal, count),
    pauseNowAndThen(deps, sink, stopping.signal),
  ]);
  // Whoever stops the pipeline hears of it.
  working.catch(() => undefined);
  const target = `"${schema}".${table}`;
  let planted: { gone: number[]; changed: number[]; extra: number[] } | undefined;

  return {
    source: postgresSide({ table: { schema: "public", name: table }, connect: () => connect(urls.shop) }),
    target: postgresSide({ table: { schema, name: table }, connect: () => connect(urls.warehouse) }),
    gate: pipelineGate({
      position: postgresPosition({
        use: (work) => work(marker),
        slot: `headgate_${made.name.replaceAll("-", "_")}`.slice(0, 63),
      }),
      kafka: deps.kafka(CLUSTER),
      topic,
      group: `connect-${sink}`,
      explainDelay: async () => undefined,
    }),
    written: () => count.written,
    async plant(seed) {
      const quiet = shuffled(Math.floor(rows / QUIET), seed).map((place) => (place + 1) * QUIET);
      planted = {
        gone: quiet.slice(0, 10),
        changed: quiet.slice(10, 20),
        extra: quiet.slice(20, 30).map((id) => -id),
      };
      await planter.query(`delete from ${target} where id = any($1)`, [planted.gone]);
      await planter.query(`update ${target} set name = name || '!' where id = any($1)`, [planted.changed]);
      await planter.query(
        `insert into ${target} (id, n, name) select id, 0, 'extra' from unnest($1::bigint[]) id`,
        [planted.extra],
      );
      return [
        ...planted.gone.map((id) => `missing_in_target ${id}`),
        ...planted.changed.map((id) => `value_mismatch ${id}`),
        ...planted.extra.map((id) => `missing_in_source ${id}`),
      ].sort();
    },
    async unplant() {
      if (!planted) return;
      const { gone, changed, extra } = planted;
      await planter.query(`delete from ${target} where id = any($1)`, [extra]);
      await planter.query(`update ${target} set name = left(name, -1) where id = any($1)`, [changed]);
      const { rows: whole } = await marker.query(
        `select to_jsonb(t) as row from public.${table} t where id = any($1)`,
        [gone],
      );
      for (const { row } of whole)
        await planter.query(
          `insert into ${target} select * from jsonb_populate_record(null::${target}, $1)`,
          [row],
        );
      planted = undefined;
    },
    async stop() {
      stopping.abort();
      try {
        await working;
      } finally {
        await Promise.all([writer, marker, planter].map((client) => client.end()));
        await made.remove();
      }
    },
  };
}

/** Four updates in five, the rest inserts and deletes, and a few rows that change all the time. */
async function write(
  client: pg.Client,
  { table, rows, rowsPerSecond }: Made,
  signal: AbortSignal,
  count: { written: number },
): Promise<void> {
  const started = performance.now();
  let next = rows * 10;
  let round = 0;
  while (!signal.aborted) {
    const owed = ((performance.now() - started) / 1_000) * rowsPerSecond - count.written;
    if (owed < 1) {
      await delay(TICK_MS);
      continue;
    }
    const batch = Math.min(500, Math.ceil(owed));
    round += 1;
    const picked = Array.from({ length: batch }, () => 1 + Math.floor(Math.random() * rows));
    const updated = [...HOT_ROWS, ...picked.filter((id) => id % QUIET !== 0)];
    const fresh = Math.ceil(batch / 10);
    const { rowCount: changed } = await client.query(
      `update public.${table} set n = n + 1, amount = $2::int, note = md5(($2::int)::text), at = clock_timestamp() where id = any($1)`,
      [updated, round % 1_000],
    );
    const { rowCount: added } = await client.query(
      `insert into public.${table} select i, 0, 'new ' || i, 1, 'new', true, now() from generate_series($1::bigint, $2::bigint) i`,
      [next, next + fresh - 1],
    );
    const { rowCount: removed } = await client.query(
      `delete from public.${table} where id >= $1 and id < $2`,
      [next - 40 * fresh, next - 20 * fresh],
    );
    next += fresh;
    count.written += (changed ?? 0) + (added ?? 0) + (removed ?? 0);
  }
}

async function pauseNowAndThen(deps: Deps, sink: string, signal: AbortSignal): Promise<void> {
  const connect = deps.connect(CLUSTER);
  while (!signal.aborted) {
    await delay(4_000 + Math.random() * 3_000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await connect.pause(sink);
    await delay(1_500, undefined, { signal }).catch(() => undefined);
    await connect.resume(sink);
  }
}

async function untilArrived(schema: string, table: string, rows: number): Promise<void> {
  const deadline = Date.now() + 180_000;
  for (;;) {
    const found = await sql<{ n: string }>(
      "warehouse",
      `select count(*) as n from "${schema}".${table}`,
    ).catch(() => []);
    if (Number(found[0]?.n) >= rows) return;
    if (Date.now() > deadline)
      throw new Error(`${schema}.${table} has ${found[0]?.n ?? "no"} rows after 3 min`);
    await delay(250);
  }
}

/** 0 … length-1 in an order that follows from the seed. */
function shuffled(length: number, seed: number): number[] {
  const places = Array.from({ length }, (_place, index) => index);
  let state = seed * 2_654_435_761 + 1;
  for (let at = length - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (at + 1);
    [places[at], places[other]] = [places[other] ?? 0, places[at] ?? 0];
  }
  return places;
}
