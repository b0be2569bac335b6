"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { Plan } from "./plan-outputs.ts";

export function DiscardPlan({ plan }: { plan: Plan }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const discard = useMutation(
    trpc.plans.discard.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.plans.pathFilter()),
    }),
  );
  const { may } = plan;
  return (
    <>
      <Button
        blockedBecause={may.discard.allowed ? undefined : may.discard.reason}
        onClick={() => setOpen(true)}
      >
        Discard
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Discard “${plan.draft.title}”?`}
        verb="Discard"
        pendingVerb="Discarding…"
        describeFailure={describeError}
        onConfirm={() => discard.mutateAsync({ id: plan.id })}
      >
        Nothing has happened yet and nothing will. The plan stays in the activity list.
      </ConfirmDialog>
    </>
  );
}
