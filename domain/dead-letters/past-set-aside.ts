/** By topic and partition. */
type Offsets = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Records of one partition between a sink's commit and the end. */
export interface Queue {
  topic: string;
  partition: number;
  /** Where the sink goes on by its commit. */
  next: number;
  end: number;
}

/** A queue longer than this is lag, whatever else it is. */
const LONGEST_QUEUE = 1_000;

/** Where a few records wait. */
export function shortQueues(committed: Offsets, ends: Offsets): Queue[] {
  return [...committed].flatMap(([topic, partitions]) =>
    [...partitions].flatMap(([partition, next]) => {
      const end = ends.get(topic)?.get(partition) ?? next;
      return end > next && end - next <= LONGEST_QUEUE ? [{ topic, partition, next, end }] : [];
    }),
  );
}

/**
 * Where a sink stands, counting what it has set aside: past every dead letter, up to the first record that is none.
 * Debezium's JDBC sink commits the records it wrote, so behind a dead letter at the end of a partition its group stands
 * still until something else arrives, although nothing is on its way.
 */
export function pastSetAside(next: number, setAside: ReadonlySet<number>): number {
  let offset = next;
  while (setAside.has(offset)) offset += 1;
  return offset;
}
