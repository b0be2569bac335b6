"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { connectorPath } from "./connector-path.ts";

// The draft lives in this tab's storage, which the server does not have.
const EditForm = dynamic(() => import("./edit-form.tsx").then((module) => module.EditForm), {
  ssr: false,
  loading: () => <Skeleton className="mt-3 w-1/2" label="Loading the form" />,
});

export function EditConnector({ cluster, name }: { cluster: string; name: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.connectors.get.queryOptions({ cluster, name }));
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Connectors", href: "/connectors" },
          { label: name, href: connectorPath({ cluster, name }) },
        ]}
        title="Edit configuration"
        answer="Nothing changes until the plan made from this draft is run."
      />
      <QueryState query={query} what="the connector">
        {(connector) =>
          connector.configHash === undefined ? (
            <StateMessage kind="failed" title="This configuration holds a secret in the open">
              Keys: {connector.plaintextSecretKeys.join(", ")}. Headgate does not keep it and so cannot change
              it key by key. Move the secret to Vault, and give the connector its references with Kafka
              Connect once.
            </StateMessage>
          ) : (
            <EditForm connector={connector} liveHash={connector.configHash} />
          )
        }
      </QueryState>
    </>
  );
}
