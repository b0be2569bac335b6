import type { DatabaseDraft } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";

/** Two people can register at once, so PostgreSQL decides and its answer is put into words. */
export function conflictOf(error: unknown, draft: DatabaseDraft): unknown {
  const constraint = constraintOf(error);
  if (constraint === "databases_name_key") {
    const message = `There is a database named ${draft.name} already`;
    return new AppError("conflict", message, { problems: [{ path: "name", message }] });
  }
  if (constraint === "databases_address_key") {
    const message = `${draft.databaseName} on ${draft.host}:${draft.port} is registered for ${draft.cluster} already, under another name`;
    return new AppError("conflict", message, { problems: [{ path: "host", message }] });
  }
  return error;
}

/** Drizzle wraps what the driver threw. */
function constraintOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("constraint" in error && typeof error.constraint === "string") return error.constraint;
  return constraintOf(error.cause);
}
