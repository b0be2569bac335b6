import { AppError } from "#domain/errors/app-error.ts";

/** Codes of Node and PostgreSQL that say "not reachable now", as opposed to "your statement is wrong". */
const OUTAGE_CODES =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EHOSTUNREACH|57P0[1235]|53300|08\d{3})$/;
const OUTAGE_TEXTS = /timeout exceeded when trying to connect|Connection terminated|connection is closed/i;

/** Verbs translate their own upstreams; what arrives here unwrapped from the driver is Headgate's own database. */
export function stateDatabaseOutage(error: unknown): AppError | undefined {
  if (error instanceof AppError) return undefined;
  const found = causesOf(error).some(
    ({ code, message }) => OUTAGE_CODES.test(code ?? "") || OUTAGE_TEXTS.test(message),
  );
  if (!found) return undefined;
  return new AppError("upstream_unavailable", "Headgate's own database does not answer", {
    retryable: true,
    upstream: "state database",
    cause: error,
  });
}

function causesOf(error: unknown): { code: string | undefined; message: string }[] {
  const found: { code: string | undefined; message: string }[] = [];
  let current = error;
  while (current instanceof Error && found.length < 5) {
    const code = "code" in current && typeof current.code === "string" ? current.code : undefined;
    found.push({ code, message: current.message });
    if (current instanceof AggregateError) found.push(...current.errors.flatMap(causesOf));
    current = current.cause;
  }
  return found;
}
