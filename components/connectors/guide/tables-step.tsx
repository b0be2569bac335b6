"use client";

import { useQuery } from "@tanstack/react-query";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import type { StepProps } from "./guide.tsx";
import { TablePicker } from "./table-picker.tsx";

/** The database's own catalogue as it is now. */
export function TablesStep({ state, change, problems }: StepProps) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.databases.tables.queryOptions(
      { id: state.databaseId ?? "", search: "", limit: 5_000 },
      { meta: ASKS_OUTSIDE, staleTime: 30_000, refetchOnWindowFocus: false },
    ),
  );
  return (
    <QueryState query={query} what="the tables">
      {({ tables, total }) => (
        <TablePicker
          tables={tables}
          total={total}
          chosen={state.source.tables}
          problem={problems.tables}
          onChange={(chosen) => change({ ...state, source: { ...state.source, tables: chosen } })}
        />
      )}
    </QueryState>
  );
}
