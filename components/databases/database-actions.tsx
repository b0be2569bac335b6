"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil, PlugZap, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { DatabaseView } from "./database-outputs.ts";
import { editDatabasePath } from "./database-path.ts";

const ConfirmDialog = dynamic(
  () => import("#components/ui/confirm-dialog.tsx").then((module) => module.ConfirmDialog),
  {
    ssr: false,
  },
);

export function DatabaseActions({ database }: { database: DatabaseView }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const testing = usePermission("credentials:view");
  const registering = usePermission("databases:register");
  const test = useMutation(
    trpc.databases.test.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.databases.get.pathFilter()),
      onError: (error) => toast.error("The test did not run", { description: describeError(error) }),
    }),
  );
  const remove = useMutation(trpc.databases.remove.mutationOptions());
  const { id, name, version, usedBy } = database;
  const inUse =
    usedBy.length > 0
      ? `${formatCounted(usedBy.length, "connector")} ${usedBy.length === 1 ? "uses it: delete or move it" : "use it: delete or move them"} first`
      : undefined;
  return (
    <>
      <Button
        variant="primary"
        pending={test.isPending}
        blockedBecause={testing.reason}
        onClick={() => test.mutate({ id })}
      >
        {!test.isPending && <PlugZap aria-hidden />} {test.isPending ? "Connecting…" : "Test the connection"}
      </Button>
      {registering.allowed ? (
        <Button asChild>
          <Link href={editDatabasePath(id)}>
            <Pencil aria-hidden /> Edit
          </Link>
        </Button>
      ) : (
        <Button blockedBecause={registering.reason}>
          <Pencil aria-hidden /> Edit
        </Button>
      )}
      <Button blockedBecause={registering.reason ?? inUse} onClick={() => setRemoving(true)}>
        <Trash2 aria-hidden /> Remove
      </Button>
      {removing && (
        <ConfirmDialog
          open={removing}
          onOpenChange={setRemoving}
          title={`Remove ${name}?`}
          verb="Remove"
          pendingVerb="Removing…"
          buttonText={`Remove ${name}`}
          danger
          describeFailure={describeError}
          onConfirm={async () => {
            await remove.mutateAsync({ id, version });
            toast.success(`${name} is removed`);
            router.push("/databases");
            queries.removeQueries(trpc.databases.get.queryFilter({ id }));
            await queries.invalidateQueries(trpc.databases.list.pathFilter());
          }}
        >
          Headgate forgets this registration. The database itself, its tables and its secrets in Vault stay as
          they are.
        </ConfirmDialog>
      )}
    </>
  );
}
