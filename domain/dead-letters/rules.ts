import { z } from "zod";
import { FailureStage } from "./schema.ts";

/** What a rule looks for, and what it calls a group. */
export const RuleText = z.string().trim().min(1).max(300, "At most 300 characters");
export const RuleOwner = z.string().trim().min(1).max(200, "At most 200 characters");
export const RuleSuggestion = z.string().trim().min(1).max(1_000, "At most 1,000 characters");

/** Which failure groups a rule is about: everything given has to fit. Text fits where it is a part, whatever the case. */
export const RuleMatch = z
  .object({
    cluster: RuleText.optional(),
    connector: RuleText.optional(),
    table: RuleText.optional(),
    stage: FailureStage.optional(),
    cause: RuleText.optional(),
    exception: RuleText.optional(),
    message: RuleText.optional(),
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
  z.object({ do: z.literal("merge"), name: RuleText }),
  /** Each group that fits becomes one group per value. */
  z.object({ do: z.literal("split"), by: SplitBy }),
  z.object({
    do: z.literal("mute"),
    /** Wakes when the records have grown by this factor. */
    untilTimes: z.number().int().min(2).max(1_000).optional(),
    untilHours: z.number().int().min(1).max(2_160).optional(),
  }),
  z.object({ do: z.literal("assign"), owner: RuleOwner }),
  z.object({ do: z.literal("suggest"), text: RuleSuggestion }),
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
  name: z.string().trim().min(1, "Name the rule").max(120, "At most 120 characters"),
  match: RuleMatch,
  action: RuleAction,
});
export type Rule = z.infer<typeof Rule>;

export const RuleId = z.object({ id: z.number().int().positive() });
export type RuleId = z.infer<typeof RuleId>;

export const CreateRuleInput = z.object({
  rule: Rule,
  enabled: z.boolean().default(true),
  /** From the preview of exactly this rule: nobody saves a rule whose effect was not shown. */
  previewed: z.string().min(1, "Look at what the rule would match first"),
});
export type CreateRuleInput = z.infer<typeof CreateRuleInput>;

export const UpdateRuleInput = RuleId.extend({
  /** The version that was edited: what somebody else saved meanwhile is not overwritten unseen. */
  version: z.number().int().positive(),
  rule: Rule,
  previewed: z.string().min(1, "Look at what the rule would match first"),
});
export type UpdateRuleInput = z.infer<typeof UpdateRuleInput>;

export const EnableRuleInput = RuleId.extend({ enabled: z.boolean() });
export type EnableRuleInput = z.infer<typeof EnableRuleInput>;

/** A split into more parts than this tells nothing apart any more: the rest goes into one. */
export const MOST_PARTS = 50;
export const OTHER_PARTS = "others";

/** Deals the values of a split to groups: the largest have one each. */
export function partsOf(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST_PARTS)
    .map(([value]) => value);
}

export interface GroupToSend {
  status: string;
  open: number;
  isTransient: boolean;
  lastSeen: Date | null;
  /** True where every task of the sink runs. */
  sinkRuns: boolean;
  /** What the sink has delivered of the table since the last failure; undefined: not known. */
  deliveredSince: number | undefined;
  /** Records this rule has sent of the group within 24 hours. */
  sentToday: number;
  /** How the last run of this rule for the group ended. */
  lastRun: "none" | "working" | "delivered" | "failed";
}

export type SendDecision = { send: number } | { wait: string } | { stop: string };

/** Whether a fault that passes by itself has passed, and how much may be sent again without a person. */
export function decideSending(
  group: GroupToSend,
  { atMost, quietMinutes }: { atMost: number; quietMinutes: number },
  now: Date,
): SendDecision {
  if (!group.isTransient)
    return { stop: "The cause does not pass by itself: a person has to repair something first" };
  if (group.lastRun === "failed")
    return { stop: "The last replay by this rule did not deliver everything; a person should look" };
  if (group.open === 0) return { wait: "Nothing is open" };
  if (group.status === "muted") return { wait: "The group is muted" };
  if (group.lastRun === "working") return { wait: "A replay by this rule is at work" };
  const quietFor = group.lastSeen === null ? 0 : now.getTime() - group.lastSeen.getTime();
  if (quietFor < quietMinutes * 60_000)
    return { wait: `The last failure is less than ${quietMinutes} minutes ago` };
  if (!group.sinkRuns) return { wait: "The sink does not run" };
  if (!group.deliveredSince)
    return { wait: "The sink has not delivered anything of this table since the last failure" };
  const left = atMost - group.sentToday;
  if (left <= 0) return { wait: `${atMost} records were sent within 24 hours, which is all this rule may` };
  return { send: Math.min(left, group.open) };
}
