"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.ts";

/** Takes what is live as the wanted configuration. */
export function AdoptButton({ connector }: { connector: { cluster: string; name: string } }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { reason } = usePermission("connectors:configure");
  const adopt = useMutation(
    trpc.connectors.adopt.mutationOptions({
      onSuccess: ({ version }) => toast.success(`Adopted what is live as version ${version}`),
      onError: (error) =>
        toast.error("The live configuration was not adopted", { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.connectors.pathFilter()),
    }),
  );
  return (
    <Button blockedBecause={reason} pending={adopt.isPending} onClick={() => adopt.mutate(connector)}>
      Adopt as a version
    </Button>
  );
}
