import { z } from "zod";
import { FailureStage } from "./schema.ts";

const Text = z.string().trim().min(1).max(300);

/** Which failure groups a rule is about: everything given has to fit. Text fits where it is a part, whatever the case. */
export const RuleMatch = z
  .object({
    cluster: Text.optional(),
    connector: Text.optional(),
    table: Text.optional(),
    stage: FailureStage.optional(),
    cause: Text.optional(),
    exception: Text.optional(),
    message: Text.optional(),
  })
  .strict()
  .refine((match) => Object.values(match).some((value) => value !== undefined), {
    message: "Say at least one thing about the failures; a rule for everything is no rule",
  });
export type RuleMatch = z.infer<typeof RuleMatch>;

/** What a rule can tell records of one group apart by. */
export const SplitBy = z.enum(["topic", "trace", "op", "partition"]);
export type SplitBy = z.infer<typeof SplitBy>;

export const RuleAction = z.discriminatedUnion("do", [
  /** All that fits becomes one group under this name. */
  z.object({ do: z.literal("merge"), name: Text }),
  /** Each group that fits becomes one group per value. */
  z.object({ do: z.literal("split"), by: SplitBy }),
  z.object({
    do: z.literal("mute"),
    /** Wakes when the records have grown by this factor. */
    untilTimes: z.number().int().min(2).max(1_000).optional(),
    untilHours: z.number().int().min(1).max(2_160).optional(),
  }),
  z.object({ do: z.literal("assign"), owner: z.string().trim().min(1).max(200) }),
  z.object({ do: z.literal("suggest"), text: z.string().trim().min(1).max(1_000) }),
  /** Sends records again once the fault is over; only where the cause passes by itself. */
  z.object({
    do: z.literal("replay"),
    /** Records of one group within 24 hours. */
    atMost: z.number().int().min(1).max(100),
    /** Without a new failure of the group for so long, while the sink delivers, the fault counts as over. */
    quietMinutes: z.number().int().min(1).max(1_440).default(5),
  }),
]);
export type RuleAction = z.infer<typeof RuleAction>;

export const Rule = z.object({
  name: z.string().trim().min(1, "Name the rule").max(120),
  match: RuleMatch,
  action: RuleAction,
});
export type Rule = z.infer<typeof Rule>;
