import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";

/** Checks every row of the given tables now; asked again for the same before there is an answer, it does not ask twice. */
export function useCheckNow(onDone?: () => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  // A second click can come before the first one's state is painted.
  const asked = useRef(new Set<string>());
  const start = useMutation(
    trpc.reconciliation.start.mutationOptions({
      onSuccess: async (started) => {
        const queued = started.runs.filter(({ isNew }) => isNew).length;
        if (queued > 0) toast.success(`${formatCounted(queued, "check")} queued`);
        else toast.info("A check is under way already", { description: "Ask again once it has ended." });
        await queries.invalidateQueries(trpc.reconciliation.pathFilter());
        onDone?.();
      },
      onError: (error) => toast.error("Not started", { description: describeError(error) }),
      onSettled: (_started, _error, { tables }) => {
        asked.current.delete(JSON.stringify(tables));
      },
    }),
  );
  return {
    isPending: start.isPending,
    checkNow: (ids: number[]) => {
      const tables = { ids };
      if (asked.current.has(JSON.stringify(tables))) return;
      asked.current.add(JSON.stringify(tables));
      start.mutate({ tables, scope: "full" });
    },
  };
}
