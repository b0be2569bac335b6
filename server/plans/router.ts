import { ListInput } from "#domain/filters/list-input.ts";
import {
  ApprovePlanInput,
  DiscardPlanInput,
  ListRunItemsInput,
  PlanId,
  RunId,
  StartRunInput,
} from "#domain/plans/schema.ts";
import { router, signedInProcedure } from "../api/trpc.ts";
import { getWorkerStatus } from "../jobs/worker-presence.ts";
import { abortRun } from "./abort-run.ts";
import { approvePlan } from "./approve-plan.ts";
import { discardPlan } from "./discard-plan.ts";
import { getPlan } from "./get-plan.ts";
import { getRun } from "./get-run.ts";
import { listPlans } from "./list-plans.ts";
import { listRunItems } from "./list-run-items.ts";
import { resumeRun } from "./resume-run.ts";
import { startRun } from "./start-run.ts";
import { summarisePlans } from "./summarise-plans.ts";

export const plansRouter = router({
  list: signedInProcedure.input(ListInput).query(({ ctx, input }) => listPlans(ctx.deps, ctx.actor, input)),
  summary: signedInProcedure.query(({ ctx }) => summarisePlans(ctx.deps, ctx.actor)),
  get: signedInProcedure.input(PlanId).query(({ ctx, input }) => getPlan(ctx.deps, ctx.actor, input)),
  run: signedInProcedure.input(RunId).query(({ ctx, input }) => getRun(ctx.deps, ctx.actor, input)),
  items: signedInProcedure
    .input(ListRunItemsInput)
    .query(({ ctx, input }) => listRunItems(ctx.deps, ctx.actor, input)),
  worker: signedInProcedure.query(({ ctx }) => getWorkerStatus(ctx.deps, ctx.actor)),
  approve: signedInProcedure
    .input(ApprovePlanInput)
    .mutation(({ ctx, input }) => approvePlan(ctx.deps, ctx.actor, input)),
  discard: signedInProcedure
    .input(DiscardPlanInput)
    .mutation(({ ctx, input }) => discardPlan(ctx.deps, ctx.actor, input)),
  start: signedInProcedure
    .input(StartRunInput)
    .mutation(({ ctx, input }) => startRun(ctx.deps, ctx.actor, input)),
  abort: signedInProcedure.input(RunId).mutation(({ ctx, input }) => abortRun(ctx.deps, ctx.actor, input)),
  resume: signedInProcedure.input(RunId).mutation(({ ctx, input }) => resumeRun(ctx.deps, ctx.actor, input)),
});
