import type mysql from "mysql2/promise";
import { AppError } from "#domain/errors/app-error.ts";
import type { SideLayout } from "#domain/reconciliation/engine/comparison.ts";
import { describeMariadb } from "./describe-mariadb.ts";
import type { TableName } from "./describe-postgres.ts";
import { mariadbFailure } from "./mariadb-failure.ts";
import { createMariadbReader } from "./mariadb-reader.ts";
import type { MariadbColumn } from "./mariadb-values.ts";
import type { SideLimits, TableSide } from "./side.ts";

export interface MariadbSideOptions {
  /** `schema` is MariaDB's database. */
  table: TableName;
  /** Opens a connection of the run's own with Headgate's read-only credential; the reader ends it. */
  connect(signal: AbortSignal): Promise<mysql.Connection>;
  /** More threads than this at work besides the run's, and the run waits. */
  busySessions?: number;
}

const BUSY_SESSIONS = 25;

/** A table of a MariaDB database, as the source of a comparison. */
export function mariadbSide({ table, connect, busySessions = BUSY_SESSIONS }: MariadbSideOptions): TableSide {
  const name = `${table.schema}.${table.name}`;

  async function openSession(signal: AbortSignal): Promise<mysql.Connection> {
    const client = await connect(signal);
    // A connection that is lost fails the statement it carries; nobody else needs to hear of it.
    client.on("error", () => undefined);
    return client;
  }

  /** MariaDB works on for a client that has gone; an account may end its own. */
  async function kill(threadId: number): Promise<void> {
    const client = await openSession(new AbortController().signal);
    try {
      await client.query(`kill ${threadId}`);
    } finally {
      client.destroy();
    }
  }

  return {
    engine: "mariadb",
    table: name,
    async describe(signal) {
      const client = await openSession(signal);
      try {
        return await describeMariadb(client, table);
      } catch (error) {
        throw mariadbFailure(error, name, signal);
      } finally {
        client.destroy();
      }
    },
    async open(layout, limits) {
      const client = await openSession(limits.signal);
      try {
        const { columns, primaryKey } = await layoutColumns(client, table, layout);
        await prepare(client, limits);
        return createMariadbReader({
          client,
          table,
          columns,
          layout,
          limits,
          busySessions,
          primaryKey,
          kill: () => kill(client.threadId).catch(() => undefined),
        });
      } catch (error) {
        client.destroy();
        throw mariadbFailure(error, name, limits.signal);
      }
    },
  };
}

async function layoutColumns(
  client: mysql.Connection,
  table: TableName,
  layout: SideLayout,
): Promise<{ columns: MariadbColumn[]; primaryKey: string | undefined }> {
  const described = await describeMariadb(client, table);
  const columns = layout.columns.map(({ name, form }) => {
    const shape = described.columns.find((column) => column.name === name);
    if (shape) return { shape, form };
    throw new AppError("conflict", `The column ${name} of ${described.table} is gone`, {
      upstream: "MariaDB",
    });
  });
  return { columns, primaryKey: described.key[0] };
}

/**
 * Keys below an origin are negative places; fractions are rounded as PostgreSQL rounds them. Groups stay in memory, and what
 * does not fit goes to disk.
 */
async function prepare(client: mysql.Connection, { statementTimeoutMs }: SideLimits): Promise<void> {
  const settings = [
    "tx_read_only = on",
    "tx_isolation = 'REPEATABLE-READ'",
    `max_statement_time = ${statementTimeoutMs / 1_000}`,
    "time_zone = '+00:00'",
    "sql_mode = 'NO_UNSIGNED_SUBTRACTION,TIME_ROUND_FRACTIONAL'",
    "tmp_memory_table_size = 67108864",
    "max_heap_table_size = 67108864",
    "net_write_timeout = 600",
    "character_set_client = utf8mb4",
    "character_set_results = utf8mb4",
    "collation_connection = utf8mb4_bin",
  ];
  await client.query(`set ${settings.map((setting) => `session ${setting}`).join(", ")}`);
}
