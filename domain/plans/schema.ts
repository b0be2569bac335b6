import { z } from "zod";
import { ListInput } from "../filters/list-input.ts";

/**
 * How much damage a plan can do, which decides how much friction it meets:
 * 1 confirm · 2 reason and typed count · 3 also a second person and the typed name.
 */
export const DangerLevel = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export type DangerLevel = z.infer<typeof DangerLevel>;

export const PlanStatus = z.enum([
  "proposed",
  "approved",
  "running",
  "done",
  "failed",
  "aborted",
  "discarded",
  "expired",
]);
export type PlanStatus = z.infer<typeof PlanStatus>;

export const RunState = z.enum([
  "queued",
  "running",
  "aborting",
  "succeeded",
  "failed",
  "aborted",
  "needs_attention",
]);
export type RunState = z.infer<typeof RunState>;

export const StepState = z.enum(["waiting", "running", "succeeded", "failed", "skipped", "unsettled"]);
export type StepState = z.infer<typeof StepState>;

/** One thing a run will do. `key` is unique within the plan; `input` holds all the step needs, and no secret. */
export const PlanStep = z.object({
  key: z.string().min(1),
  title: z.string().min(1),
  input: z.json(),
});
export type PlanStep = z.infer<typeof PlanStep>;

/** A sentence a person reads before deciding, with how bad it can be. */
export const Consequence = z.object({
  severity: z.enum(["info", "warning", "danger"]),
  text: z.string(),
});
export type Consequence = z.infer<typeof Consequence>;

/** What a proposing verb hands over to be frozen. */
export const PlanDraft = z.object({
  kind: z.string().min(1),
  title: z.string().min(1),
  /** What it is about, e.g. `{ cluster, connector }`: searched and shown. */
  subject: z.record(z.string(), z.string()),
  level: DangerLevel,
  consequences: z.array(Consequence),
  /** Exact counts by name, e.g. `{ connectors: 1, topics: 7 }`. */
  counts: z.record(z.string(), z.number().int().nonnegative()),
  /** The count to type at levels 2 and 3, by its name in `counts`; unset: the largest one. */
  confirmCount: z.string().optional(),
  /** The thing to type at level 3. */
  confirmName: z.string().optional(),
  /** What no two runs may change at once, e.g. `["connector:lab/orders"]`; unset: the whole subject. */
  locks: z.array(z.string().min(1)).optional(),
  steps: z.array(PlanStep).min(1),
  /** For the review screen: before and after, already redacted. */
  diff: z.object({ before: z.json(), after: z.json() }).optional(),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

export const PlanId = z.object({ id: z.uuid() });
export type PlanId = z.infer<typeof PlanId>;

/** What a person typed to start a run; which of it is needed depends on the plan's level. */
export const Confirmation = z.object({
  reason: z.string().trim().max(2_000).optional(),
  typedCount: z.number().int().nonnegative().optional(),
  typedName: z.string().optional(),
});
export type Confirmation = z.infer<typeof Confirmation>;

export const ApprovePlanInput = PlanId.extend({
  /** Why it is right to do this, for the trail. */
  reason: z.string().trim().min(1, "Say why this is right to do").max(2_000),
});
export type ApprovePlanInput = z.infer<typeof ApprovePlanInput>;

export const DiscardPlanInput = PlanId.extend({ reason: z.string().trim().max(2_000).optional() });
export type DiscardPlanInput = z.infer<typeof DiscardPlanInput>;

export const StartRunInput = z.object({ planId: z.uuid(), confirmation: Confirmation });
export type StartRunInput = z.infer<typeof StartRunInput>;

export const RunId = z.object({ id: z.uuid() });
export type RunId = z.infer<typeof RunId>;

export const ItemState = z.enum(["succeeded", "failed", "skipped"]);
export type ItemState = z.infer<typeof ItemState>;

/** The result of one thing among many in a step, e.g. one record of a replay; no secret, no row data. */
export const RunItem = z.object({
  /** Place in the frozen selection, unique within the run: writing the same position again replaces it. */
  position: z.number().int().nonnegative(),
  key: z.string(),
  state: ItemState,
  message: z.string(),
  detail: z.record(z.string(), z.json()).optional(),
});
export type RunItem = z.infer<typeof RunItem>;

export const ListRunItemsInput = ListInput.extend({ runId: z.uuid() });
export type ListRunItemsInput = z.infer<typeof ListRunItemsInput>;
