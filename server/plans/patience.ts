import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "#domain/errors/app-error.ts";

/** How long something that does not answer is asked again before a person is needed. */
export interface Patience {
  firstMs: number;
  maxMs: number;
  giveUpAfterMs: number;
}

/** Repeats `act` while `isPassing(error)`, with growing pauses; the last error is thrown when patience ends. */
export async function withPatience<T>(
  { firstMs, maxMs, giveUpAfterMs }: Patience,
  signal: AbortSignal,
  isPassing: (error: unknown) => boolean,
  act: () => Promise<T>,
): Promise<T> {
  const until = performance.now() + giveUpAfterMs;
  for (let pause = firstMs; ; pause = Math.min(pause * 2, maxMs)) {
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error) || performance.now() + pause > until) throw error;
    }
    await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

export function isRetryable(error: unknown): boolean {
  return error instanceof AppError && error.retryable;
}

const PASSING_SQLSTATE = /^(08|53|57P0|40001|40P01)/;
const PASSING_SOCKET = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** The state database is away or restarting: asking again may help, unlike with a broken statement. */
export function isDatabaseAway(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = "code" in current ? String(current.code) : "";
    if (PASSING_SQLSTATE.test(code) || PASSING_SOCKET.has(code)) return true;
    if (
      /Connection terminated|connection timeout|timeout exceeded when trying to connect/i.test(
        current.message,
      )
    )
      return true;
    if (current instanceof AggregateError && current.errors.some(isDatabaseAway)) return true;
  }
  return false;
}
