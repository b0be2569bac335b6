import { z } from "zod";
import { Selection, Verdict } from "./schema.ts";

export const ProposeReplayInput = z.object({
  cluster: z.string().min(1),
  selection: Selection,
  /** Sent although the verdict speaks against it; makes the plan more dangerous. */
  alsoSend: z.array(Verdict.extract(["unknown", "blocked"])).default([]),
  /** Records sent and confirmed before all others. */
  canary: z.number().int().min(0).max(1_000).default(25),
  /** Records a second after the ramp; unset: as fast as it goes. */
  ratePerSecond: z.number().int().min(1).max(100_000).optional(),
  /** Where all of them go instead of back to their own topics. */
  targetTopic: z
    .string()
    .trim()
    .regex(/^[\w.-]{1,249}$/, "A topic's name has letters, digits, dots, dashes and underscores")
    .optional(),
});
export type ProposeReplayInput = z.infer<typeof ProposeReplayInput>;

export const ReplayId = z.object({ id: z.uuid() });
export type ReplayId = z.infer<typeof ReplayId>;

export const ChangeReplayInput = ReplayId.extend({
  paused: z.boolean().optional(),
  /** null: as fast as it goes. */
  ratePerSecond: z.number().int().min(1).max(100_000).nullable().optional(),
});
export type ChangeReplayInput = z.infer<typeof ChangeReplayInput>;

export const ReplayStep = z.object({
  replayId: z.uuid(),
  /** Positions below this are sent in this step. */
  upTo: z.number().int().positive(),
});
export type ReplayStep = z.infer<typeof ReplayStep>;

/** More than this share of failures among the last records stops a replay… */
export const STOP_SHARE = 0.05;
/** …once so many were confirmed. */
export const STOP_AFTER = 200;

/** A replay begins slowly: a wrong remedy shows within the first records. */
export function rampedRate(ratePerSecond: number, elapsedMs: number): number {
  const share = elapsedMs < 5_000 ? 0.05 : elapsedMs < 10_000 ? 0.25 : 1;
  return Math.max(1, Math.min(ratePerSecond, Math.max(10, ratePerSecond * share)));
}

export function mustStop(delivered: number, failed: number): boolean {
  return delivered + failed >= STOP_AFTER && failed / (delivered + failed) > STOP_SHARE;
}

/** A sink this much further behind than when the replay began is waited for… */
export const MOST_LAG_GROWTH = 100_000;
/** …and a replay whose sink has not caught up a single record for so long is stopped. */
export const LAG_PATIENCE_MS = 60_000;

export interface SinkLag {
  /** Records the sink had before it when the replay began. */
  atStart: number;
  now: number;
  /** For how long it has not shrunk while it was waited for. */
  stuckMs: number;
}

/** `wait`: sending more would only lengthen the queue and delay what is alive. */
export function lagRule({ atStart, now, stuckMs }: SinkLag): "go" | "wait" | "stop" {
  if (now - atStart <= MOST_LAG_GROWTH) return "go";
  return stuckMs >= LAG_PATIENCE_MS ? "stop" : "wait";
}

/** One dead letter whose value is written anew; the key stays. */
export const ProposeEditReplayInput = z.object({
  cluster: z.string().min(1),
  id: z.number().int().positive(),
  /** The whole decoded value as it is shown, with the changes in it. */
  value: z.json(),
  /** Why the data has to be changed by hand. */
  reason: z.string().trim().min(1, "Say why").max(2_000, "At most 2,000 characters"),
});
export type ProposeEditReplayInput = z.infer<typeof ProposeEditReplayInput>;
