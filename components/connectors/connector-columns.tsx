import type { DataColumn } from "#components/data-table/data-column.ts";
import { pipelinePath } from "#components/pipelines/pipeline-path.ts";
import { Badge } from "#components/ui/badge.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import type { ConnectorRow } from "./connector-outputs.ts";
import { connectorPath, pluginName } from "./connector-path.ts";
import { HealthBadge } from "./health-badge.tsx";

function failedTasks({ tasks }: ConnectorRow): { detail?: string } {
  return tasks.failed > 0 ? { detail: `${tasks.failed} of ${formatCounted(tasks.total, "task")}` } : {};
}

export const CONNECTOR_COLUMNS: readonly DataColumn<ConnectorRow>[] = [
  {
    id: "name",
    header: "Connector",
    width: 220,
    fixed: true,
    sortable: true,
    exportValue: (row) => row.name,
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-1.5">
        <HoverLink href={connectorPath(row)} className="min-w-0 text-link hover:underline">
          <Name>{row.name}</Name>
        </HoverLink>
        {row.isChangedOutside && <Badge variant="warning">changed outside</Badge>}
        {row.hasPlaintextSecret && <Badge variant="danger">secret in the open</Badge>}
      </span>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 150,
    sortable: true,
    exportValue: (row) => row.health,
    cell: (row) => <HealthBadge health={row.health} {...failedTasks(row)} />,
  },
  {
    id: "type",
    header: "Type",
    width: 64,
    sortable: true,
    exportValue: (row) => row.type,
    cell: (row) => row.type,
  },
  {
    id: "tasks",
    header: "Tasks",
    width: 64,
    align: "right",
    sortable: true,
    exportValue: (row) => row.tasks.total,
    cell: (row) => (row.tasks.total === 0 ? "none" : `${row.tasks.running} / ${row.tasks.total}`),
  },
  {
    id: "pipeline",
    header: "Pipeline",
    width: 140,
    exportValue: (row) => row.pipelines.join(" "),
    cell: (row) => <Pipelines row={row} />,
  },
  {
    id: "plugin",
    header: "Plugin",
    width: 170,
    sortable: true,
    exportValue: (row) => row.plugin,
    cell: (row) => (
      <span className="block truncate" title={row.plugin}>
        {pluginName(row.plugin)} <span className="text-muted-foreground">{row.pluginVersion}</span>
      </span>
    ),
  },
  {
    id: "cluster",
    header: "Cluster",
    width: 70,
    sortable: true,
    exportValue: (row) => row.cluster,
    cell: (row) => <span className="block truncate">{row.cluster}</span>,
  },
  {
    id: "since",
    header: "Since",
    width: 90,
    sortable: true,
    exportValue: (row) => row.since,
    cell: (row) => <TimeStamp value={row.since} event="state changed" inRow />,
  },
  {
    id: "version",
    header: "Version",
    width: 70,
    align: "right",
    exportValue: (row) => row.version,
    cell: (row) => row.version ?? <span className="text-muted-foreground">none</span>,
  },
  {
    id: "seen",
    header: "First seen",
    width: 110,
    hidden: true,
    exportValue: (row) => row.seenAt,
    cell: (row) => <TimeStamp value={row.seenAt} event="first seen" inRow />,
  },
];

function Pipelines({ row }: { row: ConnectorRow }) {
  const [first, ...more] = row.pipelines;
  if (!first) return <span className="text-muted-foreground">none</span>;
  return (
    <span className="block truncate" title={row.pipelines.join(", ")}>
      <HoverLink
        href={pipelinePath({ cluster: row.cluster, source: first })}
        className="font-mono text-link hover:underline"
      >
        {first}
      </HoverLink>
      {more.length > 0 && <span className="text-muted-foreground"> and {more.length} more</span>}
    </span>
  );
}
