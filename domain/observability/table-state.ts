import { z } from "zod";
import type { Checkpoint } from "./checkpoint.ts";
import type { SnapshotProgress } from "./snapshot-progress.ts";

export const TableState = z.enum(["SNAPSHOT_START", "SNAPSHOT_COMPLETE", "STREAMING"]);
export type TableState = z.infer<typeof TableState>;

export interface TableEvidence {
  table: string;
  /** Of the newest event in the topic: read by a snapshot, or from the log. */
  newest: "snapshot" | "log" | undefined;
  checkpoint: Checkpoint | undefined;
  snapshot: SnapshotProgress | undefined;
}

/** How far a table got, or nothing while its source has stored no position yet. */
export function tableState({ table, newest, checkpoint, snapshot }: TableEvidence): TableState | undefined {
  // An incremental snapshot runs beside the stream and takes nothing back.
  if (newest === "log") return "STREAMING";
  if (checkpoint?.phase === "streaming") return newest === "snapshot" ? "SNAPSHOT_COMPLETE" : "STREAMING";
  const scanned = snapshot?.kind === "initial" && snapshot.scanned.some((scan) => scan.table === table);
  if (scanned) return "SNAPSHOT_COMPLETE";
  if (newest === "snapshot" || checkpoint) return "SNAPSHOT_START";
  return undefined;
}
