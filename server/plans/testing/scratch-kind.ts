import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import type { PlanDraft, PlanStep } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import type { PlanKind, StepContext } from "../plan-kind.ts";

/**
 * A plan kind with an engine that can be looked at: a table without any uniqueness, written outside the run's
 * transactions, so that a step done twice leaves two rows.
 */
const Input = z.object({
  value: z.string(),
  /** What the engine does: takes the write; refuses; takes it and then gives no answer; is busy so many times; waits for the abort. */
  behaviour: z
    .enum(["take", "refuse", "take-unanswered", "busy", "wait", "lose-track", "items"])
    .default("take"),
  times: z.number().default(0),
});

export async function createScratchEngine({ pool }: Pick<Deps, "pool">): Promise<void> {
  await pool.query(
    "create table scratch_writes (id serial primary key, run_id uuid not null, value text not null)",
  );
  await pool.query("create table scratch_attempts (run_id uuid not null, value text not null)");
  await pool.query("create table scratch_switch (name text primary key)");
}

export async function scratchWrites({ pool }: Pick<Deps, "pool">, runId: string): Promise<string[]> {
  const { rows } = await pool.query<{ value: string }>(
    "select value from scratch_writes where run_id = $1 order by id",
    [runId],
  );
  return rows.map((row) => row.value);
}

export const scratchKind: PlanKind = {
  kind: "scratch.write",
  permission: "connectors:configure",
  approvePermission: "connectors:configure",
  async runStep(context, step) {
    const { value, behaviour, times } = Input.parse(step.input);
    const { pool } = context.deps;
    await pool.query("insert into scratch_attempts values ($1, $2)", [context.runId, value]);
    if (behaviour === "refuse" && !(await isOn(context, `heal:${value}`)))
      throw new AppError("upstream_rejected", `The engine refused ${value}`);
    if (behaviour === "busy" && (await attempts(context, value)) <= times)
      throw new AppError("conflict", "The engine is rebalancing", { retryable: true });
    if (behaviour === "wait") await waitForAbort(context);
    if (behaviour === "items") await writeItems(context, times);
    await pool.query("insert into scratch_writes (run_id, value) values ($1, $2)", [context.runId, value]);
    if (behaviour === "take-unanswered" || behaviour === "lose-track")
      throw new AppError("upstream_unavailable", "The engine gave no answer", { retryable: true });
    return { state: "succeeded", message: `Wrote ${value}`, detail: { value } };
  },
  async settleStep(context, step) {
    const { value, behaviour } = Input.parse(step.input);
    if (behaviour === "lose-track" && !(await isOn(context, `heal:${value}`)))
      return { state: "unknown", message: `Nobody can say whether ${value} was written` };
    const { rowCount } = await context.deps.pool.query(
      "select from scratch_writes where run_id = $1 and value = $2",
      [context.runId, value],
    );
    if (rowCount === 0) return { state: "not_done" };
    return { state: "succeeded", message: `${value} is there` };
  },
};

async function isOn({ deps }: StepContext, name: string): Promise<boolean> {
  const { rowCount } = await deps.pool.query("select from scratch_switch where name = $1", [name]);
  return rowCount === 1;
}

async function attempts({ deps, runId }: StepContext, value: string): Promise<number> {
  const { rows } = await deps.pool.query<{ count: string }>(
    "select count(*) from scratch_attempts where run_id = $1 and value = $2",
    [runId, value],
  );
  return Number(rows[0]?.count);
}

async function waitForAbort({ signal, progress }: StepContext): Promise<void> {
  for (let round = 0; !signal.aborted; round += 1) {
    await progress(round, undefined, "waiting");
    await delay(20);
  }
  throw signal.reason;
}

async function writeItems({ recordItems, progress }: StepContext, total: number): Promise<void> {
  const batch = 5_000;
  for (let from = 0; from < total; from += batch) {
    const count = Math.min(batch, total - from);
    await recordItems(
      Array.from({ length: count }, (_, index) => ({
        position: from + index,
        key: `record-${from + index}`,
        state: (from + index) % 100 === 7 ? ("failed" as const) : ("succeeded" as const),
        message: (from + index) % 100 === 7 ? "=refused" : "sent",
      })),
    );
    await progress(from + count, total);
  }
}

/** `scratchDraft({ steps: [aStep("a")] })` */
export function scratchDraft(override: Partial<PlanDraft> = {}): PlanDraft {
  return {
    kind: scratchKind.kind,
    title: "Write a, b and c",
    subject: { cluster: "scratch", thing: Math.random().toString(36).slice(2) },
    level: 1,
    consequences: [{ severity: "info", text: "Three rows appear" }],
    counts: { rows: 3 },
    steps: [aStep("a"), aStep("b"), aStep("c")],
    ...override,
  };
}

export function aStep(value: string, input: Record<string, string | number> = {}): PlanStep {
  return { key: value, title: `Write ${value}`, input: { value, ...input } };
}
