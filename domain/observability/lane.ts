import type { DerivedTable } from "../catalog/derive-pipelines.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type KnownRecord, partitionLag } from "./partition-history.ts";
import type { SinkProgress } from "./sink-progress.ts";
import type { SnapshotProgress } from "./snapshot-progress.ts";
import { type TableState, tableState } from "./table-state.ts";

/** What was read of one partition of a table's topic. */
export interface PartitionReading {
  begin: number;
  end: number;
  newest?:
    | { committedAt?: number; capturedAt: number; op?: string; position?: string; isSnapshot: boolean }
    | undefined;
}

export interface SinkReading {
  /** By partition: the committed offset, and the records around it as far as they are known. */
  partitions: readonly {
    committed?: number | undefined;
    before?: KnownRecord | undefined;
    first?: KnownRecord | undefined;
  }[];
  perSecond: number | undefined;
}

export interface LaneReading {
  table: DerivedTable;
  /** Missing while the topic does not exist or its leader is silent. */
  partitions: readonly PartitionReading[] | undefined;
  /** By name of the sink; a sink whose group could not be read is missing. */
  sinks: ReadonlyMap<string, SinkReading>;
  checkpoint: Checkpoint | undefined;
  snapshot: SnapshotProgress | undefined;
  perSecond: number | undefined;
}

/** One lane of the gate view, as it is stored. Times are milliseconds. */
export interface Lane {
  name: string;
  topic: string;
  topicExists: boolean;
  state: TableState | null;
  captured: number | null;
  retained: number | null;
  committedAt: number | null;
  capturedAt: number | null;
  lastOp: string | null;
  position: string | null;
  perSecond: number | null;
  sinks: SinkProgress[];
  lagEvents: number | null;
  waitingSince: number | null;
}

export function laneOf({ table, partitions, sinks, checkpoint, snapshot, perSecond }: LaneReading): Lane {
  const newest = newestOf(partitions ?? []);
  const progress = table.sinks.map((sink): SinkProgress => {
    const reading = partitions && sinks.get(sink.name);
    return { ...sink, ...(reading ? sinkProgress(partitions, reading) : NOTHING_READ) };
  });
  const lags = progress.flatMap(({ lagEvents }) => lagEvents ?? []);
  const waits = progress.flatMap(({ waitingSince }) => waitingSince ?? []);
  const seen = newest ? (newest.isSnapshot ? "snapshot" : "log") : undefined;
  return {
    name: table.name,
    topic: table.topic,
    topicExists: partitions !== undefined,
    state: tableState({ table: table.name, newest: seen, checkpoint, snapshot }) ?? null,
    captured: partitions ? sum(partitions.map(({ end }) => end)) : null,
    retained: partitions ? sum(partitions.map(({ begin, end }) => end - begin)) : null,
    committedAt: newest?.committedAt ?? null,
    capturedAt: newest?.capturedAt ?? null,
    lastOp: newest?.op ?? null,
    position: newest?.position ?? null,
    perSecond: perSecond ?? null,
    sinks: progress,
    lagEvents: lags.length > 0 ? Math.max(...lags) : null,
    waitingSince: waits.length > 0 ? Math.min(...waits) : null,
  };
}

const NOTHING_READ = {
  delivered: null,
  deliveredAt: null,
  lagEvents: null,
  waitingSince: null,
  perSecond: null,
  lost: 0,
};

function sinkProgress(
  partitions: readonly PartitionReading[],
  { partitions: read, perSecond }: SinkReading,
): Omit<SinkProgress, "name" | "target" | "key"> {
  const each = partitions.map(({ begin, end, newest }, index) => {
    const { committed, before, first } = read[index] ?? {};
    const lag = partitionLag({ begin, end, committed });
    const isDone = lag.events === 0;
    return {
      ...lag,
      committed,
      deliveredAt: isDone ? newest?.committedAt : before?.at,
      waitingSince: isDone ? undefined : first?.at,
    };
  });
  const delivered = each.flatMap(({ deliveredAt }) => deliveredAt ?? []);
  const waiting = each.flatMap(({ waitingSince }) => waitingSince ?? []);
  const hasCommitted = each.some(({ committed }) => committed !== undefined);
  return {
    delivered: hasCommitted ? sum(each.map(({ committed }) => committed ?? 0)) : null,
    deliveredAt: hasCommitted && delivered.length > 0 ? Math.max(...delivered) : null,
    lagEvents: sum(each.map(({ events }) => events)),
    waitingSince: waiting.length > 0 ? Math.min(...waiting) : null,
    perSecond: perSecond ?? null,
    lost: sum(each.map(({ lost }) => lost)),
  };
}

/** Partitions are independent: the newest event is the one the source committed last. */
function newestOf(partitions: readonly PartitionReading[]) {
  return partitions
    .flatMap(({ newest }) => newest ?? [])
    .reduce<PartitionReading["newest"]>((best, event) => {
      if (!best) return event;
      return (event.committedAt ?? 0) > (best.committedAt ?? 0) ? event : best;
    }, undefined);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
