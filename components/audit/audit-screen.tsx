"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { PanelRight } from "lucide-react";
import type { Route } from "next";
import dynamic from "next/dynamic";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import type { DataColumn } from "#components/data-table/data-column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { AuditActRow } from "#server/audit/list-audit-entries.ts";
import { AUDIT_COLUMNS } from "./audit-columns.tsx";
import { AuditExport } from "./audit-export.tsx";
import { AUDIT_LIST } from "./audit-list.ts";
import { BrokenChainAlert } from "./broken-chain-alert.tsx";
import { ChainState, VerifyButton } from "./chain-state.tsx";
import { subjectText } from "./subject-text.ts";
import { TimeRangeSelect } from "./time-range-select.tsx";

const ActSheet = dynamic(() => import("./act-sheet.tsx").then((module) => module.ActSheet), { ssr: false });

/** Who asked for what, and how it ended: one act a row. */
export function AuditScreen() {
  const trpc = useTRPC();
  const list = useListState(AUDIT_LIST);
  const query = useQuery(trpc.audit.list.queryOptions(list.input, { placeholderData: keepPreviousData }));
  const [act, setAct] = useQueryState("act", parseAsString);
  const columns = useMemo<readonly DataColumn<AuditActRow>[]>(
    () => [
      ...AUDIT_COLUMNS,
      {
        id: "look",
        header: "Look",
        width: 56,
        fixed: true,
        cell: (row) => (
          <Button
            variant="ghost"
            size="icon"
            tabIndex={-1}
            aria-label={`Look at ${row.action} of ${row.actor.name}`}
            onClick={() => void setAct(row.actId)}
          >
            <PanelRight aria-hidden />
          </Button>
        ),
      },
    ],
    [setAct],
  );
  return (
    <>
      <PageHeader
        title="Audit trail"
        status={<ChainState />}
        answer="Who asked for what, and how it ended. Entries are only ever added, and each seals the one before it."
        actions={<VerifyButton />}
      />
      <BrokenChainAlert />
      <DataTable
        name="audit"
        noun="act"
        list={list}
        query={query}
        columns={columns}
        getRowId={(row) => row.actId}
        rowLabel={(row) => `${row.actor.name} ${row.action} ${subjectText(row.subject)}`}
        rowHref={(row) => `/audit/${row.actId}` as Route}
        actions={
          <>
            <TimeRangeSelect filter={list.filter} onFilterChange={list.setFilter} />
            <AuditExport filter={list.input.filter} />
          </>
        }
        empty={<StateMessage kind="empty" title="Nothing has happened yet" />}
      />
      <ActSheet actId={act} onClose={() => void setAct(null)} />
    </>
  );
}
