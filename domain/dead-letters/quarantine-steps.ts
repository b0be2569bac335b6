import { z } from "zod";
import { Position } from "./schema.ts";

const Sink = z.object({ cluster: z.string().min(1), name: z.string().min(1) });

/** What a quarantine run does, step by step. */
export const QuarantineStep = z.discriminatedUnion("do", [
  Sink.extend({ do: z.literal("set-aside"), records: z.array(Position).min(1), reason: z.string() }),
  Sink.extend({
    do: z.literal("pass"),
    records: z.array(Position).min(1),
    reason: z.string(),
    /** How many rows in all may be set aside when more of the same kind turn up one after the other. */
    atMost: z.number().int().positive(),
    cause: z.string(),
    table: z.string(),
  }),
  Sink.extend({ do: z.literal("clean-list") }),
]);
export type QuarantineStep = z.infer<typeof QuarantineStep>;
export type QuarantineStepOf<D extends QuarantineStep["do"]> = Extract<QuarantineStep, { do: D }>;

export const ProposeQuarantineInput = Sink.extend({
  /** The record to set aside, as the analysis named it: what a person saw is what is done. */
  record: Position,
  /** Rows with the same cause in the same table that may follow it. */
  atMost: z.number().int().min(1).max(1_000).default(1),
  reason: z.string().trim().max(500).optional(),
});
export type ProposeQuarantineInput = z.infer<typeof ProposeQuarantineInput>;
