import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditEntries, auditOpenActs } from "#db/schema/audit.ts";
import { plans, runLocks } from "#db/schema/plans.ts";
import type { PlanDraft } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { abortRun } from "./abort-run.ts";
import { executeRun, RUN_POINTS, type RunnerOptions } from "./execute-run.ts";
import { getRun } from "./get-run.ts";
import { planKindsOf } from "./plan-kinds.ts";
import { proposePlan } from "./propose-plan.ts";
import { resumeRun } from "./resume-run.ts";
import { startRun } from "./start-run.ts";
import { QUICK_TIMING } from "./testing/quick-timing.ts";
import {
  aStep,
  createScratchEngine,
  scratchDraft,
  scratchKind,
  scratchWrites,
} from "./testing/scratch-kind.ts";

let stack: Stack;
let deps: Deps;
const ada = an("engineer", "ada");

beforeAll(async () => {
  stack = await startStack();
  deps = { ...stack.deps, planKinds: planKindsOf([scratchKind]) };
  await createScratchEngine(deps);
});
afterAll(() => stack.stop());

function options(override: Partial<RunnerOptions> = {}): RunnerOptions {
  return {
    worker: "this test",
    stopping: new AbortController().signal,
    timing: QUICK_TIMING,
    ...override,
  };
}

async function started(draft: Partial<PlanDraft> = {}): Promise<{ planId: string; runId: string }> {
  const { id: planId } = await proposePlan(deps, ada, scratchDraft(draft));
  const { runId } = await startRun(deps, ada, { planId, confirmation: {} });
  return { planId, runId };
}

async function auditOf(planId: string) {
  const entries = await deps.db.select().from(auditEntries).orderBy(auditEntries.seq);
  return entries
    .filter((entry) => entry.subject.plan === planId)
    .map((entry) => `${entry.action} ${entry.outcome}`);
}

const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
const child = fileURLToPath(new URL("./testing/crash-child.ts", import.meta.url));

async function runInChild(runId: string, point: string, nth = 1): Promise<string | null> {
  const worker = spawn(node, [child, stack.databaseUrl, runId, point, String(nth)], { stdio: "inherit" });
  const [, signal] = (await once(worker, "exit")) as [number | null, string | null];
  return signal;
}

describe("a run", () => {
  test("does exactly the frozen steps in order, and the trail has its intent and its outcome", async () => {
    const { planId, runId } = await started();

    const end = await executeRun(deps, runId, options());

    expect(end).toBe("succeeded");
    expect(await scratchWrites(deps, runId)).toEqual(["a", "b", "c"]);
    const run = await getRun(deps, ada, { id: runId });
    expect(run.steps.map(({ state, attempts, message }) => [state, attempts, message])).toEqual([
      ["succeeded", 1, "Wrote a"],
      ["succeeded", 1, "Wrote b"],
      ["succeeded", 1, "Wrote c"],
    ]);
    expect(await auditOf(planId)).toEqual([
      "plan.propose succeeded",
      "plan.run pending",
      "plan.run succeeded",
    ]);
    const [plan] = await deps.db.select().from(plans).where(eq(plans.id, planId));
    expect(plan?.status).toBe("done");
    expect(await deps.db.select().from(runLocks).where(eq(runLocks.runId, runId))).toEqual([]);
    expect(await executeRun(deps, runId, options())).toBe("not_claimed");
  });

  test("stops at a step the engine refuses, and goes on from there when it is resumed", async () => {
    const { planId, runId } = await started({
      steps: [aStep("a"), aStep("r", { behaviour: "refuse" }), aStep("c")],
    });

    expect(await executeRun(deps, runId, options())).toBe("failed");

    const run = await getRun(deps, ada, { id: runId });
    expect(run.steps.map((step) => step.state)).toEqual(["succeeded", "failed", "waiting"]);
    expect(run.message).toBe("Write r: The engine refused r");
    await deps.pool.query("insert into scratch_switch values ('heal:r')");
    await resumeRun(deps, ada, { id: runId });
    expect(await executeRun(deps, runId, options())).toBe("succeeded");
    expect(await scratchWrites(deps, runId)).toEqual(["a", "r", "c"]);
    expect(await auditOf(planId)).toEqual([
      "plan.propose succeeded",
      "plan.run pending",
      "plan.run failed",
      "plan.resume pending",
      "plan.resume succeeded",
    ]);
  });

  test("does a step again while the engine is busy, and not for ever", async () => {
    const passing = await started({ steps: [aStep("busy2", { behaviour: "busy", times: 2 })] });
    const lasting = await started({ steps: [aStep("busy9", { behaviour: "busy", times: 9 })] });

    expect(await executeRun(deps, passing.runId, options())).toBe("succeeded");
    expect(await executeRun(deps, lasting.runId, options())).toBe("failed");

    expect((await getRun(deps, ada, { id: passing.runId })).steps[0]?.attempts).toBe(3);
    expect((await getRun(deps, ada, { id: lasting.runId })).message).toContain("The engine is rebalancing");
  });

  test("takes a step that was done but not answered for done", async () => {
    const { runId } = await started({ steps: [aStep("u", { behaviour: "take-unanswered" }), aStep("v")] });

    expect(await executeRun(deps, runId, options())).toBe("succeeded");

    expect(await scratchWrites(deps, runId)).toEqual(["u", "v"]);
  });

  test("asks for attention where nobody can say what happened, keeps its locks, and resumes by looking again", async () => {
    const { planId, runId } = await started({
      steps: [aStep("lost", { behaviour: "lose-track" }), aStep("z")],
    });

    expect(await executeRun(deps, runId, options())).toBe("needs_attention");

    const run = await getRun(deps, ada, { id: runId });
    expect(run.message).toBe("Write lost: Nobody can say whether lost was written");
    expect(run.steps.map((step) => step.state)).toEqual(["unsettled", "waiting"]);
    expect(await deps.db.select().from(runLocks).where(eq(runLocks.runId, runId))).toHaveLength(1);
    expect(await auditOf(planId)).toContain("plan.run unknown");
    await deps.pool.query("insert into scratch_switch values ('heal:lost')");
    await resumeRun(deps, ada, { id: runId });
    expect(await executeRun(deps, runId, options())).toBe("succeeded");
    expect(await scratchWrites(deps, runId)).toEqual(["lost", "z"]);
  });

  test("is refused when the stored plan was changed behind our back", async () => {
    const { planId, runId } = await started();
    const frozen = scratchDraft({ steps: [aStep("evil")] });
    await deps.db.update(plans).set({ frozen }).where(eq(plans.id, planId));

    expect(await executeRun(deps, runId, options())).toBe("failed");

    expect(await scratchWrites(deps, runId)).toEqual([]);
    expect((await getRun(deps, ada, { id: runId })).message).toContain("fingerprint");
  });
});

describe("aborting", () => {
  test("a running step is told, and what it did not do is marked as not done", async () => {
    const { planId, runId } = await started({
      steps: [aStep("a"), aStep("w", { behaviour: "wait" }), aStep("c")],
    });
    const working = executeRun(deps, runId, options());
    await expect.poll(async () => (await getRun(deps, ada, { id: runId })).steps[1]?.note).toBe("waiting");

    await abortRun(deps, ada, { id: runId });

    expect(await working).toBe("aborted");
    expect(await scratchWrites(deps, runId)).toEqual(["a"]);
    const run = await getRun(deps, ada, { id: runId });
    expect(run.steps.map((step) => step.state)).toEqual(["succeeded", "skipped", "skipped"]);
    expect(run.abortedBy?.name).toBe("ada");
    expect(await auditOf(planId)).toEqual([
      "plan.propose succeeded",
      "plan.run pending",
      "plan.abort succeeded",
      "plan.run failed",
    ]);
    await expect(resumeRun(deps, ada, { id: runId })).rejects.toMatchObject({ code: "conflict" });
  });

  test("before a worker took it, nothing happens at all", async () => {
    const { runId } = await started();

    await abortRun(deps, ada, { id: runId });

    expect(await executeRun(deps, runId, options())).toBe("not_claimed");
    expect(await scratchWrites(deps, runId)).toEqual([]);
    expect((await getRun(deps, ada, { id: runId })).state).toBe("aborted");
  });

  test("a run whose worker died ends in the hands of the next worker", async () => {
    const { runId } = await started();
    await runInChild(runId, "step-acted", 2);
    await abortRun(deps, ada, { id: runId });

    await expect.poll(() => executeRun(deps, runId, options()), { timeout: 10_000 }).toBe("aborted");

    expect(await scratchWrites(deps, runId)).toEqual(["a", "b"]);
    const run = await getRun(deps, ada, { id: runId });
    expect(run.steps.map((step) => step.state)).toEqual(["succeeded", "succeeded", "skipped"]);
  });
});

describe("a worker that stops in good order", () => {
  test("gives the run back at once, and the next one finishes it without doing anything twice", async () => {
    const stop = new AbortController();
    const { runId } = await started({ steps: [aStep("a"), aStep("w2", { behaviour: "wait" })] });
    const working = executeRun(deps, runId, options({ stopping: stop.signal }));
    await expect.poll(async () => (await getRun(deps, ada, { id: runId })).steps[1]?.note).toBe("waiting");

    stop.abort();

    expect(await working).toBe("given_back");
    const again = executeRun(deps, runId, options());
    await expect.poll(async () => (await getRun(deps, ada, { id: runId })).steps[1]?.attempts).toBe(2);
    await abortRun(deps, ada, { id: runId });
    expect(await again).toBe("aborted");
    expect(await scratchWrites(deps, runId)).toEqual(["a"]);
  });
});

describe("a worker killed", () => {
  const places = RUN_POINTS.flatMap((point) =>
    point.startsWith("step-") || point === "before-step"
      ? [1, 2, 3].map((nth) => ({ point, nth }))
      : [{ point, nth: 1 }],
  );

  test.each(places)(
    "at $point ($nth) leaves a run that the next worker ends, with nothing done twice",
    async ({ point, nth }) => {
      const { planId, runId } = await started();

      expect(await runInChild(runId, point, nth)).toBe("SIGKILL");

      await expect
        .poll(
          async () => {
            await executeRun(deps, runId, options());
            return (await getRun(deps, ada, { id: runId })).state;
          },
          { timeout: 10_000 },
        )
        .toBe("succeeded");
      expect(await scratchWrites(deps, runId)).toEqual(["a", "b", "c"]);
      expect(await auditOf(planId)).toEqual([
        "plan.propose succeeded",
        "plan.run pending",
        "plan.run succeeded",
      ]);
      expect(await deps.db.select().from(auditOpenActs)).toEqual([]);
    },
  );
});

describe("two workers", () => {
  test("racing for one run: one does it, the other does nothing", async () => {
    const { runId } = await started();

    const ends = await Promise.all(
      [1, 2, 3, 4].map((n) => executeRun(deps, runId, options({ worker: `w${n}` }))),
    );

    expect(ends.toSorted()).toEqual(["not_claimed", "not_claimed", "not_claimed", "succeeded"]);
    expect(await scratchWrites(deps, runId)).toEqual(["a", "b", "c"]);
  });

  test("one that slept through its lease cannot write any more", async () => {
    const { runId } = await started();
    let wake: (() => void) | undefined;
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const sleeper = executeRun(
      deps,
      runId,
      options({ onPoint: (point) => (point === "step-acted" ? asleep : undefined) }),
    );
    await expect.poll(() => scratchWrites(deps, runId)).toEqual(["a"]);
    await deps.pool.query("update runs set lease_until = now() - interval '1 second' where id = $1", [runId]);

    const other = await executeRun(deps, runId, options({ worker: "other" }));
    wake?.();

    expect(other).toBe("succeeded");
    expect(await sleeper).toBe("given_back");
    expect(await scratchWrites(deps, runId)).toEqual(["a", "b", "c"]);
    expect((await getRun(deps, ada, { id: runId })).state).toBe("succeeded");
  });
});
