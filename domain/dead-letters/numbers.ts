import { z } from "zod";
import { GroupId } from "./schema.ts";

export const ListRatesInput = z.object({
  /** How far back. */
  hours: z.number().int().min(1).max(720).default(24),
});
export type ListRatesInput = z.infer<typeof ListRatesInput>;

/** An hour by minutes, a day by quarter hours, a week by two hours, a month by eight. */
export const TIMELINE = {
  hour: { seconds: 60, buckets: 60 },
  day: { seconds: 900, buckets: 96 },
  week: { seconds: 7_200, buckets: 84 },
  month: { seconds: 28_800, buckets: 93 },
} as const;

export const GroupTimelineInput = GroupId.extend({
  range: z.enum(["hour", "day", "week", "month"]).default("day"),
});
export type GroupTimelineInput = z.infer<typeof GroupTimelineInput>;
