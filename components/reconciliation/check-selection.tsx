"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { planPath } from "#components/plans/plan-path.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.ts";
import { useOneAtATime } from "#components/ui/use-one-at-a-time.ts";
import type { CheckedTableRow } from "./reconciliation-outputs.ts";
import { useCheckNow } from "./use-check-now.ts";

export interface CheckSelectionProps {
  tables: readonly Pick<CheckedTableRow, "id">[];
  onDone?: () => void;
  /** `c` asks for it too: the page is about these tables alone. */
  hasKey?: boolean;
}

/** Checks the chosen tables now, or plans it when a first full read has to be confirmed. */
export function CheckSelection({ tables, onDone, hasKey = false }: CheckSelectionProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const { reason } = usePermission("reconciliation:run");
  const ids = tables.map(({ id }) => id);
  const { checkNow, isPending } = useCheckNow(onDone);
  const oneAtATime = useOneAtATime();
  const propose = useMutation(
    trpc.reconciliation.propose.mutationOptions({
      onSuccess: ({ planId }) => router.push(planPath(planId)),
      onError: (error) => toast.error("No plan was made", { description: describeError(error) }),
    }),
  );
  const plan = () => oneAtATime(() => propose.mutateAsync({ tables: { ids }, scope: "full" }));
  const busy = isPending || propose.isPending;
  useShortcut("c", {
    description: "Check the table now",
    group: "Reconciliation",
    disabled: !hasKey || busy || reason !== undefined,
    run: () => checkNow(ids),
  });
  return (
    <>
      <Button blockedBecause={reason} pending={isPending} disabled={busy} onClick={() => checkNow(ids)}>
        Check now
      </Button>
      <Button
        variant="ghost"
        blockedBecause={reason}
        pending={propose.isPending}
        disabled={busy}
        onClick={plan}
      >
        Plan with its cost
      </Button>
    </>
  );
}
