import type { Deps } from "#server/deps.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";
import type { StoredRow } from "./list-records.ts";
import { type RawRecord, readRaw } from "./raw-record.ts";

export interface RawRecords {
  read(row: StoredRow): Promise<RawRecord | undefined>;
  close(): Promise<void>;
}

/** Raw records of many dead letters, over one connection per cluster. */
export function openRawRecords(deps: Pick<Deps, "pool" | "cluster">): RawRecords {
  const readers = new Map<string, PartitionReader>();
  return {
    read(row) {
      const reader =
        readers.get(row.cluster) ??
        createPartitionReader({ cluster: row.cluster, ...deps.cluster(row.cluster).kafka });
      readers.set(row.cluster, reader);
      return readRaw(deps, row, reader);
    },
    async close() {
      await Promise.all([...readers.values()].map((reader) => reader.close()));
    },
  };
}
