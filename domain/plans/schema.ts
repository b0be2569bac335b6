import { z } from "zod";

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
  key: z.string(),
  title: z.string(),
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
  kind: z.string(),
  title: z.string(),
  /** What it is about, e.g. `{ cluster, connector }`: searched and shown. */
  subject: z.record(z.string(), z.string()),
  level: DangerLevel,
  consequences: z.array(Consequence),
  /** Exact counts by name, e.g. `{ connectors: 1, topics: 7 }`. */
  counts: z.record(z.string(), z.number().int().nonnegative()),
  /** The thing to type at level 3. */
  confirmName: z.string().optional(),
  steps: z.array(PlanStep).min(1),
  /** For the review screen: before and after, already redacted. */
  diff: z.object({ before: z.json(), after: z.json() }).optional(),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

export const PlanId = z.object({ id: z.uuid() });
export type PlanId = z.infer<typeof PlanId>;
