"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { toast } from "#components/ui/toast.ts";
import type { CredentialRef } from "#domain/credentials/schema.ts";

/** Asks Vault now, whatever it said a moment ago, and lets every list on the screen read the new answer. */
export function useCheckAgain() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (refs: readonly CredentialRef[]) =>
      Promise.all(refs.map((ref) => client.credentials.check.query({ ...ref, fresh: true }))),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries(trpc.credentials.pathFilter()),
        queries.invalidateQueries(trpc.databases.get.pathFilter()),
        queries.invalidateQueries(trpc.databases.list.pathFilter()),
      ]),
    onError: (error) => toast.error("Vault was not asked", { description: describeError(error) }),
  });
}
