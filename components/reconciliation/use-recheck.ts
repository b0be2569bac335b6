import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";

/** Compares exactly these rows once more. */
export function useRecheck() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  // A second click can come before the first one's state is painted.
  const isSent = useRef(false);
  const recheck = useMutation(
    trpc.reconciliation.recheck.mutationOptions({
      onSuccess: ({ runs }) => {
        const rows = runs.reduce((sum, run) => sum + run.rows, 0);
        toast.success(`${formatCounted(rows, "row")} queued to be checked again`);
      },
      onError: (error) => toast.error("They are not checked again", { description: describeError(error) }),
      onSettled: () => {
        isSent.current = false;
        return queries.invalidateQueries(trpc.reconciliation.pathFilter());
      },
    }),
  );
  return {
    isPending: recheck.isPending,
    recheck: (rows: readonly Pick<DiscrepancyRow, "id">[], onQueued?: () => void) => {
      if (isSent.current) return;
      isSent.current = true;
      recheck.mutate({ selection: { ids: rows.map(({ id }) => id) } }, { onSuccess: () => onQueued?.() });
    },
  };
}
