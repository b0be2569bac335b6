"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryFailure, QueryStale, QueryState } from "#components/shell/query-state.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Stat } from "#components/ui/stat.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatDuration } from "#domain/format/durations.ts";
import { formatBytes, formatCount, formatCounted } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import { CheckSelection } from "./check-selection.tsx";
import { DiscrepancyList } from "./discrepancy-list.tsx";
import { DriftAlerts } from "./drift-alerts.tsx";
import { fleetAnswer, unknownTables } from "./fleet-answer.ts";
import { FLEET_RANGES, readFleetRange } from "./fleet-range.ts";
import { DriftHeatMap } from "./heat-map.tsx";
import { TABLE_LIST } from "./list-options.ts";
import { RangeChoice } from "./range-choice.tsx";
import type { Fleet } from "./reconciliation-outputs.ts";
import { checkedTablePath, readTab, reconciliationPath } from "./reconciliation-paths.ts";
import { RunList } from "./run-list.tsx";
import { TABLE_COLUMNS } from "./table-columns.tsx";
import { useCheckKey } from "./use-check-key.ts";

/** Is every table proven equal to its source? */
export function ReconciliationScreen() {
  const trpc = useTRPC();
  const fleet = useQuery(trpc.reconciliation.fleet.queryOptions());
  const tab = readTab(useSearchParams().get("tab"));
  return (
    <>
      <PageHeader
        title="Reconciliation"
        answer={fleet.data && fleetAnswer(fleet.data)}
        tabs={[
          { label: "Tables", href: reconciliationPath({}) },
          { label: "Differing rows", href: reconciliationPath({ tab: "rows" }) },
          { label: "Checks", href: reconciliationPath({ tab: "runs" }) },
        ]}
        currentTab={reconciliationPath({ tab })}
      />
      {fleet.error && fleet.data === undefined && (
        <QueryFailure query={fleet} what="where the tables stand" />
      )}
      {fleet.error && fleet.data && <QueryStale query={fleet} what="where the tables stand" />}
      {tab === "tables" && (
        <>
          {fleet.data && fleet.data.tables > 0 && <FleetNumbers fleet={fleet.data} />}
          {fleet.data && <DriftAlerts alerts={fleet.data.alerts} />}
          <HeatMapPanel hasTables={(fleet.data?.tables ?? 0) > 0} />
          <TableList />
        </>
      )}
      {tab === "rows" && <DiscrepancyList verdict={fleet.data && fleetStanding(fleet.data)} />}
      {tab === "runs" && <RunList />}
    </>
  );
}

/** All tables together are known only where each of them is. */
function fleetStanding(fleet: Fleet) {
  const { tables, states } = fleet;
  const isKnown = tables > 0 && unknownTables(fleet) === 0;
  const state = states.drift_unexplained > 0 ? "drift_unexplained" : isKnown ? "ok" : "not_checked";
  return { state, words: fleetAnswer(fleet) } as const;
}

function FleetNumbers({ fleet }: { fleet: Fleet }) {
  const { states, cost } = fleet;
  return (
    <div className="grid grid-cols-2 gap-4 rounded-lg border bg-card p-3 sm:grid-cols-3 xl:grid-cols-6">
      <Stat
        label="Proven equal"
        value={formatCount(states.ok)}
        note={`of ${formatCounted(fleet.tables, "table")}`}
      />
      <Stat
        label="Unexplained drift"
        value={formatDrift(fleet.unexplainedPercent)}
        note={`${formatCount(fleet.unexplainedRows)} rows, ${formatCount(fleet.explainedRows)} explained`}
      />
      <Stat
        label="Not known"
        value={formatCount(unknownTables(fleet))}
        note={`${states.not_checked} not checked · ${states.stale} stale · ${states.not_verifiable} not verifiable · ${states.running} running`}
      />
      <Stat
        label="Compared within 24 h"
        value={fleet.freshShare === null ? "–" : `${Math.floor(fleet.freshShare * 100)} %`}
        note="of the tables"
      />
      <Stat
        label="Longest unchecked"
        value={
          fleet.oldest ? (
            <HoverLink
              href={checkedTablePath(fleet.oldest.id)}
              className="text-link text-table hover:underline"
            >
              <Name>{fleet.oldest.table}</Name>
            </HoverLink>
          ) : (
            "–"
          )
        }
        note={
          fleet.oldest?.verifiedAt ? (
            <TimeStamp value={fleet.oldest.verifiedAt} event="last comparison" />
          ) : (
            "never compared"
          )
        }
      />
      <Stat
        label="Checks of 24 h"
        value={formatCount(cost.runs)}
        note={`${formatCount(cost.rowsRead)} rows, ${formatBytes(cost.bytes)}, ${formatDuration(cost.durationMs)}${cost.failed > 0 ? `, ${cost.failed} failed` : ""}`}
      />
    </div>
  );
}

function HeatMapPanel({ hasTables }: { hasTables: boolean }) {
  const trpc = useTRPC();
  const list = useListState(TABLE_LIST);
  const router = useRouter();
  const params = useSearchParams();
  const range = readFleetRange(params.get("range"));
  const heatMap = useQuery(
    trpc.reconciliation.heatMap.queryOptions(
      { days: FLEET_RANGES[range], filter: list.input.filter },
      { placeholderData: keepPreviousData, enabled: hasTables },
    ),
  );
  if (!hasTables) return null;
  const choose = (wanted: string) => {
    const next = new URLSearchParams(params);
    next.set("range", wanted);
    router.replace(`?${next}` as never, { scroll: false });
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <RangeChoice
        legend="Days of the heat map"
        ranges={Object.keys(FLEET_RANGES)}
        chosen={range}
        onChoose={choose}
      />
      <QueryState
        query={heatMap}
        what="the drift by day"
        skeleton={<Skeleton className="h-64" label="Reading the drift by day" />}
      >
        {(data) => data.tables.length > 0 && <DriftHeatMap heatMap={data} />}
      </QueryState>
    </div>
  );
}

function TableList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  useCheckKey();
  const list = useListState(TABLE_LIST);
  const query = useQuery(
    trpc.reconciliation.tables.queryOptions(list.input, { placeholderData: keepPreviousData }),
  );
  return (
    <DataTable
      name="checked-tables"
      noun="table"
      list={list}
      query={query}
      columns={TABLE_COLUMNS}
      getRowId={(row) => String(row.id)}
      rowLabel={(row) => row.table}
      fetchPage={(input) => client.reconciliation.tables.query(input)}
      selectionActions={({ rows, clear }) => <CheckSelection tables={rows} onDone={clear} />}
      empty={
        <StateMessage kind="empty" title="No table is carried from a source to a sink yet">
          Tables appear here by themselves when a source captures them and a sink writes their topics. Each is
          then checked every hour.
        </StateMessage>
      }
    />
  );
}
