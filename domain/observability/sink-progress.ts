import { z } from "zod";

/** How far one sink got with one table. Times are milliseconds. */
export const SinkProgress = z.object({
  name: z.string(),
  /** Where the rows go; missing when only the running task can tell. */
  target: z.string().optional(),
  key: z.string().optional(),
  /** Events the sink's group has committed, counted like `captured`; missing before its first commit. */
  delivered: z.number().nullable(),
  /** When the source committed the newest event the sink is done with. */
  deliveredAt: z.number().nullable(),
  lagEvents: z.number().nullable(),
  /** When the source committed the oldest event that waits; missing when nothing waits. */
  waitingSince: z.number().nullable(),
  perSecond: z.number().nullable(),
  /** Events that retention removed before the sink read them. */
  lost: z.number(),
});
export type SinkProgress = z.infer<typeof SinkProgress>;

export const DeadLetterCount = z.object({
  topic: z.string(),
  sinks: z.array(z.string()),
  /** Records in the topic; missing while Kafka has not said. */
  count: z.number().nullable(),
});
export type DeadLetterCount = z.infer<typeof DeadLetterCount>;
