import type pg from "pg";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import type { SideLayout } from "#domain/reconciliation/engine/comparison.ts";
import { describePostgres, type TableName } from "./describe-postgres.ts";
import { postgresFailure } from "./postgres-failure.ts";
import { createPostgresReader } from "./postgres-reader.ts";
import type { PostgresColumn } from "./postgres-values.ts";
import type { SideLimits, TableSide } from "./side.ts";

export interface PostgresSideOptions {
  table: TableName;
  /** The table's name in messages, when `schema.table` does not tell enough. */
  label?: string;
  /** Opens a connection of the run's own with Headgate's read-only credential; the reader ends it. */
  connect(signal: AbortSignal): Promise<pg.Client>;
  /** More sessions than this at work besides the run's, and the run waits. */
  busySessions?: number;
}

const BUSY_SESSIONS = 25;

/** A table of a PostgreSQL database, as either end of a comparison. */
export function postgresSide({
  table,
  label: name = `${table.schema}.${table.name}`,
  connect,
  busySessions = BUSY_SESSIONS,
}: PostgresSideOptions): TableSide {
  async function openSession(signal: AbortSignal): Promise<pg.Client> {
    const client = await connect(signal);
    // A connection that is lost fails the statement it carries; nobody else needs to hear of it.
    client.on("error", () => undefined);
    return client;
  }

  return {
    engine: "postgresql",
    table: name,
    async describe(signal) {
      const client = await openSession(signal);
      try {
        return await describePostgres(client, table);
      } catch (error) {
        throw postgresFailure(error, name, signal);
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    async open(layout, limits) {
      const client = await openSession(limits.signal);
      try {
        const columns = await layoutColumns(client, table, layout);
        const version = await prepare(client, limits);
        return createPostgresReader({
          client,
          table,
          label: name,
          columns,
          version,
          layout,
          limits,
          busySessions,
        });
      } catch (error) {
        await client.end().catch(() => undefined);
        throw postgresFailure(error, name, limits.signal);
      }
    },
  };
}

async function layoutColumns(
  client: pg.ClientBase,
  table: TableName,
  layout: SideLayout,
): Promise<PostgresColumn[]> {
  const described = await describePostgres(client, table);
  return layout.columns.map(({ name, form }) => {
    const shape = described.columns.find((column) => column.name === name);
    if (shape) return { shape, form };
    throw new AppError("conflict", `The column ${name} of ${described.table} is gone`, {
      upstream: "PostgreSQL",
    });
  });
}

const Version = z.array(z.object({ server_version_num: z.coerce.number() })).min(1);

/**
 * One process of the server per run, whatever it allows others. Grouping by hash: the planner takes expressions for distinct
 * values and would sort the table. A server that notices a lost client ends the statement.
 */
async function prepare(client: pg.ClientBase, { statementTimeoutMs }: SideLimits): Promise<number> {
  const shown = await client.query("show server_version_num");
  const version = Version.parse(shown.rows)[0]?.server_version_num ?? 0;
  const settings = [
    "default_transaction_read_only = on",
    `statement_timeout = ${Math.round(statementTimeoutMs)}`,
    "search_path = pg_catalog",
    "timezone = 'UTC'",
    "datestyle = 'ISO, YMD'",
    "intervalstyle = 'postgres'",
    "extra_float_digits = 1",
    "bytea_output = 'hex'",
    "client_encoding = 'UTF8'",
    "standard_conforming_strings = on",
    "enable_sort = off",
    "jit = off",
    "max_parallel_workers_per_gather = 0",
    "work_mem = '48MB'",
    ...(version >= 140_000 ? ["client_connection_check_interval = 1000"] : []),
  ];
  await client.query(settings.map((setting) => `set ${setting}`).join("; "));
  return version;
}
