import type { DataColumn } from "#components/data-table/data-column.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { causeById } from "#domain/dead-letters/causes.ts";
import { formatBytes, formatCount } from "#domain/format/numbers.ts";
import type { RecordRow } from "./dead-letter-outputs.ts";
import { groupPath, recordPath } from "./dead-letter-paths.ts";
import { RecordBadge } from "./state-badges.tsx";
import { OP_WORDS } from "./state-words.ts";

export const RECORD_COLUMNS: readonly DataColumn<RecordRow>[] = [
  {
    id: "key",
    header: "Row",
    width: 190,
    fixed: true,
    exportValue: (row) => row.key,
    cell: (row) => (
      <HoverLink href={recordPath(row.id)} className="block min-w-0 text-link hover:underline">
        <Name>{rowName(row)}</Name>
      </HoverLink>
    ),
  },
  {
    id: "status",
    header: "Status",
    width: 115,
    exportValue: (row) => row.status,
    cell: (row) => <RecordBadge status={row.status} />,
  },
  {
    id: "table",
    header: "Table",
    width: 180,
    exportValue: (row) => row.table,
    cell: (row) => <Name>{row.table || "unknown"}</Name>,
  },
  {
    id: "cause",
    header: "Cause",
    width: 210,
    exportValue: (row) => causeById(row.cause).title,
    cell: (row) => (
      <HoverLink href={groupPath(row.groupId)} className="block truncate text-link hover:underline">
        {causeById(row.cause).title}
      </HoverLink>
    ),
  },
  {
    id: "message",
    header: "Error",
    width: 300,
    exportValue: (row) => row.message,
    cell: (row) => (
      <span className="block truncate" title={row.message}>
        {row.message}
      </span>
    ),
  },
  {
    id: "failed",
    header: "Failed",
    width: 105,
    exportValue: (row) => row.failedAt,
    cell: (row) => <TimeStamp value={row.failedAt} event="failed" inRow />,
  },
  {
    id: "op",
    header: "Change",
    width: 95,
    exportValue: (row) => row.op,
    cell: (row) =>
      row.op === null ? (
        <span className="text-muted-foreground">not told</span>
      ) : (
        (OP_WORDS[row.op] ?? row.op)
      ),
  },
  {
    id: "attempts",
    header: "Replays",
    width: 85,
    align: "right",
    exportValue: (row) => row.attempts,
    cell: (row) => formatCount(row.attempts),
  },
  {
    id: "original",
    header: "Original position",
    width: 300,
    exportValue: (row) => originalText(row),
    cell: (row) => <Name>{originalText(row) ?? "not told"}</Name>,
  },
  {
    id: "connector",
    header: "Sink",
    width: 170,
    hidden: true,
    exportValue: (row) => row.connector,
    cell: (row) => <Name>{row.connector || "unknown"}</Name>,
  },
  {
    id: "place",
    header: "Dead-letter position",
    width: 280,
    hidden: true,
    exportValue: (row) => `${row.topic}-${row.partition}@${row.offset}`,
    cell: (row) => <Name>{`${row.topic}-${row.partition}@${row.offset}`}</Name>,
  },
  {
    id: "size",
    header: "Size",
    width: 90,
    align: "right",
    hidden: true,
    exportValue: (row) => row.valueSize,
    cell: (row) => (row.valueSize < 0 ? "null" : formatBytes(row.valueSize)),
  },
  {
    id: "cluster",
    header: "Cluster",
    width: 100,
    hidden: true,
    exportValue: (row) => row.cluster,
    cell: (row) => <span className="block truncate">{row.cluster}</span>,
  },
];

/** What the row is called: its key, or its place where it has none. */
export function rowName(row: Pick<RecordRow, "key" | "topic" | "partition" | "offset">): string {
  return row.key ?? `${row.topic}-${row.partition}@${row.offset}`;
}

export function originalText(
  row: Pick<RecordRow, "originalTopic" | "originalPartition" | "originalOffset">,
): string | undefined {
  const { originalTopic: topic, originalPartition: partition, originalOffset: offset } = row;
  return topic === null || partition === null || offset === null
    ? undefined
    : `${topic}-${partition}@${offset}`;
}
