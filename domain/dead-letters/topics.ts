import { z } from "zod";

export const AddTopicInput = z.object({
  cluster: z.string().min(1),
  topic: z
    .string()
    .trim()
    .min(1, "Name the topic")
    .max(249, "At most 249 characters")
    .regex(/^[A-Za-z0-9._-]+$/, "Letters, digits, dot, dash and underscore"),
});
export type AddTopicInput = z.infer<typeof AddTopicInput>;

const TopicId = z.object({ id: z.number().int().positive() });

export const ExcludeTopicInput = TopicId.extend({
  reason: z.string().trim().min(1, "Say why it is not read any more").max(500, "At most 500 characters"),
});
export type ExcludeTopicInput = z.infer<typeof ExcludeTopicInput>;

export const CopyPolicyInput = TopicId.extend({
  /** Days beyond the topic's retention; 0: no copies. */
  copyDays: z.number().int().min(0).max(3_650),
});
export type CopyPolicyInput = z.infer<typeof CopyPolicyInput>;

/** `waiting`: found, and no worker has looked at it yet. */
export type TopicState = "waiting" | "indexed" | "behind" | "unreadable" | "gone" | "excluded";

export interface TopicFacts {
  excluded: boolean;
  gone: boolean;
  problem: string | null;
  partitions: number;
  lag: number;
}

export function topicState({ excluded, gone, problem, partitions, lag }: TopicFacts): TopicState {
  if (excluded) return "excluded";
  if (gone) return "gone";
  if (problem !== null) return "unreadable";
  if (partitions === 0) return "waiting";
  return lag > 0 ? "behind" : "indexed";
}

/** Topics that Kafka and Connect keep for themselves hold no dead letters. */
export function isInternalTopic(topic: string): boolean {
  return topic.startsWith("__") || /^connect[-_](configs|offsets|status)$/.test(topic);
}
