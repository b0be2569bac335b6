"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { CheckedTableRow } from "./reconciliation-outputs.ts";

export interface CheckSelectionProps {
  tables: readonly Pick<CheckedTableRow, "id">[];
  onDone?: () => void;
}

/** Checks the chosen tables now, or plans it when a first full read has to be confirmed. */
export function CheckSelection({ tables, onDone }: CheckSelectionProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const { reason } = usePermission("reconciliation:run");
  const input = { tables: { ids: tables.map(({ id }) => id) }, scope: "full" } as const;
  // A second click can come before the first one's state is painted.
  const isSent = useRef(false);
  const onSettled = () => {
    isSent.current = false;
  };
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
      onSettled,
    }),
  );
  const propose = useMutation(
    trpc.reconciliation.propose.mutationOptions({
      onSuccess: ({ planId }) => router.push(`/plans/${planId}`),
      onError: (error) => toast.error("No plan was made", { description: describeError(error) }),
      onSettled,
    }),
  );
  const ask = (act: typeof start | typeof propose) => {
    if (isSent.current) return;
    isSent.current = true;
    act.mutate(input);
  };
  const busy = start.isPending || propose.isPending;
  return (
    <>
      <Button blockedBecause={reason} pending={start.isPending} disabled={busy} onClick={() => ask(start)}>
        Check now
      </Button>
      <Button
        variant="ghost"
        blockedBecause={reason}
        pending={propose.isPending}
        disabled={busy}
        onClick={() => ask(propose)}
      >
        Plan with its cost
      </Button>
    </>
  );
}
