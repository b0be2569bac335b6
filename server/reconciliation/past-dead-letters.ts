import { positionText } from "#domain/dead-letters/replay-order.ts";
import type { Position } from "#domain/dead-letters/schema.ts";
import type { KafkaClient, Offsets } from "#server/kafka/kafka-client.ts";

export interface DeadLetterProof {
  kafka: Pick<KafkaClient, "beginOffsets" | "endOffsets" | "committedOffsets">;
  /** Which of these records the sink's dead-letter topic tells of. */
  findReported(records: readonly Position[]): Promise<readonly Position[]>;
}

/** A queue longer than this is lag, whatever else it is. */
const LONGEST_QUEUE = 1_000;
/** A sink that works commits within seconds; only one that stands still is looked at. */
const STILL_MS = 500;

/**
 * Where a sink stands, counting what it has set aside. Debezium's JDBC sink commits the records it wrote: behind a dead
 * letter at the end of a partition its group stands still until something else arrives, although nothing is on its way.
 */
export function pastDeadLetters({ kafka, findReported }: DeadLetterProof): DeadLetterProof["kafka"] {
  let last = "";
  let stillSince = 0;
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
      }
      if (now - stillSince < STILL_MS) return committed;
      stillSince = now - STILL_MS / 2;
      const waiting = waitingRecords(committed, (await kafka.endOffsets(topics)).offsets);
      return waiting.length === 0 ? committed : moved(committed, await findReported(waiting));
    },
  };
}

function waitingRecords(committed: Offsets, ends: Offsets): Position[] {
  const waiting: Position[] = [];
  for (const [topic, partitions] of ends)
    for (const [partition, end] of partitions) {
      const next = committed.get(topic)?.get(partition);
      if (next === undefined || end - next > LONGEST_QUEUE) continue;
      for (let offset = next; offset < end; offset += 1) waiting.push({ topic, partition, offset });
    }
  return waiting;
}

/** Past every record that was set aside, up to the first that was not. */
function moved(committed: Offsets, reported: readonly Position[]): Offsets {
  const aside = new Set(reported.map(positionText));
  return new Map(
    [...committed].map(([topic, partitions]) => [
      topic,
      new Map(
        [...partitions].map(([partition, next]) => {
          let offset = next;
          while (aside.has(positionText({ topic, partition, offset }))) offset += 1;
          return [partition, offset];
        }),
      ),
    ]),
  );
}
