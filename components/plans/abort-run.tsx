"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleStop } from "lucide-react";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { Plan, Run } from "./plan-outputs.ts";

const WHAT_IT_MEANS: Partial<Record<Run["state"], string>> = {
  queued: "It has not begun; nothing will happen.",
  running: "The step at hand is brought to an end; steps done so far stay done, the others are not begun.",
  needs_attention:
    "What the last step did stays as it is, without anybody having found out. Other plans may then work on the same things.",
};

export function AbortRun({ plan, run }: { plan: Plan; run: Run }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const abort = useMutation(
    trpc.plans.abort.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.plans.pathFilter()),
    }),
  );
  const verb = run.state === "needs_attention" ? "Give up" : "Abort";
  const { may } = plan;
  return (
    <>
      <Button
        pending={run.state === "aborting"}
        blockedBecause={may.run.allowed ? undefined : may.run.reason}
        onClick={() => setOpen(true)}
      >
        <CircleStop aria-hidden /> {run.state === "aborting" ? "Aborting…" : verb}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`${verb} “${plan.draft.title}”?`}
        verb={verb}
        danger
        describeFailure={describeError}
        onConfirm={() => abort.mutateAsync({ id: run.id })}
      >
        {WHAT_IT_MEANS[run.state]}
      </ConfirmDialog>
    </>
  );
}
