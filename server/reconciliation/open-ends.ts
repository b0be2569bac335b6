import type mysql from "mysql2/promise";
import type pg from "pg";
import { AppError } from "#domain/errors/app-error.ts";
import type { TableShape } from "#domain/reconciliation/engine/table-shape.ts";
import { type RegisteredDatabase, requireDatabase } from "#server/databases/registered-database.ts";
import { readReadonlyCredential } from "#server/databases/with-readonly-connection.ts";
import type { Deps } from "#server/deps.ts";
import { openReadonly } from "#server/mariadb/connection.ts";
import { connectFailure as mariadbConnectFailure } from "#server/mariadb/failures.ts";
import { connectionConfig, GuardedClient } from "#server/postgres/connection.ts";
import { connectFailure } from "#server/postgres/failures.ts";
import { textOnlySide } from "./engine/dialects/text-only-side.ts";
import { mariadbSide } from "./engine/mariadb-side.ts";
import { postgresSide } from "./engine/postgres-side.ts";
import type { TableSide } from "./engine/side.ts";
import { type EndName, namingSide } from "./naming-side.ts";
import { obstacleOf, type StoredTable } from "./stored-table.ts";

export interface Ends {
  source: TableSide;
  target: TableSide;
  sourceDatabase: RegisteredDatabase;
  targetDatabase: RegisteredDatabase;
}

/** Both ends of a table, ready to be opened with Headgate's own read-only credentials. */
export async function openEnds(deps: Pick<Deps, "db" | "vault">, table: StoredTable): Promise<Ends> {
  const obstacle = obstacleOf(table);
  if (obstacle !== null || !table.sourceDatabaseId || !table.targetDatabaseId || table.target === null)
    throw new AppError("precondition_failed", obstacle ?? "This table cannot be compared");
  const [sourceDatabase, targetDatabase] = await Promise.all([
    requireDatabase(deps.db, table.sourceDatabaseId),
    requireDatabase(deps.db, table.targetDatabaseId),
  ]);
  const busySessions = table.settings.throttle.pauseAboveSessions;
  return {
    source: sideOf(deps, sourceDatabase, { name: table.name, busySessions }, "source"),
    target: sideOf(deps, targetDatabase, { name: table.target, busySessions }, "target"),
    sourceDatabase,
    targetDatabase,
  };
}

function sideOf(
  deps: Pick<Deps, "vault">,
  database: RegisteredDatabase,
  { name, busySessions }: { name: string; busySessions: number | null },
  end: EndName,
): TableSide {
  const limit = busySessions === null ? {} : { busySessions };
  switch (database.engine) {
    case "postgresql": {
      const connect = () => connectPostgres(deps, database);
      return namingSide(postgresSide({ connect, table: tableName(name, "public"), ...limit }), end);
    }
    case "mariadb": {
      const connect = () => connectMariadb(deps, database);
      return namingSide(
        mariadbSide({ connect, table: tableName(name, database.databaseName), ...limit }),
        end,
      );
    }
    default:
      return namingSide(textOnlySide(database.engine, name), end);
  }
}

function tableName(name: string, schema: string): { schema: string; name: string } {
  const dot = name.indexOf(".");
  return dot < 0 ? { schema, name } : { schema: name.slice(0, dot), name: name.slice(dot + 1) };
}

/** A read-only connection of its own, whose statements end when the comparison says so. */
async function connectPostgres(deps: Pick<Deps, "vault">, database: RegisteredDatabase): Promise<pg.Client> {
  const credential = await readReadonlyCredential(deps, database);
  const { query_timeout: _limit, ...config } = connectionConfig(database, credential);
  const client = new GuardedClient(config);
  client.on("error", () => undefined);
  await client.connect().catch((error: unknown) => {
    throw connectFailure(error, database, [credential.password, credential.user]);
  });
  return client;
}

async function connectMariadb(
  deps: Pick<Deps, "vault">,
  database: RegisteredDatabase,
): Promise<mysql.Connection> {
  const credential = await readReadonlyCredential(deps, database);
  return openReadonly(database, credential).catch((error: unknown) => {
    throw mariadbConnectFailure(error, database, [credential.password, credential.user]);
  });
}

export function columnNames(shape: TableShape): string[] {
  return shape.columns.map(({ name }) => name);
}
