import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditEntries } from "#db/schema/audit.ts";
import { plans, runs } from "#db/schema/plans.ts";
import { ListInput } from "#domain/filters/list-input.ts";
import type { PlanDraft } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { abortRun } from "./abort-run.ts";
import { approvePlan } from "./approve-plan.ts";
import { discardPlan } from "./discard-plan.ts";
import { executeRun } from "./execute-run.ts";
import { expirePlans } from "./expire-plans.ts";
import { getPlan } from "./get-plan.ts";
import { listPlans } from "./list-plans.ts";
import { exportRunItems, listRunItems } from "./list-run-items.ts";
import { planKindsOf } from "./plan-kinds.ts";
import { proposePlan } from "./propose-plan.ts";
import { recoverRuns } from "./recover-runs.ts";
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
const bea = an("engineer", "bea");
const oli = an("operator", "oli");
const vic = an("viewer", "vic");

beforeAll(async () => {
  stack = await startStack();
  deps = { ...stack.deps, planKinds: planKindsOf([scratchKind]) };
  await createScratchEngine(deps);
});
afterAll(() => stack.stop());

async function proposed(draft: Partial<PlanDraft> = {}): Promise<string> {
  return (await proposePlan(deps, ada, scratchDraft(draft))).id;
}

const dangerous: Partial<PlanDraft> = { level: 3, confirmName: "orders" };
const fullConfirmation = { reason: "asked by the owner", typedCount: 3, typedName: "orders" };

async function auditOf(planId: string) {
  const entries = await deps.db
    .select()
    .from(auditEntries)
    .where(sql`${auditEntries.subject} ->> 'plan' = ${planId}`)
    .orderBy(auditEntries.seq);
  return entries.map((entry) => `${entry.actorName} ${entry.action} ${entry.outcome}`);
}

const jobsOf = async (runId: string) =>
  (await deps.pool.query("select 1 from pgboss.job where data ->> 'runId' = $1", [runId])).rowCount;

const execute = (runId: string) =>
  executeRun(deps, runId, {
    worker: "test",
    stopping: new AbortController().signal,
    timing: QUICK_TIMING,
  });

describe("proposing", () => {
  test("needs the permission of the kind", async () => {
    await expect(proposePlan(deps, oli, scratchDraft())).rejects.toMatchObject({ code: "forbidden" });
    await expect(proposePlan(deps, vic, scratchDraft())).rejects.toMatchObject({ code: "forbidden" });
  });

  test("an impossible draft is refused with every reason", async () => {
    const draft = scratchDraft({ level: 3, counts: {}, steps: [aStep("a"), aStep("a")] });

    await expect(proposePlan(deps, ada, draft)).rejects.toMatchObject({
      code: "invalid",
      problems: [{ path: "steps" }, { path: "counts" }, { path: "confirmName" }],
    });
  });

  test("a kind nobody knows is refused", async () => {
    await expect(proposePlan(deps, ada, scratchDraft({ kind: "nothing" }))).rejects.toMatchObject({
      code: "precondition_failed",
    });
  });

  test("what was frozen is shown as it was given, with its fingerprint", async () => {
    const id = await proposed({ counts: { zebras: 1, apples: 2 } });

    const plan = await getPlan(deps, vic, { id });

    expect(Object.keys(plan.draft.counts)).toEqual(["zebras", "apples"]);
    expect(plan.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(plan).toMatchObject({ state: "proposed", untouched: true, run: null });
    expect(plan.may.run).toEqual({ allowed: false, reason: "Needs one of these roles: engineer, admin" });
  });
});

describe("starting", () => {
  test("a double click starts one run, and the other person is told who was first", async () => {
    const planId = await proposed();

    const [one, two] = await Promise.all([
      startRun(deps, ada, { planId, confirmation: {} }),
      startRun(deps, ada, { planId, confirmation: {} }),
    ]);

    expect(one).toEqual(two);
    expect(await deps.db.$count(runs, eq(runs.planId, planId))).toBe(1);
    expect(await jobsOf(one.runId)).toBe(1);
    expect(await auditOf(planId)).toEqual(["ada plan.propose succeeded", "ada plan.run pending"]);
    await expect(startRun(deps, bea, { planId, confirmation: {} })).rejects.toMatchObject({
      code: "conflict",
      message: "ada already started this plan",
    });
  });

  test("without the permission is refused, and the trail has it", async () => {
    const planId = await proposed();

    await expect(startRun(deps, oli, { planId, confirmation: {} })).rejects.toMatchObject({
      code: "forbidden",
    });

    expect(await auditOf(planId)).toEqual(["ada plan.propose succeeded", "oli plan.run refused"]);
  });

  test("at level 2 needs a reason and the typed count, all missing ones told at once", async () => {
    const planId = await proposed({ level: 2 });

    await expect(startRun(deps, ada, { planId, confirmation: { typedCount: 2 } })).rejects.toMatchObject({
      code: "invalid",
      problems: [{ path: "reason" }, { path: "typedCount" }],
    });

    const confirmation = { reason: "because", typedCount: 3 };
    await expect(startRun(deps, ada, { planId, confirmation })).resolves.toHaveProperty("runId");
  });

  test("a second run on the same thing is refused while the first one works, and goes when it ended", async () => {
    const locks = [`connector:lab/${Math.random()}`];
    const first = await startRun(deps, ada, { planId: await proposed({ locks }), confirmation: {} });
    const second = await proposed({ locks: ["other", ...locks] });

    await expect(startRun(deps, bea, { planId: second, confirmation: {} })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("“Write a, b and c”"),
    });

    expect((await getPlan(deps, ada, { id: second })).state).toBe("proposed");
    expect(await execute(first.runId)).toBe("succeeded");
    await expect(startRun(deps, bea, { planId: second, confirmation: {} })).resolves.toHaveProperty("runId");
  });

  test("two plans on the same thing at the same moment: one starts", async () => {
    const locks = [`connector:lab/${Math.random()}`, "b", "a"].map((lock) => `${lock}-race`);
    const ids = await Promise.all([1, 2, 3, 4].map(() => proposed({ locks })));

    const results = await Promise.allSettled(
      ids.map((planId) => startRun(deps, ada, { planId, confirmation: {} })),
    );

    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    for (const result of results)
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "conflict" });
  });

  test("an expired plan is refused, and the job marks it", async () => {
    const planId = await proposed();
    const tomorrow = { ...deps, now: () => new Date(Date.now() + 25 * 3_600_000) };

    await expect(startRun(tomorrow, ada, { planId, confirmation: {} })).rejects.toMatchObject({
      code: "precondition_failed",
      message: expect.stringContaining("expired"),
    });
    expect((await getPlan(tomorrow, ada, { id: planId })).state).toBe("expired");
    await expirePlans(tomorrow);

    expect(await auditOf(planId)).toEqual([
      "ada plan.propose succeeded",
      "ada plan.run refused",
      "Plans plan.expire succeeded",
    ]);
  });

  test("a plan that was changed behind our back is refused", async () => {
    const planId = await proposed();
    await deps.db
      .update(plans)
      .set({ frozen: scratchDraft({ steps: [aStep("evil")] }) })
      .where(eq(plans.id, planId));

    await expect(startRun(deps, ada, { planId, confirmation: {} })).rejects.toMatchObject({
      code: "precondition_failed",
      message: expect.stringContaining("fingerprint"),
    });

    expect((await getPlan(deps, ada, { id: planId })).untouched).toBe(false);
    expect(await auditOf(planId)).toContain("ada plan.run refused");
  });

  test("a discarded plan is refused", async () => {
    const planId = await proposed();
    await expect(discardPlan(deps, oli, { id: planId })).rejects.toMatchObject({ code: "forbidden" });
    await discardPlan(deps, ada, { id: planId, reason: "mistaken" });

    await expect(startRun(deps, ada, { planId, confirmation: {} })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await auditOf(planId)).toEqual([
      "ada plan.propose succeeded",
      "oli plan.discard refused",
      "ada plan.discard succeeded",
    ]);
  });

  test("an unknown plan is not found", async () => {
    const planId = crypto.randomUUID();
    await expect(startRun(deps, ada, { planId, confirmation: {} })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(getPlan(deps, ada, { id: planId })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a plan of level 3", () => {
  test("needs a second person, who is never the author, and whose right is checked", async () => {
    const planId = await proposed(dangerous);

    await expect(startRun(deps, ada, { planId, confirmation: fullConfirmation })).rejects.toMatchObject({
      code: "precondition_failed",
      message: expect.stringContaining("second person"),
    });
    await expect(approvePlan(deps, ada, { id: planId, reason: "mine" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(approvePlan(deps, oli, { id: planId, reason: "sure" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await approvePlan(deps, bea, { id: planId, reason: "agreed with the owner" });
    await approvePlan(deps, bea, { id: planId, reason: "again" });

    expect((await getPlan(deps, ada, { id: planId })).approvals).toMatchObject([{ by: "bea" }]);
    await startRun(deps, ada, { planId, confirmation: fullConfirmation });
    expect(await auditOf(planId)).toEqual([
      "ada plan.propose succeeded",
      "ada plan.run refused",
      "ada plan.approve refused",
      "oli plan.approve refused",
      "bea plan.approve succeeded",
      "ada plan.run pending",
    ]);
  });

  test("can be taken back within its window, and nothing has happened", async () => {
    const planId = await proposed(dangerous);
    await approvePlan(deps, bea, { id: planId, reason: "agreed" });
    const { runId } = await startRun(deps, ada, { planId, confirmation: fullConfirmation });
    await recoverRuns(deps);

    expect(await execute(runId)).toBe("not_claimed");
    expect(await jobsOf(runId)).toBe(0);
    await abortRun(deps, ada, { id: runId });

    expect(await scratchWrites(deps, runId)).toEqual([]);
    expect((await getPlan(deps, ada, { id: planId })).state).toBe("aborted");
    expect(await auditOf(planId)).toContain("ada plan.run failed");
  });

  test("is queued by the recovery loop when its window is over", async () => {
    const planId = await proposed(dangerous);
    await approvePlan(deps, bea, { id: planId, reason: "agreed" });
    const { runId } = await startRun(deps, ada, { planId, confirmation: fullConfirmation });
    await deps.db
      .update(runs)
      .set({ notBefore: sql`now()`, queuedAt: sql`now() - interval '30 seconds'` })
      .where(eq(runs.id, runId));

    await recoverRuns(deps);
    await recoverRuns(deps);

    expect(await jobsOf(runId)).toBe(1);
    expect(await execute(runId)).toBe("succeeded");
  });
});

test("aborting and resuming need the permission of the kind", async () => {
  const { runId } = await startRun(deps, ada, { planId: await proposed(), confirmation: {} });

  await expect(abortRun(deps, oli, { id: runId })).rejects.toMatchObject({ code: "forbidden" });
  await expect(resumeRun(deps, vic, { id: runId })).rejects.toMatchObject({ code: "forbidden" });
  expect(await execute(runId)).toBe("succeeded");
  await expect(abortRun(deps, ada, { id: runId })).rejects.toMatchObject({ code: "conflict" });
  await expect(resumeRun(deps, ada, { id: runId })).rejects.toMatchObject({ code: "conflict" });
});

test("a run that needs attention can be given up, and lets go of what it held", async () => {
  const locks = [`lost-${Math.random()}`];
  const planId = await proposed({ locks, steps: [aStep("lost2", { behaviour: "lose-track" })] });
  const { runId } = await startRun(deps, ada, { planId, confirmation: {} });
  expect(await execute(runId)).toBe("needs_attention");
  const next = await proposed({ locks });
  await expect(startRun(deps, ada, { planId: next, confirmation: {} })).rejects.toMatchObject({
    code: "conflict",
  });

  await abortRun(deps, ada, { id: runId });

  await expect(startRun(deps, ada, { planId: next, confirmation: {} })).resolves.toHaveProperty("runId");
  expect(await auditOf(planId)).toEqual([
    "ada plan.propose succeeded",
    "ada plan.run pending",
    "ada plan.run unknown",
    "ada plan.abort succeeded",
  ]);
});

test("a hundred thousand results are stored, paged, filtered and exported", async () => {
  const planId = await proposed({ steps: [aStep("bulk", { behaviour: "items", times: 100_000 })] });
  const { runId } = await startRun(deps, ada, { planId, confirmation: {} });

  expect(await execute(runId)).toBe("succeeded");

  const page = ListInput.parse({ page: 500, pageSize: 100 });
  const last = await listRunItems(deps, vic, { runId, ...page, page: 1000 });
  expect(last.total).toBe(100_000);
  expect(last.rows.at(-1)).toMatchObject({ position: 99_999, key: "record-99999", state: "succeeded" });
  const failed = await listRunItems(deps, vic, { runId, ...page, page: 1, filter: "state:failed" });
  expect(failed.total).toBe(1_000);
  let csv = "";
  for await (const part of await exportRunItems(deps, vic, { runId, filter: "state:failed" })) csv += part;
  expect(csv.trim().split("\n")).toHaveLength(1_001);
  expect(csv).toContain("7,1,record-7,failed,'=refused,");
  const unknown = { runId: crypto.randomUUID(), filter: "" };
  await expect(exportRunItems(deps, vic, unknown)).rejects.toMatchObject({ code: "not_found" });
  expect((await getPlan(deps, vic, { id: planId })).run?.steps[0]).toMatchObject({
    done: 100_000,
    total: 100_000,
  });
});

describe("the list", () => {
  const list = (filter: string, input: Partial<ListInput> = {}) =>
    listPlans(deps, vic, ListInput.parse({ filter, ...input }));

  test("finds plans by state, subject, author and words, with totals", async () => {
    const marker = `marker${Math.random().toString(36).slice(2)}`;
    const ids = [
      await proposed({ title: `First ${marker}`, subject: { cluster: "lab", connector: `${marker}-a` } }),
      await proposed({ title: `Second ${marker}`, level: 2 }),
      (await proposePlan(deps, bea, scratchDraft({ title: `Third ${marker}`, ...dangerous }))).id,
    ];
    const { runId } = await startRun(deps, ada, { planId: ids[0] ?? "", confirmation: {} });
    await execute(runId);

    const titles = async (filter: string, input?: Partial<ListInput>) =>
      (await list(`${filter} ${marker}`, input)).rows.map((row) => row.title.split(" ")[0]);

    expect(await titles("")).toEqual(["Third", "Second", "First"]);
    expect(await titles("", { sort: "title" })).toEqual(["First", "Second", "Third"]);
    expect(await titles("state:succeeded")).toEqual(["First"]);
    expect(await titles("state:succeeded state:proposed by:ada")).toEqual(["Second", "First"]);
    expect(await titles("-state:succeeded")).toEqual(["Third", "Second"]);
    expect(await titles("by:BEA")).toEqual(["Third"]);
    expect(await titles(`about:${marker}-a`)).toEqual(["First"]);
    expect(await titles("level:>=2")).toEqual(["Third", "Second"]);
    expect(await titles("level:>1.5")).toEqual(["Third", "Second"]);
    expect(await titles("age:<1h")).toHaveLength(3);
    expect(await titles("age:>1h")).toEqual([]);
    const page = await list(marker, { pageSize: 1, page: 2 });
    expect([page.total, page.rows[0]?.title]).toEqual([3, `Second ${marker}`]);
    const [first] = (await list(`state:succeeded ${marker}`)).rows;
    expect(first?.run).toMatchObject({ stepsDone: 3, stepsTotal: 3, startedBy: "ada" });
    expect((await list(`${marker} third`)).rows[0]).toMatchObject({ awaitsApproval: true });
  });
});
