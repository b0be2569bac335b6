"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Input } from "#components/ui/input.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatBytes, formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { CatalogTable } from "./database-outputs.ts";

/** More than this is found by searching, not by scrolling. */
const SHOWN = 200;

/** The database's own catalogue as it is now. */
export function TablesTab({ id }: { id: string }) {
  const trpc = useTRPC();
  const [search, setSearch] = useQueryState(
    "table",
    parseAsString.withDefault("").withOptions({ throttleMs: 400 }),
  );
  const query = useQuery(
    trpc.databases.tables.queryOptions(
      { id, search, limit: SHOWN },
      {
        meta: ASKS_OUTSIDE,
        placeholderData: keepPreviousData,
        staleTime: 60_000,
        refetchOnWindowFocus: false,
      },
    ),
  );
  return (
    <Section
      flush
      title="Tables"
      description={query.data && <Found found={query.data} />}
      actions={
        <Input
          aria-label="Find a table"
          placeholder="Find a table"
          className="w-64 max-w-full"
          value={search}
          onChange={(event) => void setSearch(event.target.value)}
        />
      }
    >
      <QueryState query={query} what="the tables">
        {({ tables }) => (tables.length === 0 ? <Nothing search={search} /> : <TableList tables={tables} />)}
      </QueryState>
    </Section>
  );
}

function Found({ found }: { found: { tables: unknown[]; total: number; readAt: Date } }) {
  const shown = found.tables.length < found.total ? `The ${found.tables.length} largest of ` : "";
  return (
    <>
      {shown}
      {formatCounted(found.total, "table")}, read from the database{" "}
      <TimeStamp value={found.readAt} event="read" />
    </>
  );
}

function Nothing({ search }: { search: string }) {
  if (search !== "") return <StateMessage kind="filtered" title={`No table has ${search} in its name`} />;
  return (
    <StateMessage kind="empty" title="The database has no tables">
      System schemas are left out. Tables appear here as soon as they are made.
    </StateMessage>
  );
}

function TableList({ tables }: { tables: readonly CatalogTable[] }) {
  return (
    <Table label="Tables of this database">
      <TableHead>
        <TableRow>
          <TableHeader>Table</TableHeader>
          <TableHeader className="text-right">Rows, about</TableHeader>
          <TableHeader className="text-right">Size</TableHeader>
          <TableHeader className="text-right">Columns</TableHeader>
          <TableHeader>Primary key</TableHeader>
          <TableHeader>Old rows in the log</TableHeader>
          <TableHeader>Remarks</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {tables.map((table) => (
          <TableRow key={`${table.schema}.${table.name}`}>
            <TableCell className="break-all font-mono">
              <span className="text-muted-foreground">{table.schema}.</span>
              {table.name}
            </TableCell>
            <TableCell className="text-right">
              {table.estimatedRows === null ? (
                <span className="text-muted-foreground">not counted</span>
              ) : (
                formatCount(Math.round(table.estimatedRows))
              )}
            </TableCell>
            <TableCell className="text-right">{formatBytes(table.bytes)}</TableCell>
            <TableCell className="text-right">{table.columns}</TableCell>
            <TableCell className={table.primaryKey.length === 0 ? "text-degraded" : "font-mono"}>
              {table.primaryKey.join(", ") || "none"}
            </TableCell>
            <TableCell>{IDENTITY[table.replicaIdentity]}</TableCell>
            <TableCell>
              <span className="flex flex-wrap gap-1">
                {table.partitioned && <Badge>partitioned</Badge>}
                {table.unlogged && <Badge variant="warning">unlogged</Badge>}
                {table.generatedColumns.length > 0 && (
                  <Badge>{formatCounted(table.generatedColumns.length, "generated column")}</Badge>
                )}
                {!table.readable && <Badge variant="warning">not readable for Headgate</Badge>}
              </span>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const IDENTITY: Record<CatalogTable["replicaIdentity"], string> = {
  default: "key only",
  full: "whole row",
  index: "index columns",
  nothing: "nothing",
};
