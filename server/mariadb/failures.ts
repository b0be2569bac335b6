import { redactMessage } from "#domain/credentials/redact.ts";
import type { ConnectionFailure } from "#domain/databases/connection-test.ts";
import { explainMariadbFailure, mariadbProblem } from "#domain/databases/mariadb-connection.ts";
import type { DatabaseAddress } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";

/** A server that could not be reached or refused a statement. Its message is redacted; the driver's error is not kept. */
export class MariadbFailure extends AppError {
  readonly failure: ConnectionFailure;

  constructor(failure: ConnectionFailure, message: string, isRefusal: boolean) {
    super(isRefusal ? "upstream_rejected" : "upstream_unavailable", message, {
      retryable: !isRefusal,
      upstream: "MariaDB",
    });
    this.failure = failure;
  }
}

/** `secrets` are what Vault gave for this connection: MariaDB quotes the user name back. */
export function connectFailure(
  error: unknown,
  address: DatabaseAddress,
  secrets: readonly string[],
): MariadbFailure {
  const failure = failureOf(error, secrets, [address.databaseName]);
  const { sentence, fix } = explainMariadbFailure(failure, address, new Date());
  return new MariadbFailure(failure, `${sentence}. ${fix}`, isRefusal(failure));
}

export function queryFailure(error: unknown, address: DatabaseAddress, secrets: readonly string[]): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error) || !("code" in error)) throw error;
  const where = `${address.databaseName} on ${address.host}:${address.port}`;
  const failure = failureOf(error, secrets, []);
  if (!("errno" in error) || !failure.code?.startsWith("ER_") || isLoss(failure.code)) {
    return new MariadbFailure(failure, `The connection to ${where} was lost`, false);
  }
  if (failure.code === "ER_STATEMENT_TIMEOUT") {
    return new MariadbFailure(failure, `${where} took longer than the time allowed for the question`, true);
  }
  return new MariadbFailure(failure, `${where} refused: ${failure.message}`, true);
}

/** MariaDB's own, which the driver has no names for: it knows MySQL's. */
const MARIADB_CODES: ReadonlyMap<unknown, string> = new Map([
  [1927, "ER_CONNECTION_KILLED"],
  [1969, "ER_STATEMENT_TIMEOUT"],
]);

/** The name of the server's or the system's error; nothing where there is none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && typeof error.code === "string") return error.code;
  return "errno" in error ? MARIADB_CODES.get(error.errno) : undefined;
}

/** The server ended the session, rather than refusing a statement. */
function isLoss(code: string): boolean {
  return ["ER_SERVER_SHUTDOWN", "ER_CONNECTION_KILLED", "ER_NORMAL_SHUTDOWN"].includes(code);
}

function failureOf(error: unknown, secrets: readonly string[], keep: readonly string[]): ConnectionFailure {
  if (error instanceof AggregateError && error.errors[0] instanceof Error)
    return failureOf(error.errors[0], secrets, keep);
  const message = error instanceof Error ? redactMessage(error.message, secrets, keep) : "no reason given";
  return { code: codeOf(error), message };
}

function isRefusal(failure: ConnectionFailure): boolean {
  return ![
    "host_unknown",
    "refused",
    "unreachable",
    "timeout",
    "not_mariadb",
    "too_many_connections",
    "starting_up",
  ].includes(mariadbProblem(failure));
}
