"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { toast } from "#components/ui/toast.ts";
import { databasePath } from "./database-path.ts";
import { emptyDraft } from "./form-fields.ts";

const DatabaseForm = dynamic(() => import("./database-form.tsx").then((module) => module.DatabaseForm), {
  loading: () => <Skeleton className="mt-3 w-1/2" label="Loading the form" />,
});

export function NewDatabase() {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const { allowed, reason } = usePermission("databases:register");
  const clusters = useQuery(trpc.connectors.clusters.queryOptions());
  const register = useMutation(
    trpc.databases.register.mutationOptions({
      onSuccess: () => queries.invalidateQueries(trpc.databases.pathFilter()),
    }),
  );
  const test = useMutation(
    trpc.databases.test.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.databases.pathFilter()),
    }),
  );
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Databases", href: "/databases" }]}
        title="Register a database"
        answer="Name a source or target once; nothing is connected by it, and no secret is stored."
      />
      {allowed ? (
        <QueryState query={clusters} what="the clusters">
          {(known) =>
            known.length === 0 ? (
              <StateMessage kind="empty" title="No cluster is configured">
                A database belongs to a cluster, whose Vault holds its credentials. Name one in headgate.yaml
                first.
              </StateMessage>
            ) : (
              <DatabaseForm
                initial={emptyDraft(known.length === 1 ? (known[0]?.name ?? "") : "")}
                verb="Register"
                pendingVerb="Registering…"
                cancelHref="/databases"
                onSave={async (draft) => {
                  const { id, name } = await register.mutateAsync(draft);
                  toast.success(`${name} is registered`);
                  // The result waits on the database's page; registering does not depend on it.
                  test.mutate({ id });
                  router.push(databasePath(id));
                }}
              />
            )
          }
        </QueryState>
      ) : (
        <StateMessage kind="forbidden" title="Your roles do not allow this">
          {reason}
        </StateMessage>
      )}
    </>
  );
}
