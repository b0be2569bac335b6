import { z } from "zod";
import { RepairMethod } from "./schema.ts";

/** The step of a plan that begins checking big tables. */
export const FirstCheckStep = z.object({
  tableIds: z.array(z.number().int().positive()).min(1),
  estimates: z.record(
    z.string(),
    z.object({
      rows: z.number(),
      isExact: z.boolean(),
      bytes: z.number(),
      seconds: z.number(),
      method: z.string(),
      because: z.string(),
    }),
  ),
});
export type FirstCheckStep = z.infer<typeof FirstCheckStep>;

/** The steps of a repair, over one frozen selection. */
export const RepairStep = z.object({
  do: z.enum(["repair", "check"]),
  repairId: z.uuid(),
  method: RepairMethod,
  tableId: z.number().int().positive(),
});
export type RepairStep = z.infer<typeof RepairStep>;
