import type { DataColumn } from "#components/data-table/data-column.ts";
import { Count } from "#components/ui/count.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { formatCount, formatRate } from "#domain/format/numbers.ts";
import { ENGINE_NAME } from "./engine-name.ts";
import { LagWords } from "./lag-words.tsx";
import type { PipelineRow } from "./pipeline-outputs.ts";
import { pipelinePath } from "./pipeline-path.ts";

export const PIPELINE_COLUMNS: readonly DataColumn<PipelineRow>[] = [
  {
    id: "source",
    header: "Pipeline",
    width: 180,
    fixed: true,
    sortable: true,
    exportValue: (row) => row.source,
    cell: (row) => (
      <HoverLink href={pipelinePath(row)} className="block min-w-0 text-link hover:underline">
        <Name>{row.source}</Name>
      </HoverLink>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 100,
    sortable: true,
    exportValue: (row) => row.status,
    cell: (row) => <StatusBadge status={row.status} />,
  },
  {
    id: "words",
    header: "In words",
    width: 350,
    exportValue: (row) => row.words,
    cell: (row) => (
      <span className="block truncate" title={row.words}>
        {row.words}
      </span>
    ),
  },
  {
    id: "lag",
    header: "Lag",
    width: 120,
    align: "right",
    sortable: true,
    exportValue: (row) => row.lagEvents,
    cell: (row) => <LagWords events={row.lagEvents} since={row.waitingSince} unknown={row.lagUnknown} />,
  },
  {
    id: "rate",
    header: "Events",
    width: 80,
    align: "right",
    sortable: true,
    exportValue: (row) => row.perSecond,
    cell: (row) => (row.perSecond === null ? <Count value={null} /> : formatRate(row.perSecond)),
  },
  {
    id: "tables",
    header: "Tables",
    width: 70,
    align: "right",
    sortable: true,
    exportValue: (row) => row.tables,
    cell: (row) =>
      row.tablesInSnapshot > 0
        ? `${formatCount(row.tables - row.tablesInSnapshot)} / ${formatCount(row.tables)}`
        : formatCount(row.tables),
  },
  {
    id: "dead-letters",
    header: "Dead letters",
    width: 100,
    align: "right",
    sortable: true,
    exportValue: (row) => row.deadLetters,
    cell: (row) => <Count value={row.deadLetters} />,
  },
  {
    id: "sinks",
    header: "Sinks",
    width: 150,
    exportValue: (row) => row.sinks.join(" "),
    cell: (row) =>
      row.sinks.length === 0 ? (
        <span className="text-muted-foreground">none</span>
      ) : (
        <span className="block truncate font-mono" title={row.sinks.join(", ")}>
          {row.sinks[0]}
          {row.sinks.length > 1 && (
            <span className="font-sans text-muted-foreground"> and {row.sinks.length - 1} more</span>
          )}
        </span>
      ),
  },
  {
    id: "engine",
    header: "Source",
    width: 100,
    sortable: true,
    exportValue: (row) => row.engine,
    cell: (row) => ENGINE_NAME[row.engine],
  },
  {
    id: "cluster",
    header: "Cluster",
    width: 90,
    sortable: true,
    exportValue: (row) => row.cluster,
    cell: (row) => <span className="block truncate">{row.cluster}</span>,
  },
];
