import { holdsReference } from "#domain/connectors/config-reference.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import { redactMessage } from "#domain/credentials/redact.ts";
import { AppError } from "#domain/errors/app-error.ts";

/** Connect quotes the values references resolved to when it refuses a configuration: none of that leaves here. */
export async function withoutSecrets<T>(config: ConnectorConfig, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "upstream_rejected") throw error;
    const own = Object.entries(config).flatMap(([key, value]) =>
      holdsReference(value) ? [key] : [key, value],
    );
    throw new AppError(error.code, redactMessage(error.message, [], own), {
      retryable: error.retryable,
      ...(error.upstream ? { upstream: error.upstream } : {}),
      problems: error.problems,
    });
  }
}

/** Connect's refusals of names it does not know, as a plain undefined. */
export async function found<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}
