import { ERROR_HEADER_PREFIX, lastFailure, readFailures } from "#domain/dead-letters/error-headers.ts";
import { positionText } from "#domain/dead-letters/replay-order.ts";
import type { Position } from "#domain/dead-letters/schema.ts";
import type { PartitionReader } from "#server/kafka/partition-reader.ts";

/** How far back in a dead-letter topic a record that was just set aside is looked for. */
const LOOK_BACK = 5_000;

/**
 * Which of these records a sink tells of at the end of a dead-letter topic: the proof that it met them and went on.
 * Several sinks may read one topic and share the dead-letter topic, so the others' letters prove nothing.
 */
export async function findReported(
  reader: PartitionReader,
  { sink, topic }: { sink: string; topic: string },
  records: readonly Position[],
): Promise<Position[]> {
  const reported = new Set<string>();
  for (const { partition, start, end } of await reader.offsets(topic)) {
    let next = Math.max(start, end - LOOK_BACK);
    while (next < end) {
      const [fetched] = await reader.fetch([{ topic, partition, offset: next }], { waitMs: 50 });
      if (!fetched || fetched.problem || fetched.next <= next) break;
      for (const record of fetched.records) {
        const errors = record
          .headers()
          .filter(([name]) => name.startsWith(ERROR_HEADER_PREFIX))
          .map(([name, value]) => [name, value?.toString() ?? null] as const);
        const { original, connector } = lastFailure(readFailures(errors));
        if (original && connector === sink) reported.add(positionText(original));
      }
      next = fetched.next;
    }
  }
  return records.filter((record) => reported.has(positionText(record)));
}
