import type { inferRouterOutputs } from "@trpc/server";
import type { Route } from "next";
import type { DataColumn } from "#components/data-table/data-column.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { AppRouter } from "#server/api/root.ts";
import { CheckBadge } from "./check-badge.tsx";
import { CHECK_WORDS } from "./check-words.ts";

export type CredentialRow = inferRouterOutputs<AppRouter>["credentials"]["list"]["rows"][number];

/** `hrefOf` opens the panel over the list as it is filtered now. */
export function credentialColumns(
  hrefOf: (row: CredentialRow) => Route,
): readonly DataColumn<CredentialRow>[] {
  return [referenceColumn(hrefOf), ...FACT_COLUMNS];
}

function referenceColumn(hrefOf: (row: CredentialRow) => Route): DataColumn<CredentialRow> {
  return {
    id: "reference",
    header: "Reference",
    width: 360,
    fixed: true,
    sortable: true,
    exportValue: (row) => row.reference,
    cell: (row) => (
      <HoverLink href={hrefOf(row)} className="block min-w-0 text-link hover:underline">
        <Name tail={18}>{row.reference}</Name>
      </HoverLink>
    ),
  };
}

const FACT_COLUMNS: readonly DataColumn<CredentialRow>[] = [
  {
    id: "state",
    header: "In Vault",
    width: 170,
    sortable: true,
    exportValue: (row) => CHECK_WORDS[row.check?.state ?? "unchecked"].word,
    cell: (row) => <CheckBadge check={row.check} />,
  },
  {
    id: "reader",
    header: "Read by",
    width: 100,
    sortable: true,
    exportValue: (row) => row.reader,
    cell: (row) => (row.reader === "connector" ? "connectors" : "Headgate"),
  },
  {
    id: "uses",
    header: "Used by",
    width: 220,
    sortable: true,
    exportValue: (row) => row.uses.map((use) => use.name).join(" "),
    cell: (row) => <Users row={row} />,
  },
  {
    id: "version",
    header: "Version",
    width: 100,
    align: "right",
    sortable: true,
    exportValue: (row) => row.check?.version,
    cell: (row) => <Version row={row} />,
  },
  {
    id: "changed",
    header: "Changed",
    width: 120,
    sortable: true,
    exportValue: (row) => row.check?.changedAt,
    cell: (row) =>
      row.check?.changedAt ? (
        <TimeStamp value={row.check.changedAt} event="changed" inRow />
      ) : (
        <span className="text-muted-foreground">unknown</span>
      ),
  },
  {
    id: "checked",
    header: "Last asked",
    width: 120,
    sortable: true,
    exportValue: (row) => row.check?.checkedAt,
    cell: (row) =>
      row.check ? (
        <TimeStamp value={row.check.checkedAt} event="asked" inRow />
      ) : (
        <span className="text-muted-foreground">never</span>
      ),
  },
  {
    id: "cluster",
    header: "Cluster",
    width: 100,
    sortable: true,
    exportValue: (row) => row.cluster,
    cell: (row) => <span className="block truncate">{row.cluster}</span>,
  },
];

function Users({ row }: { row: CredentialRow }) {
  const names = [...new Set(row.uses.map((use) => use.name))];
  const [first, ...more] = names;
  return (
    <span className="block truncate" title={names.join(", ")}>
      <span className="font-mono">{first}</span>
      {more.length > 0 && <span className="text-muted-foreground"> and {more.length} more</span>}
    </span>
  );
}

function Version({ row: { check, pinnedVersion } }: { row: CredentialRow }) {
  if (check?.version === undefined) return <span className="text-muted-foreground">unknown</span>;
  const isOld = check.newestVersion !== undefined && check.newestVersion > check.version;
  if (pinnedVersion === undefined) return check.version;
  return (
    <span className={isOld ? "text-degraded" : ""}>
      {check.version} {isOld ? `of ${check.newestVersion}, pinned` : "pinned"}
    </span>
  );
}
