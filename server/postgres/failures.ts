import pg from "pg";
import { redactMessage } from "#domain/credentials/redact.ts";
import {
  type ConnectionFailure,
  connectionProblem,
  explainConnectionFailure,
} from "#domain/databases/connection-test.ts";
import type { DatabaseAddress } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";

/** A database that could not be reached or refused a statement. Its message is redacted; the driver's error is not kept. */
export class PostgresFailure extends AppError {
  readonly failure: ConnectionFailure;
  readonly phase: "connect" | "query";

  constructor(phase: "connect" | "query", failure: ConnectionFailure, message: string) {
    const refused = phase === "query" ? failure.code !== undefined : isRefusal(failure);
    super(refused ? "upstream_rejected" : "upstream_unavailable", message, {
      retryable: !refused,
      upstream: "PostgreSQL",
    });
    this.failure = failure;
    this.phase = phase;
  }
}

/** `secrets` are what Vault gave for this connection: PostgreSQL quotes the user name back. */
export function connectFailure(
  error: unknown,
  address: DatabaseAddress,
  secrets: readonly string[],
): PostgresFailure {
  const failure = failureOf(error, secrets, [address.databaseName]);
  const { sentence, fix } = explainConnectionFailure(failure, address, new Date());
  return new PostgresFailure("connect", failure, `${sentence}. ${fix}`);
}

export function queryFailure(error: unknown, address: DatabaseAddress, secrets: readonly string[]): AppError {
  if (error instanceof AppError) return error;
  const where = `${address.databaseName} on ${address.host}:${address.port}`;
  const isAnswer = error instanceof pg.DatabaseError;
  if (!isAnswer && !isConnectionLoss(error)) throw error;
  const failure = failureOf(error, secrets, []);
  if (!isAnswer)
    return new PostgresFailure(
      "query",
      { ...failure, code: undefined },
      `The connection to ${where} was lost`,
    );
  if (failure.code === "57014") {
    return new PostgresFailure(
      "query",
      failure,
      `${where} took longer than the time allowed for the question`,
    );
  }
  return new PostgresFailure("query", failure, `${where} refused: ${failure.message}`);
}

/** The password or the role is wrong: a rotated credential looks like this. */
export function isLoginRefusal(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === "28P01" || error.code === "28000";
}

function failureOf(error: unknown, secrets: readonly string[], keep: readonly string[]): ConnectionFailure {
  const message = error instanceof Error ? redactMessage(error.message, secrets, keep) : "no reason given";
  const code =
    error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  // Several addresses were tried and each failed: the first tells why.
  if (error instanceof AggregateError && error.errors[0] instanceof Error)
    return failureOf(error.errors[0], secrets, keep);
  return { code, message };
}

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return "code" in error || /connection|timeout|terminated/i.test(error.message);
}

function isRefusal(failure: ConnectionFailure): boolean {
  return ![
    "host_unknown",
    "refused",
    "unreachable",
    "timeout",
    "not_postgresql",
    "too_many_connections",
    "starting_up",
  ].includes(connectionProblem(failure));
}
