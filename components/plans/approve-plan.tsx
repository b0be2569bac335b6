"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { UserCheck } from "lucide-react";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { PlanEffects } from "./plan-effects.tsx";
import type { Plan } from "./plan-outputs.ts";

/** The second person's yes, with a reason. */
export function ApprovePlan({ plan }: { plan: Plan }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const approve = useMutation(
    trpc.plans.approve.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.plans.pathFilter()),
    }),
  );
  const { may } = plan;
  return (
    <>
      <Button
        variant="primary"
        blockedBecause={may.approve.allowed ? undefined : may.approve.reason}
        onClick={() => setOpen(true)}
      >
        <UserCheck aria-hidden /> Approve
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Approve “${plan.draft.title}”?`}
        verb="Approve"
        pendingVerb="Approving…"
        level={2}
        danger={false}
        describeFailure={describeError}
        onConfirm={({ reason }) => approve.mutateAsync({ id: plan.id, reason })}
      >
        <p className="mb-3">
          You say that what {plan.author.name} proposed is right. It does not start by this.
        </p>
        <PlanEffects draft={plan.draft} />
      </ConfirmDialog>
    </>
  );
}
