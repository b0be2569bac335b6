"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { DatabaseView } from "./database-outputs.ts";
import { databasePath } from "./database-path.ts";
import { draftOf } from "./form-fields.ts";

const DatabaseForm = dynamic(() => import("./database-form.tsx").then((module) => module.DatabaseForm), {
  loading: () => <Skeleton className="mt-3 w-1/2" label="Loading the form" />,
});

export function EditDatabase({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.databases.get.queryOptions({ id }));
  return (
    <QueryState query={query} what="the database">
      {(database) => <Loaded key={database.id} database={database} />}
    </QueryState>
  );
}

function Loaded({ database: current }: { database: DatabaseView }) {
  // What was opened is what is saved over: a change of somebody else in between is refused, not overwritten.
  const [database] = useState(current);
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const { allowed, reason } = usePermission("databases:register");
  const update = useMutation(
    trpc.databases.update.mutationOptions({
      onSuccess: () => queries.invalidateQueries(trpc.databases.pathFilter()),
    }),
  );
  const path = databasePath(database.id);
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Databases", href: "/databases" },
          { label: database.name, href: path },
        ]}
        title={`Edit ${database.name}`}
        answer={`Version ${database.version}, last changed by ${database.updatedBy}.`}
      />
      {allowed ? (
        <DatabaseForm
          initial={draftOf(database)}
          verb="Save"
          pendingVerb="Saving…"
          cancelHref={path}
          note={database.usedBy.length > 0 && <UsedNote count={database.usedBy.length} />}
          onSave={async (draft) => {
            await update.mutateAsync({ ...draft, id: database.id, version: database.version });
            toast.success(`${draft.name} is saved`);
            router.push(path);
          }}
        />
      ) : (
        <StateMessage kind="forbidden" title="Your roles do not allow this">
          {reason}
        </StateMessage>
      )}
    </>
  );
}

function UsedNote({ count }: { count: number }) {
  return (
    <StateMessage
      kind="partial"
      look="banner"
      title={`${formatCounted(count, "connector")} use this database`}
    >
      Saving changes what Headgate knows. The connectors keep their own configuration: change them by a plan
      of their own.
    </StateMessage>
  );
}
