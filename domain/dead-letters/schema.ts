import { z } from "zod";
import { ListInput } from "../filters/list-input.ts";

/** What became of a dead letter. PENDING is open; the other two are final until the record fails again. */
export const DeadLetterStatus = z.enum(["PENDING", "RESOLVED", "IGNORED"]);
export type DeadLetterStatus = z.infer<typeof DeadLetterStatus>;

/** Where in Kafka Connect a record failed. UNKNOWN: the sink writes no error headers. */
export const FailureStage = z.enum([
  "TASK_POLL",
  "TASK_PUT",
  "TRANSFORMATION",
  "KEY_CONVERTER",
  "VALUE_CONVERTER",
  "HEADER_CONVERTER",
  "KAFKA_PRODUCE",
  "KAFKA_CONSUME",
  "UNKNOWN",
]);
export type FailureStage = z.infer<typeof FailureStage>;

export const GroupStatus = z.enum(["open", "muted", "resolved", "regressed"]);
export type GroupStatus = z.infer<typeof GroupStatus>;

/** Whether sending a record again is right; decided per record when a replay is planned. */
export const Verdict = z.enum(["safe", "superseded", "chained", "unknown", "blocked"]);
export type Verdict = z.infer<typeof Verdict>;

/** A place in Kafka. Offsets fit a number: 2^53 records take one partition 285 years at a million a second. */
export const Position = z.object({
  topic: z.string().min(1),
  partition: z.number().int().nonnegative(),
  offset: z.number().int().nonnegative(),
});
export type Position = z.infer<typeof Position>;

export const DeadLetterId = z.object({ id: z.number().int().positive() });
export type DeadLetterId = z.infer<typeof DeadLetterId>;

export const GroupId = z.object({ id: z.number().int().positive() });
export type GroupId = z.infer<typeof GroupId>;

const Reason = z.string().trim().min(1, "Say why").max(2_000, "At most 2,000 characters");

/** Which dead letters: chosen one by one, or everything a filter finds. */
export const Selection = z.union([
  z.object({ ids: z.array(z.number().int().positive()).min(1).max(5_000) }),
  z.object({
    filter: z.string().max(2_000),
    groups: z.array(z.number().int().positive()).max(500).optional(),
    /** Only records that were there when somebody looked: the newest of the list they saw. */
    upTo: z.number().int().positive().optional(),
  }),
]);
export type Selection = z.infer<typeof Selection>;

export const SettleInput = z.object({ selection: Selection, reason: Reason });
export type SettleInput = z.infer<typeof SettleInput>;

export const MuteGroupInput = GroupId.extend({
  /** Wakes the group when its records have grown to this number. */
  untilCount: z.number().int().positive().optional(),
  /** Wakes the group at its next record after this moment. */
  untilAt: z.coerce.date().optional(),
  reason: z.string().trim().max(2_000, "At most 2,000 characters").optional(),
});
export type MuteGroupInput = z.infer<typeof MuteGroupInput>;

export const AssignGroupInput = GroupId.extend({
  owner: z.string().trim().max(200, "At most 200 characters").nullable(),
});
export type AssignGroupInput = z.infer<typeof AssignGroupInput>;

/** Records of one group, or of all. */
export const ListRecordsInput = ListInput.extend({ group: z.number().int().positive().optional() });
export type ListRecordsInput = z.infer<typeof ListRecordsInput>;
