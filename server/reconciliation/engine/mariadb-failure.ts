import { redactMessage } from "#domain/credentials/redact.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { codeOf } from "#server/mariadb/failures.ts";

const NO_TABLE = new Set(["ER_NO_SUCH_TABLE", "ER_BAD_DB_ERROR"]);
const NOT_NOW = new Set([
  "ER_SERVER_SHUTDOWN",
  "ER_NORMAL_SHUTDOWN",
  "ER_CONNECTION_KILLED",
  "ER_QUERY_INTERRUPTED",
  "ER_CON_COUNT_ERROR",
  "ER_DISK_FULL",
  "ER_RECORD_FILE_FULL",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_TABLE_DEF_CHANGED",
]);

/** A failure of one end in words; rows quoted by the server are taken out. */
export function mariadbFailure(error: unknown, table: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof AppError) return error;
  const upstream = "MariaDB";
  const code = codeOf(error) ?? "";
  const refused = error instanceof Error && "sqlState" in error && code.startsWith("ER_");
  if (!refused || !(error instanceof Error)) {
    return new AppError("upstream_unavailable", `The connection to the database of ${table} was lost`, {
      retryable: true,
      upstream,
      cause: error,
    });
  }
  const message = redactMessage(error.message, [], []);
  if (NO_TABLE.has(code)) return new AppError("not_found", `There is no table ${table}`, { upstream });
  if (code === "ER_BAD_FIELD_ERROR")
    return new AppError("conflict", `The columns of ${table} changed during the run`, {
      retryable: true,
      upstream,
    });
  if (code === "ER_STATEMENT_TIMEOUT")
    return new AppError("upstream_rejected", `A statement on ${table} took longer than the time allowed`, {
      retryable: true,
      upstream,
    });
  if (NOT_NOW.has(code))
    return new AppError("upstream_unavailable", `The database of ${table} ended the run: ${message}`, {
      retryable: true,
      upstream,
    });
  return new AppError("upstream_rejected", `The database of ${table} refused: ${message}`, { upstream });
}
