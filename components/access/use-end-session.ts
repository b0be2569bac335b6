"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { toast } from "#components/ui/toast.ts";

/** Ends one session and says so; whoever used it has to sign in again. */
export function useEndSession() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMutation(
    trpc.access.endSession.mutationOptions({
      onSuccess: () => toast.success("The session has ended"),
      onError: (error) => toast.error("The session was not ended", { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.access.pathFilter()),
    }),
  );
}
