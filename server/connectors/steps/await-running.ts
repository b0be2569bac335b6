import { setTimeout as delay } from "node:timers/promises";
import { connectorHealth, type Health } from "#domain/connectors/health.ts";
import type { StepOf } from "#domain/connectors/steps.ts";
import { parseTrace, rootCauseLine } from "#domain/connectors/trace.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { found } from "#server/connectors/ask-connect.ts";
import { count } from "#server/connectors/plan-words.ts";
import type { ConnectorStatus } from "#server/kafka-connect/replies.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"await-running">;

const LOOK_EVERY_MS = 500;
const GIVE_UP_AFTER_MS = 180_000;
/** Status comes from a topic and lags: right after a change it still tells the state before it. */
const STEADY_MS = 2_500;

/** Waits until every task runs, and goes on running; a task that fails ends the wait with its root cause. */
export async function awaitRunning(context: StepContext, { cluster, name }: Step): Promise<StepOutcome> {
  const { deps, signal } = context;
  const until = performance.now() + GIVE_UP_AFTER_MS;
  let steady: { health: Health; since: number } | undefined;
  let last: ConnectorStatus | undefined;
  for (;;) {
    signal.throwIfAborted();
    last = await found(look(deps.connect(cluster).status(name)));
    const health = healthOf(last);
    if (steady?.health !== health) steady = { health, since: performance.now() };
    const isSteady = performance.now() - steady.since >= STEADY_MS;
    if (isSteady && health === "healthy") return { state: "succeeded", message: `${name} is running` };
    if (isSteady && (health === "failed" || health === "degraded") && last) return failedOutcome(name, last);
    if (isSteady && (health === "paused" || health === "stopped")) {
      return { state: "skipped", message: `${name} is ${health}: it starts when somebody resumes it` };
    }
    if (performance.now() > until) break;
    await context.progress(0, undefined, `${name} is ${health}`);
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  const minutes = GIVE_UP_AFTER_MS / 60_000;
  return {
    state: "failed",
    message: `${name} was not running after ${minutes} minutes; it is ${healthOf(last)}`,
  };
}

/** A worker that restarts is waited for like a task that starts. */
async function look(call: Promise<ConnectorStatus>): Promise<ConnectorStatus | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AppError && error.retryable) return undefined;
    throw error;
  }
}

function healthOf(status: ConnectorStatus | undefined): Health {
  return connectorHealth(
    status?.connector.state,
    (status?.tasks ?? []).map((task) => task.state),
  );
}

function failedOutcome(name: string, status: ConnectorStatus): StepOutcome {
  const trace = status.connector.trace ?? status.tasks.find((task) => task.trace)?.trace ?? "";
  const dead = status.tasks.filter((task) => task.state === "FAILED").length;
  const what = dead > 0 ? `${dead} of ${count(status.tasks.length, "task")} failed` : "the connector failed";
  return {
    state: "failed",
    message: trace ? `${what}: ${rootCauseLine(trace)}` : `${name}: ${what}`,
    detail: { chain: trace ? parseTrace(trace).chain : [] },
  };
}

export async function settleRunning({ deps }: StepContext, { cluster, name }: Step): Promise<Settlement> {
  const status = await found(deps.connect(cluster).status(name));
  return healthOf(status) === "healthy"
    ? { state: "succeeded", message: `${name} is running` }
    : { state: "not_done" };
}
