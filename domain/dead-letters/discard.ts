import { z } from "zod";
import type { Consequence } from "../plans/schema.ts";
import { Selection } from "./schema.ts";

export const ProposeDiscardInput = z.object({
  selection: Selection,
  reason: z
    .string()
    .trim()
    .min(1, "Say why these records are not needed")
    .max(1_000, "At most 1,000 characters"),
});
export type ProposeDiscardInput = z.infer<typeof ProposeDiscardInput>;

export const DiscardStep = z.object({ discardId: z.uuid(), reason: z.string() });
export type DiscardStep = z.infer<typeof DiscardStep>;

/** What becomes of the raw bytes of records that are discarded, per dead-letter topic. */
export interface DiscardedTopic {
  topic: string;
  records: number;
  /** When Kafka removes the first and the last of them; null: the topic keeps them for good, or it is not known. */
  firstExpiry: Date | null;
  lastExpiry: Date | null;
  /** Already removed by retention or truncation. */
  gone: number;
  copies: number;
}

const day = (date: Date) => date.toISOString().slice(0, 16).replace("T", " ");

/** Says what a discard does, and above all what it does not do. */
export function discardConsequences(
  records: number,
  keys: number,
  topics: readonly DiscardedTopic[],
): Consequence[] {
  const copies = topics.reduce((sum, topic) => sum + topic.copies, 0);
  return [
    {
      severity: "danger",
      text: `${records} records of ${keys} ${keys === 1 ? "row" : "rows"} become IGNORED: their rows stay at the target as they are, and nobody is reminded of them.`,
    },
    {
      severity: "info",
      text: "Read the rows again from the source instead if the target should be right without these events.",
    },
    ...topics.slice(0, 5).map((topic) => ({ severity: "info" as const, text: retentionNote(topic) })),
    ...(topics.length > 5
      ? [
          {
            severity: "info" as const,
            text: `${topics.length - 5} more topics keep their records as long as each is set.`,
          },
        ]
      : []),
    ...(copies > 0
      ? [
          {
            severity: "warning" as const,
            text: `${copies} copies of raw bytes in Headgate are removed at once.`,
          },
        ]
      : []),
  ];
}

function retentionNote({ topic, records, gone, firstExpiry, lastExpiry }: DiscardedTopic): string {
  const kept = records - gone;
  const parts: string[] = [];
  if (kept > 0)
    parts.push(
      firstExpiry && lastExpiry
        ? `The bytes of ${kept} stay in ${topic} until Kafka removes them between ${day(firstExpiry)} and ${day(lastExpiry)} UTC; until then the records can be opened again and replayed.`
        : `The bytes of ${kept} stay in ${topic}, which has no time limit that Headgate knows: discarding removes nothing from Kafka.`,
    );
  if (gone > 0) parts.push(`Kafka has removed the bytes of ${gone} from ${topic} already.`);
  return parts.join(" ");
}
