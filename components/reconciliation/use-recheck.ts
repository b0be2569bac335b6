import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { toast } from "#components/ui/toast.ts";
import { useOneAtATime } from "#components/ui/use-one-at-a-time.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";

/** Compares exactly these rows once more. */
export function useRecheck() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const oneAtATime = useOneAtATime();
  const recheck = useMutation(
    trpc.reconciliation.recheck.mutationOptions({
      onSuccess: ({ runs }) => {
        const rows = runs.reduce((sum, run) => sum + run.rows, 0);
        toast.success(`${formatCounted(rows, "row")} queued to be checked again`);
      },
      onError: (error) => toast.error("They are not checked again", { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.reconciliation.pathFilter()),
    }),
  );
  return {
    isPending: recheck.isPending,
    recheck: (rows: readonly Pick<DiscrepancyRow, "id">[], onQueued?: () => void) =>
      oneAtATime(() =>
        recheck.mutateAsync(
          { selection: { ids: rows.map(({ id }) => id) } },
          { onSuccess: () => onQueued?.() },
        ),
      ),
  };
}
