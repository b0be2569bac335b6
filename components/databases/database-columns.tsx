import type { DataColumn } from "#components/data-table/data-column.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { ENGINE_NAME } from "#domain/databases/engine.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { DatabaseListRow } from "./database-outputs.ts";
import { databasePath } from "./database-path.ts";
import { REFERENCES_WORDS, testWords } from "./state-words.ts";

export const DATABASE_COLUMNS: readonly DataColumn<DatabaseListRow>[] = [
  {
    id: "name",
    header: "Database",
    width: 170,
    fixed: true,
    sortable: true,
    exportValue: (row) => row.name,
    cell: (row) => (
      <HoverLink href={databasePath(row.id)} className="block min-w-0 text-link hover:underline">
        <Name>{row.name}</Name>
      </HoverLink>
    ),
  },
  {
    id: "role",
    header: "Role",
    width: 120,
    sortable: true,
    exportValue: (row) => row.role,
    cell: (row) => (row.role === "both" ? "source and target" : row.role),
  },
  {
    id: "host",
    header: "Address",
    width: 220,
    sortable: true,
    exportValue: (row) => `${row.host}:${row.port}/${row.databaseName}`,
    cell: (row) => (
      <span className="block truncate font-mono" title={`${row.host}:${row.port}/${row.databaseName}`}>
        {row.host}:{row.port}
        <span className="text-muted-foreground">/{row.databaseName}</span>
      </span>
    ),
  },
  {
    id: "test",
    header: "Last test",
    width: 170,
    sortable: true,
    exportValue: (row) => testWords(row.lastTest).word,
    cell: ({ lastTest }) => {
      const { status, word } = testWords(lastTest);
      return (
        <span className="flex min-w-0 items-center gap-1.5">
          <StatusBadge status={status}>{word}</StatusBadge>
          {lastTest && (
            <TimeStamp value={lastTest.testedAt} event="tested" inRow className="text-muted-foreground" />
          )}
        </span>
      );
    },
  },
  {
    id: "references",
    header: "Credentials",
    width: 110,
    sortable: true,
    exportValue: (row) => REFERENCES_WORDS[row.references].word,
    cell: (row) => {
      const { status, word } = REFERENCES_WORDS[row.references];
      return <StatusBadge status={status}>{word}</StatusBadge>;
    },
  },
  {
    id: "used",
    header: "Used by",
    width: 110,
    align: "right",
    sortable: true,
    exportValue: (row) => row.usedBy,
    cell: (row) =>
      row.usedBy === 0 ? (
        <span className="text-muted-foreground">nothing</span>
      ) : (
        formatCounted(row.usedBy, "connector")
      ),
  },
  {
    id: "engine",
    header: "Engine",
    width: 100,
    exportValue: (row) => row.engine,
    cell: (row) => ENGINE_NAME[row.engine],
  },
  {
    id: "tls",
    header: "TLS",
    width: 100,
    sortable: true,
    exportValue: (row) => row.tlsMode,
    cell: (row) => <span className={row.tlsMode === "disable" ? "text-degraded" : ""}>{row.tlsMode}</span>,
  },
  {
    id: "cluster",
    header: "Cluster",
    width: 100,
    sortable: true,
    exportValue: (row) => row.cluster,
    cell: (row) => <span className="block truncate">{row.cluster}</span>,
  },
  {
    id: "changed",
    header: "Changed",
    width: 120,
    hidden: true,
    sortable: true,
    exportValue: (row) => row.updatedAt,
    cell: (row) => <TimeStamp value={row.updatedAt} event="changed" inRow />,
  },
];
