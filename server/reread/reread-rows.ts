import { setTimeout as delay } from "node:timers/promises";
import type { Actor } from "#domain/access/permissions.ts";
import { redactMessage } from "#domain/credentials/redact.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { RowKey } from "#domain/reread/row-filter.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import { type ArrivedRow, awaitReread } from "./await-reread.ts";
import type { RereadSource } from "./find-reread-source.ts";
import { findNudge } from "./nudge-source.ts";
import { MOST_ROWS_AT_ONCE, requestReread } from "./request-reread.ts";

type Needs = Pick<Deps, "db" | "config" | "connect" | "cluster" | "registry" | "vault" | "readonlyPools">;

export interface RereadResult {
  arrived: ArrivedRow[];
  /** Rows that the source does not have, or that did not come in time. */
  missing: RowKey[];
  /** False: the time was over before the source said that it was done, or it could not read the table. */
  isComplete: boolean;
}

const ATTEMPTS = 3;
const RESTART_WITHIN_MS = 60_000;

/**
 * Reads rows again from their source and waits until they are in the table's topic; safe to repeat. Who asks has checked
 * that the actor may, and writes the audit entry of the whole.
 */
export async function rereadRows(
  deps: Needs,
  actor: Actor,
  source: RereadSource,
  keys: readonly RowKey[],
  options: {
    signal: AbortSignal;
    timeoutMs?: number;
    onProgress?: (arrived: number) => Promise<void>;
  },
): Promise<RereadResult> {
  const result: RereadResult = { arrived: [], missing: [], isComplete: true };
  for (let from = 0; from < keys.length; from += MOST_ROWS_AT_ONCE) {
    const part = await rereadPart(deps, actor, source, keys.slice(from, from + MOST_ROWS_AT_ONCE), {
      ...options,
      onProgress: async (arrived) => options.onProgress?.(result.arrived.length + arrived),
    });
    result.arrived.push(...part.arrived);
    result.missing.push(...part.missing);
    result.isComplete &&= part.isComplete;
  }
  return result;
}

async function rereadPart(
  deps: Needs,
  actor: Actor,
  source: RereadSource,
  keys: readonly RowKey[],
  { signal, ...options }: Parameters<typeof rereadRows>[4],
): Promise<RereadResult> {
  const arrived: ArrivedRow[] = [];
  let left = keys;
  const nudge = await findNudge(deps, source);
  for (let attempt = 1; ; attempt += 1) {
    await nudge?.();
    const request = await requestReread(deps, source, left);
    const part = await awaitReread(deps, request, {
      ...options,
      signal,
      isStopped: () => isStopped(deps, source),
      nudge,
    });
    arrived.push(...part.arrived);
    left = part.missing;
    // Debezium goes on after a scan that failed, and the next one may well succeed.
    if (part.how === "failed" && attempt < ATTEMPTS) continue;
    if (part.how !== "stopped")
      return { arrived, missing: part.missing, isComplete: part.how === "complete" };
    await recover(deps, actor, source, attempt, signal);
  }
}

async function isStopped({ connect }: Needs, { cluster, connector }: RereadSource): Promise<boolean> {
  const { tasks } = await throughRebalance(() => connect(cluster).status(connector));
  return tasks.some((task) => task.state === "FAILED");
}

/**
 * Debezium 3.6 for PostgreSQL stops with a null pointer when a heartbeat closes the window of a read-only snapshot and the
 * last thing it saw in the log was a message outside of any transaction. A restart helps, and nothing is lost by it.
 */
const KNOWN_STOP = "PostgresReadOnlyIncrementalSnapshotContext.isTransactionVisible";

async function recover(
  { db, connect }: Needs,
  actor: Actor,
  { cluster, connector }: RereadSource,
  attempt: number,
  signal: AbortSignal,
): Promise<void> {
  const { tasks } = await throughRebalance(() => connect(cluster).status(connector), signal);
  const trace = tasks.find((task) => task.state === "FAILED")?.trace ?? "";
  if (!trace.includes(KNOWN_STOP) || attempt >= ATTEMPTS)
    throw new AppError(
      "precondition_failed",
      `${connector} stopped while it read the rows again: ${redactMessage(rootOf(trace), [], [])}`,
      { upstream: "Kafka Connect" },
    );
  const act = { action: "connector.restart", subject: { cluster, connector }, detail: { scope: "failed" } };
  await audited(db, actor, act, () =>
    throughRebalance(() => connect(cluster).restart(connector, { onlyFailed: true }), signal),
  );
  const until = performance.now() + RESTART_WITHIN_MS;
  for (;;) {
    const status = await throughRebalance(() => connect(cluster).status(connector), signal);
    if (status.tasks.length > 0 && status.tasks.every((task) => task.state === "RUNNING")) return;
    if (performance.now() > until)
      throw new AppError("upstream_unavailable", `${connector} did not come back after a restart`, {
        retryable: true,
        upstream: "Kafka Connect",
      });
    await delay(500, undefined, { signal });
  }
}

function rootOf(trace: string): string {
  const causes = trace.split("\n").filter((line) => line.startsWith("Caused by: "));
  return (causes.at(-1) ?? trace.split("\n")[0] ?? "").replace("Caused by: ", "").slice(0, 300);
}
