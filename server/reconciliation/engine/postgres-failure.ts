import pg from "pg";
import { redactMessage } from "#domain/credentials/redact.ts";
import { AppError } from "#domain/errors/app-error.ts";

const NO_TABLE = new Set(["42P01", "3F000"]);
const NO_COLUMN = new Set(["42703", "42804"]);
const NOT_NOW = new Set(["57P01", "57P02", "57P03", "53300", "40001", "40P01", "53100", "53200", "53400"]);

/** A failure of one end in words; rows quoted by the server are taken out. */
export function postgresFailure(error: unknown, table: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof AppError) return error;
  const upstream = "PostgreSQL";
  if (!(error instanceof pg.DatabaseError)) {
    return new AppError("upstream_unavailable", `The connection to the database of ${table} was lost`, {
      retryable: true,
      upstream,
      cause: error,
    });
  }
  const code = error.code ?? "";
  const message = redactMessage(error.message, [], []);
  if (NO_TABLE.has(code)) return new AppError("not_found", `There is no table ${table}`, { upstream });
  if (NO_COLUMN.has(code))
    return new AppError("conflict", `The columns of ${table} changed during the run`, {
      retryable: true,
      upstream,
    });
  if (code === "57014")
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
