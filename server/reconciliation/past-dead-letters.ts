import { pastSetAside, shortQueues } from "#domain/dead-letters/past-set-aside.ts";
import type { Position } from "#domain/dead-letters/schema.ts";
import type { KafkaClient, Offsets } from "#server/kafka/kafka-client.ts";

export interface DeadLetterProof {
  kafka: Pick<KafkaClient, "beginOffsets" | "endOffsets" | "committedOffsets">;
  /** Which of these records the sink's dead-letter topic tells of. */
  findReported(records: readonly Position[]): Promise<readonly Position[]>;
}

/** A sink that works commits within seconds; only one that stands still is looked at. */
const STILL_MS = 500;
/** Reading the end of a dead-letter topic costs more than asking where a sink stands. */
const LOOK_EVERY_MS = 3_000;

/** Where a sink stands, counting what it has set aside; proven by its dead-letter topic. */
export function pastDeadLetters({ kafka, findReported }: DeadLetterProof): DeadLetterProof["kafka"] {
  let last = "";
  let stillSince = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let reported: readonly Position[] = [];
  return {
    beginOffsets: kafka.beginOffsets,
    endOffsets: kafka.endOffsets,
    async committedOffsets(group, topics) {
      const committed = await kafka.committedOffsets(group, topics);
      const now = performance.now();
      const seen = JSON.stringify([...committed].map(([topic, at]) => [topic, ...at]));
      if (seen !== last) {
        last = seen;
        stillSince = now;
        lookedAt = Number.NEGATIVE_INFINITY;
        reported = [];
      }
      if (now - stillSince < STILL_MS) return committed;
      if (now - lookedAt < LOOK_EVERY_MS) return moved(committed, reported);
      lookedAt = now;
      const queues = shortQueues(committed, (await kafka.endOffsets(topics)).offsets);
      const waiting = queues.flatMap(({ topic, partition, next, end }) =>
        Array.from({ length: end - next }, (_record, index) => ({ topic, partition, offset: next + index })),
      );
      reported = waiting.length === 0 ? [] : await findReported(waiting);
      return moved(committed, reported);
    },
  };
}

/** Past every record that was set aside, up to the first that was not. */
function moved(committed: Offsets, reported: readonly Position[]): Offsets {
  return new Map(
    [...committed].map(([topic, partitions]) => [
      topic,
      new Map(
        [...partitions].map(([partition, next]) => {
          const own = reported.filter((record) => record.topic === topic && record.partition === partition);
          return [partition, pastSetAside(next, new Set(own.map(({ offset }) => offset)))];
        }),
      ),
    ]),
  );
}
