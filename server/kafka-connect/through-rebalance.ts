import pRetry from "p-retry";
import { AppError } from "#domain/errors/app-error.ts";

/** Repeats a call while Connect rebalances, which passes within seconds. Only for calls that may be made twice. */
export function throughRebalance<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return pRetry(call, {
    retries: 5,
    minTimeout: 300,
    maxTimeout: 3_000,
    randomize: true,
    ...(signal ? { signal } : {}),
    shouldRetry: ({ error }) => error instanceof AppError && error.code === "conflict" && error.retryable,
  });
}
