import { eq } from "drizzle-orm";
import { expect, vi } from "vitest";
import { reconciliationTables } from "#db/schema/reconciliation.ts";
import { DatabaseDraft } from "#domain/databases/schema.ts";
import { proposeCreate } from "#server/connectors/propose-create.ts";
import {
  CLUSTER,
  cleanUp,
  runPlan,
  shopSource,
  sql,
  warehouseSink,
} from "#server/connectors/testing/lab-pipeline.ts";
import { registerDatabase } from "#server/databases/register-database.ts";
import type { Deps } from "#server/deps.ts";
import { an, readLabFile, uniqueName } from "#server/testing/stack.ts";
import { type CheckEnd, executeCheck } from "../execute-check.ts";
import { findTables } from "../find-tables.ts";
import { startCheck } from "../start-check.ts";

interface Endpoints {
  postgres: { source: { host: string; port: number }; target: { host: string; port: number } };
}

export type CheckedPipeline = Awaited<ReturnType<typeof startCheckedPipeline>>;

/** A real pipeline with one table of its own, observed, both ends registered, ready to be checked. */
export async function startCheckedPipeline(
  deps: Deps,
  observerLoops: readonly { run(deps: Deps, signal: AbortSignal): Promise<void> }[],
  rows: number,
) {
  const engineer = an("engineer", "ada");
  const source = uniqueName("rc-shop");
  const sink = uniqueName("rc-sink");
  const schema = sink.replaceAll("-", "_");
  const table = `orders_${source.replaceAll("-", "_")}`;
  const topic = `${source}.public.${table}`;
  const stop = new AbortController();
  await sql(
    "shop",
    `create table public.${table} (id int primary key, name text, price numeric(10,2), at timestamptz)`,
  );
  await sql(
    "shop",
    `insert into public.${table} select g, 'row ' || g, g * 1.5, timestamptz '2026-01-01' + g * interval '1 second' from generate_series(1, ${rows}) g`,
  );
  const [owner] = await sql<{ name: string }>(
    "shop",
    "select tableowner as name from pg_tables where tablename = 'products'",
  );
  await sql("shop", `alter table public.${table} owner to "${owner?.name}"`);
  await sql("shop", `grant select on public.${table} to public`);
  await sql("warehouse", `create schema "${schema}"`);
  await sql("warehouse", `grant all on schema "${schema}" to public`);
  const endpoints = readLabFile<Endpoints>("endpoints.json").postgres;
  await registerDatabase(deps, engineer, draftOf("shop", "source", endpoints.source));
  await registerDatabase(deps, engineer, draftOf("warehouse", "target", endpoints.target));
  const made = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: source,
    config: shopSource(deps, source, [table]),
  });
  expect(await runPlan(deps, engineer, made.planId)).toMatchObject({ end: "succeeded" });
  const drained = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: sink,
    config: warehouseSink(deps, sink, schema, [topic]),
  });
  expect(await runPlan(deps, engineer, drained.planId)).toMatchObject({ end: "succeeded" });
  await sql("shop", `analyze public.${table}`);
  const countTarget = async () =>
    Number(
      (
        await sql<{ n: string }>("warehouse", `select count(*) as n from "${schema}".${table}`).catch(
          () => [],
        )
      )[0]?.n ?? 0,
    );
  await vi.waitFor(async () => expect(await countTarget()).toBe(rows), { timeout: 240_000, interval: 500 });
  await sql("warehouse", `grant select, insert, update, delete on "${schema}".${table} to public`);
  const observing = Promise.allSettled(observerLoops.map((loop) => loop.run(deps, stop.signal)));
  const stored = async () => {
    const [row] = await deps.db
      .select()
      .from(reconciliationTables)
      .where(eq(reconciliationTables.sink, sink));
    return row;
  };
  await vi.waitFor(
    async () => {
      await findTables(deps);
      const row = await stored();
      if (!row?.target || !row.sourceDatabaseId || !row.targetDatabaseId) throw new Error("not found yet");
    },
    { timeout: 90_000, interval: 500 },
  );
  const tableId = (await stored())?.id ?? 0;

  return {
    source,
    sink,
    schema,
    table,
    topic,
    tableId,
    engineer,
    stored,
    /** Statements on the source's and the target's own table, which `TABLE` names. */
    onSource: (statement: string) => sql("shop", statement.replaceAll("TABLE", `public.${table}`)),
    onTarget: (statement: string) => sql("warehouse", statement.replaceAll("TABLE", `"${schema}".${table}`)),
    async check(
      scope: "full" | "incremental" = "full",
      options: { gateTimeoutMs?: number } = {},
    ): Promise<{ runId: string; end: CheckEnd }> {
      const { runs } = await startCheck(deps, an("operator", "olga"), { tables: { ids: [tableId] }, scope });
      const runId = runs[0]?.runId ?? "";
      const end = await executeCheck(deps, runId, {
        worker: "test",
        stopping: new AbortController().signal,
        ...options,
      });
      return { runId, end };
    },
    async stop() {
      stop.abort();
      await observing;
      await cleanUp(deps, [sink, source], [schema]);
      await sql("shop", `drop table if exists public.${table}`);
    },
  };
}

function draftOf(
  name: "shop" | "warehouse",
  role: "source" | "target",
  { host, port }: { host: string; port: number },
) {
  return DatabaseDraft.parse({
    name,
    engine: "postgresql",
    host,
    port,
    databaseName: name,
    tlsMode: "disable",
    cluster: CLUSTER,
    role,
    connectorRole: `${name}_connector`,
    connectorUserRef: `vault://secret/connectors/${name}#username`,
    connectorPasswordRef: `vault://secret/connectors/${name}#password`,
    readonlyUserRef: `vault://secret/headgate/${name}#username`,
    readonlyPasswordRef: `vault://secret/headgate/${name}#password`,
    ...(role === "target"
      ? {
          changeUserRef: `vault://secret/changes/${name}#username`,
          changePasswordRef: `vault://secret/changes/${name}#password`,
        }
      : {}),
  });
}
