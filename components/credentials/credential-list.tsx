"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { useCallback, useMemo } from "react";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { StateMessage } from "#components/ui/state-message.tsx";
import { credentialAnswer } from "./credential-answer.ts";
import { type CredentialRow, credentialColumns } from "./credential-columns.tsx";
import { credentialParam } from "./credential-paths.ts";
import { CREDENTIAL_LIST } from "./list-options.ts";
import { silentVaults, VaultOutages } from "./vault-outages.tsx";

const CredentialSheet = dynamic(
  () => import("./credential-sheet.tsx").then((module) => module.CredentialSheet),
  {
    ssr: false,
  },
);

/** Every Vault reference in use: is the secret there, and who needs it. */
export function CredentialList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(CREDENTIAL_LIST);
  const query = useQuery(
    trpc.credentials.list.queryOptions(list.input, { placeholderData: keepPreviousData }),
  );
  const clusters = useQuery(trpc.catalog.clusters.queryOptions(undefined, { refetchInterval: 10_000 }));
  const vaults = silentVaults(clusters.data?.clusters ?? []);
  // "All are in Vault and readable" is a claim about now.
  const isWhole = list.filter === "" && clusters.data !== undefined && !clusters.error && vaults.length === 0;
  const [open, setOpen] = useQueryState("credential", parseAsString);
  const search = useSearchParams();
  const hrefOf = useCallback(
    (row: CredentialRow) => {
      const params = new URLSearchParams(search);
      params.set("credential", credentialParam(row));
      return `/credentials?${params}` as Route;
    },
    [search],
  );
  const columns = useMemo(() => credentialColumns(hrefOf), [hrefOf]);
  return (
    <>
      <PageHeader
        title="Credentials"
        answer={query.data && isWhole ? credentialAnswer(query.data.total, query.data.states) : undefined}
      />
      <VaultOutages vaults={vaults} />
      <DataTable
        name="credentials"
        noun="reference"
        list={list}
        query={query}
        columns={columns}
        getRowId={credentialParam}
        rowLabel={(row) => row.reference}
        rowHref={hrefOf}
        fetchPage={(input) => client.credentials.list.query(input)}
        empty={
          <StateMessage kind="empty" title="Nothing refers to a secret in Vault yet">
            References appear here with the first registered database, or with the first connector that holds
            one. Values are never stored in Headgate.
          </StateMessage>
        }
      />
      <CredentialSheet param={open} onClose={() => void setOpen(null)} />
    </>
  );
}
