import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";

const Failure = z.object({ message: z.string() }).catch({ message: "Kafka Connect gave no reason" });

/**
 * 409 is a rebalance, a missing leader or stale configuration, which all pass, or a name already taken, which does not.
 * Messages can quote configuration back: callers redact known secrets before a message is kept (references never resolve here).
 */
export function connectFailure(cluster: string, status: number, body: unknown): AppError {
  const { message } = Failure.parse(body);
  const upstream = "Kafka Connect";
  if (status === 404) return new AppError("not_found", message, { upstream });
  // Reading one configuration while a rebalance is due is answered with 500, everything else with 409.
  if (status === 409 || /\ba rebalance is expected\b/.test(message)) {
    const taken = /already exists/.test(message);
    const text = taken
      ? message
      : `Kafka Connect of ${cluster} is rebalancing; this passes within seconds. ${message}`;
    return new AppError("conflict", text, { retryable: !taken, upstream });
  }
  if (status === 500 && /timed out/i.test(message)) {
    return new AppError("upstream_unavailable", `Kafka Connect of ${cluster}: ${message}`, {
      retryable: true,
      upstream,
    });
  }
  if (status === 500) return new AppError("upstream_rejected", message, { upstream });
  if (status > 500) {
    return new AppError("upstream_unavailable", `Kafka Connect of ${cluster} is not ready: ${message}`, {
      retryable: true,
      upstream,
    });
  }
  return new AppError("upstream_rejected", message, { upstream });
}
