import { asc, eq } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { runSteps, type runs } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { PlanStep, RunId, RunState, StepState } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { getStoredRun } from "./stored-run.ts";

export interface RunStepView {
  position: number;
  key: string;
  title: string;
  state: StepState;
  attempts: number;
  message: string | null;
  detail: Record<string, unknown> | null;
  done: number | null;
  total: number | null;
  note: string | null;
  startedAt: Date | null;
  endedAt: Date | null;
}

export interface RunView {
  id: string;
  planId: string;
  state: RunState;
  message: string | null;
  reason: string | null;
  startedBy: { id: string; name: string };
  abortedBy: { id: string; name: string } | null;
  queuedAt: Date;
  /** Until then the start can be taken back and nothing has happened. */
  notBefore: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  worker: string | null;
  steps: RunStepView[];
}

export async function getRun({ db }: Pick<Deps, "db">, actor: Actor, { id }: RunId): Promise<RunView> {
  requirePermission(actor, "console:view");
  const { run, plan } = await getStoredRun(db, id);
  return runView(db, run, plan.frozen.steps);
}

export async function runView(
  db: Db,
  run: typeof runs.$inferSelect,
  frozenSteps: readonly PlanStep[],
): Promise<RunView> {
  const stored = await db
    .select()
    .from(runSteps)
    .where(eq(runSteps.runId, run.id))
    .orderBy(asc(runSteps.position));
  return {
    id: run.id,
    planId: run.planId,
    state: run.state,
    message: run.message,
    reason: run.confirmation.reason ?? null,
    startedBy: { id: run.startedBy.id, name: run.startedBy.name },
    abortedBy: run.abortedBy && { id: run.abortedBy.id, name: run.abortedBy.name },
    queuedAt: run.queuedAt,
    notBefore: run.notBefore,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    worker: run.leaseWorker,
    steps: stored.map(({ runId: _, ...step }) => {
      const frozen = frozenSteps[step.position];
      return { ...step, key: frozen?.key ?? "", title: frozen?.title ?? `Step ${step.position + 1}` };
    }),
  };
}
