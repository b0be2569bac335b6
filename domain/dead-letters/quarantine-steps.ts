import { z } from "zod";
import { Position } from "./schema.ts";

const Sink = z.object({ cluster: z.string().min(1), name: z.string().min(1) });
const SetAside = Sink.extend({
  records: z.array(Position).min(1),
  /** What a person said about it. */
  reason: z.string(),
  /** The error that stopped the sink, without row data: what the dead letters are grouped by. */
  error: z.string().default(""),
});

/** What a quarantine run does, step by step. */
export const QuarantineStep = z.discriminatedUnion("do", [
  SetAside.extend({ do: z.literal("set-aside") }),
  SetAside.extend({
    do: z.literal("pass"),
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
  reason: z.string().trim().max(500, "At most 500 characters").optional(),
});
export type ProposeQuarantineInput = z.infer<typeof ProposeQuarantineInput>;
