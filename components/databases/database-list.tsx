"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { listAnswer } from "./database-answer.ts";
import { DATABASE_COLUMNS } from "./database-columns.tsx";
import { databasePath, NEW_DATABASE } from "./database-path.ts";
import { DATABASE_LIST } from "./list-options.ts";

/** Which sources and targets does Headgate know, and can it reach them? */
export function DatabaseList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(DATABASE_LIST);
  const query = useQuery(trpc.databases.list.queryOptions(list.input, { placeholderData: keepPreviousData }));
  const isWhole =
    list.input.filter === "" && query.data !== undefined && query.data.total === query.data.rows.length;
  return (
    <>
      <PageHeader
        title="Databases"
        answer={query.data && isWhole ? listAnswer(query.data.rows) : undefined}
        actions={<RegisterLink />}
      />
      <DataTable
        name="databases"
        noun="database"
        list={list}
        query={query}
        columns={DATABASE_COLUMNS}
        getRowId={(row) => row.id}
        rowLabel={(row) => row.name}
        rowHref={(row) => databasePath(row.id)}
        fetchPage={(input) => client.databases.list.query(input)}
        empty={
          <StateMessage kind="empty" title="No database is registered yet" action={<RegisterLink />}>
            Register a source or target once: connectors, readiness checks and comparisons share it. Its
            credentials stay in Vault.
          </StateMessage>
        }
      />
    </>
  );
}

function RegisterLink() {
  const { allowed, reason } = usePermission("databases:register");
  if (!allowed) {
    return (
      <Button variant="primary" blockedBecause={reason}>
        <Plus aria-hidden /> Register a database
      </Button>
    );
  }
  return (
    <Button variant="primary" asChild>
      <Link href={NEW_DATABASE}>
        <Plus aria-hidden /> Register a database
      </Link>
    </Button>
  );
}
