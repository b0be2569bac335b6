import { ENGINE_NAME } from "#domain/databases/engine.ts";
import type { DatabaseEngine } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { TableSide } from "../side.ts";
import { cassandra } from "./cassandra.ts";
import type { Dialect } from "./dialect.ts";
import { mongodb } from "./mongodb.ts";
import { oracle } from "./oracle.ts";
import { sqlServer } from "./sql-server.ts";

/** Engines whose statements are written, and were never sent to a server. */
export const TEXT_ONLY: readonly Dialect[] = [sqlServer, oracle, mongodb, cassandra];

/** A table that is never read: whoever asks for it is told why, instead of a result nobody has seen to be right. */
export function textOnlySide(engine: DatabaseEngine, table: string): TableSide {
  const known = TEXT_ONLY.find((dialect) => dialect.engine === engine);
  const why = known
    ? "Headgate's statements for it are tested as text only, never on a server"
    : "Headgate has no statements for it";
  const refuse = async (): Promise<never> => {
    throw new AppError(
      "precondition_failed",
      `${table} cannot be compared: it is kept in ${ENGINE_NAME[engine]}, and ${why}. PostgreSQL and MariaDB can be compared`,
    );
  };
  return { engine, table, describe: refuse, open: refuse };
}
