import type { DataColumn } from "#components/data-table/data-column.ts";
import { Count } from "#components/ui/count.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Name } from "#components/ui/name.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatRate } from "#domain/format/numbers.ts";
import { LagWords } from "./lag-words.tsx";
import type { TableRow } from "./pipeline-outputs.ts";
import { tablePath } from "./pipeline-path.ts";

/** The rows below the canal: the same marks, in the same words. */
export function tableColumns(ref: { cluster: string; source: string }): readonly DataColumn<TableRow>[] {
  return [
    {
      id: "name",
      header: "Table",
      width: 190,
      fixed: true,
      sortable: true,
      exportValue: (row) => row.name,
      cell: (row) => (
        <HoverLink
          href={tablePath(ref, row.name)}
          scroll={false}
          className="block min-w-0 text-link hover:underline"
        >
          <Name>{row.name}</Name>
        </HoverLink>
      ),
    },
    {
      id: "state",
      header: "State",
      width: 240,
      sortable: true,
      exportValue: (row) => row.verdict.words,
      cell: (row) => <StatusBadge status={row.verdict.status}>{row.verdict.words}</StatusBadge>,
    },
    {
      id: "lag",
      header: "Lag",
      width: 130,
      align: "right",
      sortable: true,
      exportValue: (row) => row.lagEvents,
      cell: (row) => <LagWords events={row.lagEvents} since={row.waitingSince} />,
    },
    {
      id: "captured",
      header: "Captured",
      width: 90,
      align: "right",
      sortable: true,
      exportValue: (row) => row.captured,
      cell: (row) => <Count value={row.captured} />,
    },
    {
      id: "delivered",
      header: "Delivered",
      width: 90,
      align: "right",
      sortable: true,
      exportValue: (row) => leastDelivered(row),
      cell: (row) => <Count value={leastDelivered(row)} />,
    },
    {
      id: "rate",
      header: "Events",
      width: 85,
      align: "right",
      sortable: true,
      exportValue: (row) => row.perSecond,
      cell: (row) => (row.perSecond === null ? <Count value={null} /> : formatRate(row.perSecond)),
    },
    {
      id: "phase",
      header: "Phase",
      width: 185,
      sortable: true,
      exportValue: (row) => row.state,
      cell: (row) => row.state ?? <span className="text-muted-foreground">not begun</span>,
    },
    {
      id: "last-commit",
      header: "Last commit",
      width: 95,
      sortable: true,
      exportValue: (row) => row.committedAt,
      cell: (row) => <TimeStamp value={row.committedAt} event="newest captured commit in the source" inRow />,
    },
    {
      id: "last-event",
      header: "Last event",
      width: 95,
      sortable: true,
      exportValue: (row) => row.capturedAt,
      cell: (row) => <TimeStamp value={row.capturedAt} event="written to Kafka" inRow />,
    },
    {
      id: "position",
      header: "Log position",
      width: 140,
      hidden: true,
      exportValue: (row) => row.position,
      cell: (row) =>
        row.position ? <Mono className="block truncate">{row.position}</Mono> : <Count value={null} />,
    },
    {
      id: "target",
      header: "Target",
      width: 190,
      hidden: true,
      exportValue: (row) => row.sinks.map(({ target }) => target ?? "").join(" "),
      cell: (row) => (
        <span className="block truncate font-mono" title={row.sinks.map((sink) => sink.target).join(", ")}>
          {row.sinks.map(({ target, name }) => target ?? `chosen by ${name}`).join(", ") || "none"}
        </span>
      ),
    },
    {
      id: "topic",
      header: "Topic",
      width: 240,
      hidden: true,
      sortable: true,
      exportValue: (row) => row.topic,
      cell: (row) => <span className="block truncate font-mono">{row.topic}</span>,
    },
  ];
}

function leastDelivered({ sinks }: TableRow): number | null {
  const known = sinks.flatMap(({ delivered }) => delivered ?? []);
  return known.length > 0 ? Math.min(...known) : null;
}
