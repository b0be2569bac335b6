import type { DataColumn } from "#components/data-table/data-column.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCount } from "#domain/format/numbers.ts";
import type { GroupRow } from "./dead-letter-outputs.ts";
import { groupPath } from "./dead-letter-paths.ts";
import { HourBars } from "./hour-bars.tsx";
import { GroupBadge } from "./state-badges.tsx";
import { STAGE_WORDS } from "./state-words.ts";

export const GROUP_COLUMNS: readonly DataColumn<GroupRow>[] = [
  {
    id: "cause",
    header: "Cause",
    width: 330,
    fixed: true,
    exportValue: (row) => `${row.cause.title}: ${errorOf(row)}`,
    cell: (row) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <HoverLink href={groupPath(row.id)} className="shrink-0 font-medium text-link hover:underline">
          {row.cause.title}
        </HoverLink>
        <span className="truncate text-muted-foreground" title={errorOf(row)}>
          {errorOf(row)}
        </span>
      </span>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 105,
    exportValue: (row) => row.status,
    cell: (row) => <GroupBadge status={row.status} />,
  },
  {
    id: "table",
    header: "Table",
    width: 150,
    sortable: true,
    exportValue: (row) => row.table,
    cell: (row) => <Name>{row.table || "unknown"}</Name>,
  },
  {
    id: "open",
    header: "Open",
    width: 80,
    align: "right",
    sortable: true,
    exportValue: (row) => row.open,
    cell: (row) => formatCount(row.open),
  },
  {
    id: "keys",
    header: "Keys",
    width: 80,
    align: "right",
    sortable: true,
    exportValue: (row) => row.keys,
    cell: (row) => <span title="Rows concerned, within two per cent">{formatCount(row.keys)}</span>,
  },
  {
    id: "hours",
    header: "24 h",
    width: 110,
    cell: (row) => <HourBars hours={row.hours} />,
  },
  {
    id: "lastSeen",
    header: "Last seen",
    width: 105,
    sortable: true,
    exportValue: (row) => row.lastSeen,
    cell: (row) => <TimeStamp value={row.lastSeen} event="newest failure" inRow />,
  },
  {
    id: "firstSeen",
    header: "First seen",
    width: 105,
    sortable: true,
    exportValue: (row) => row.firstSeen,
    cell: (row) => <TimeStamp value={row.firstSeen} event="first failure" inRow />,
  },
  {
    id: "action",
    header: "Suggested action",
    width: 320,
    exportValue: (row) => row.cause.action,
    cell: (row) => (
      <span className="block truncate" title={row.cause.action}>
        {row.cause.action}
      </span>
    ),
  },
  {
    id: "connector",
    header: "Sink",
    width: 170,
    exportValue: (row) => row.connector,
    cell: (row) => <Name>{row.connector || "unknown"}</Name>,
  },
  {
    id: "owner",
    header: "Owner",
    width: 120,
    exportValue: (row) => row.owner,
    cell: (row) => row.owner ?? <span className="text-muted-foreground">nobody</span>,
  },
  {
    id: "records",
    header: "All records",
    width: 105,
    align: "right",
    sortable: true,
    exportValue: (row) => row.records,
    cell: (row) => formatCount(row.records),
  },
  {
    id: "likely",
    header: "Likely cause",
    width: 320,
    hidden: true,
    exportValue: (row) => row.cause.likelyCause,
    cell: (row) => (
      <span className="block truncate" title={row.cause.likelyCause}>
        {row.cause.likelyCause}
      </span>
    ),
  },
  {
    id: "stage",
    header: "Failed while",
    width: 170,
    hidden: true,
    exportValue: (row) => row.stage,
    cell: (row) => STAGE_WORDS[row.stage],
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

/** A message that begins with the cause's title, as a quarantined record's does, says it twice beside it. */
function errorOf({ cause, message }: GroupRow): string {
  const prefix = `${cause.title}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}
