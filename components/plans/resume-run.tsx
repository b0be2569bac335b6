"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { StepForward } from "lucide-react";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { Plan, Run } from "./plan-outputs.ts";

export function ResumeRun({ plan, run }: { plan: Plan; run: Run }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const resume = useMutation(
    trpc.plans.resume.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.plans.pathFilter()),
    }),
  );
  const { may } = plan;
  const next = run.steps.find((step) => step.state !== "succeeded" && step.state !== "skipped");
  return (
    <>
      <Button
        variant="primary"
        blockedBecause={may.run.allowed ? undefined : may.run.reason}
        onClick={() => setOpen(true)}
      >
        <StepForward aria-hidden /> Resume
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Resume “${plan.draft.title}”?`}
        verb="Resume"
        pendingVerb="Resuming…"
        describeFailure={describeError}
        onConfirm={() => resume.mutateAsync({ id: run.id })}
      >
        {next
          ? `It goes on at step ${next.position + 1}, “${next.title}”. First the engine is asked whether that step was done; if so it is not done again.`
          : "Every step is done; only the end is written down."}
      </ConfirmDialog>
    </>
  );
}
