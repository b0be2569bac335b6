import type { DataColumn } from "#components/data-table/data-column.ts";
import { Bars } from "#components/ui/bars.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCount } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import { hoursWords, worstHour } from "./drift-hours.ts";
import type { CheckedTableRow } from "./reconciliation-outputs.ts";
import { checkedTablePath } from "./reconciliation-paths.ts";
import { TABLE_STATUS, TABLE_WORDS } from "./state-words.ts";

export const TABLE_COLUMNS: readonly DataColumn<CheckedTableRow>[] = [
  {
    id: "table",
    header: "Table",
    width: 200,
    fixed: true,
    sortable: true,
    exportValue: (row) => row.table,
    cell: (row) => (
      <HoverLink
        href={checkedTablePath(row.id)}
        data-checked-table={row.id}
        className="min-w-0 font-medium text-link hover:underline"
      >
        <Name>{row.table}</Name>
      </HoverLink>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 160,
    sortable: true,
    exportValue: (row) => row.verdict.state,
    cell: (row) => (
      <StatusBadge status={TABLE_STATUS[row.verdict.state]}>{TABLE_WORDS[row.verdict.state]}</StatusBadge>
    ),
  },
  {
    id: "drift",
    header: "Unexplained",
    width: 105,
    align: "right",
    sortable: true,
    exportValue: (row) => row.verdict.unexplainedPercent,
    cell: (row) => formatDrift(row.verdict.unexplainedPercent),
  },
  {
    id: "hours",
    header: "Worst of 24 h",
    width: 175,
    exportValue: (row) => worstHour(row.hours),
    cell: (row) => (
      <span className="flex items-center gap-2">
        <Bars values={row.hours} words={hoursWords(row.hours)} />
        <span>{formatDrift(worstHour(row.hours))}</span>
      </span>
    ),
  },
  {
    id: "unexplained",
    header: "Rows",
    width: 75,
    align: "right",
    sortable: true,
    exportValue: (row) => row.openUnexplained,
    cell: (row) => (row.verifiedAt === null ? "–" : formatCount(row.openUnexplained)),
  },
  {
    id: "explained",
    header: "Explained",
    width: 95,
    align: "right",
    sortable: true,
    exportValue: (row) => row.openExplained,
    cell: (row) => (row.verifiedAt === null ? "–" : formatCount(row.openExplained)),
  },
  {
    id: "checked",
    header: "Checked",
    width: 110,
    sortable: true,
    exportValue: (row) => row.verifiedAt,
    cell: (row) =>
      row.verifiedAt ? (
        <TimeStamp value={row.verifiedAt} event="last comparison of rows" inRow />
      ) : (
        <span className="text-muted-foreground">never</span>
      ),
  },
  {
    id: "why",
    header: "What is known",
    width: 270,
    exportValue: (row) => row.verdict.words,
    cell: (row) => (
      <span className="truncate text-muted-foreground" title={row.verdict.words}>
        {row.verdict.words}
      </span>
    ),
  },
  {
    id: "pipeline",
    header: "Pipeline",
    width: 160,
    sortable: true,
    exportValue: (row) => row.pipeline,
    cell: (row) => <Name>{row.pipeline}</Name>,
  },
  {
    id: "target",
    header: "Target",
    width: 180,
    hidden: true,
    exportValue: (row) => row.target,
    cell: (row) => <Name>{row.target ?? "unknown"}</Name>,
  },
  {
    id: "rows",
    header: "Compared rows",
    width: 130,
    align: "right",
    sortable: true,
    hidden: true,
    exportValue: (row) => row.comparedRows,
    cell: (row) => (row.comparedRows === null ? "–" : formatCount(row.comparedRows)),
  },
  {
    id: "next",
    header: "Next check",
    width: 115,
    sortable: true,
    exportValue: (row) => row.nextRunAt,
    cell: (row) =>
      row.nextRunAt ? <TimeStamp value={row.nextRunAt} event="next check" inRow /> : <span>none</span>,
  },
];
