"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { startBlocked } from "./plan-answer.ts";
import { PlanEffects } from "./plan-effects.tsx";
import type { Plan } from "./plan-outputs.ts";

/** Starts the run, with as much friction as the plan can do damage. */
export function StartPlan({ plan }: { plan: Plan }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const start = useMutation(
    trpc.plans.start.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.plans.pathFilter()),
    }),
  );
  const blocked = startBlocked(plan);
  useShortcut("s", {
    description: "Start the plan",
    group: "Plan",
    disabled: blocked !== undefined,
    run: () => setOpen(true),
  });
  const { level, title, confirmName } = plan.draft;
  const { name, count } = plan.countToType;
  return (
    <>
      <Button
        variant={level === 3 ? "danger" : "primary"}
        blockedBecause={blocked}
        aria-keyshortcuts="s"
        onClick={() => setOpen(true)}
      >
        <Play aria-hidden /> Start
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Start “${title}”?`}
        verb="Start"
        pendingVerb="Starting…"
        buttonText="Start"
        level={level}
        danger={level === 3}
        {...(level > 1 ? { count, noun: name } : {})}
        {...(confirmName === undefined ? {} : { confirmName })}
        describeFailure={describeError}
        onConfirm={({ reason }) =>
          start.mutateAsync({
            planId: plan.id,
            confirmation: {
              ...(reason ? { reason } : {}),
              ...(level > 1 ? { typedCount: count } : {}),
              ...(level > 2 && confirmName !== undefined ? { typedName: confirmName } : {}),
            },
          })
        }
      >
        <PlanEffects draft={plan.draft} />
        {level === 3 && (
          <p className="mt-3">
            After the start there are {plan.cancelWindowSeconds} seconds to take it back before anything
            happens.
          </p>
        )}
      </ConfirmDialog>
    </>
  );
}
