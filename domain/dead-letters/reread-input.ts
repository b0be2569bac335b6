import { z } from "zod";
import { Selection } from "./schema.ts";

/** More rows than this are better read by a snapshot of the table. */
export const MOST_REREAD = 1_000;

export const ProposeRereadInput = z.object({ cluster: z.string().min(1), selection: Selection });
export type ProposeRereadInput = z.infer<typeof ProposeRereadInput>;

/** One table and one sink: the dead letters whose rows are read again. */
export const RereadStep = z.object({
  cluster: z.string().min(1),
  topic: z.string().min(1),
  sink: z.string(),
  ids: z.array(z.number().int().positive()).min(1).max(MOST_REREAD),
});
export type RereadStep = z.infer<typeof RereadStep>;
