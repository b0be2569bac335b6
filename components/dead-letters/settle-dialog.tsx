"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { confirmLevel } from "#components/ui/confirm-level.ts";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import { type RepairTarget, targetCount, targetWords } from "./repair-target.ts";
import { SETTLING, type Settling } from "./settling.ts";

export interface SettleDialogProps {
  settling: Settling;
  target: RepairTarget;
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

/** Closes or reopens records with a reason, without sending anything. */
export function SettleDialog({ settling, target, onClose, onDone }: SettleDialogProps) {
  const { verb, pending, done, title, meaning, example } = SETTLING[settling];
  const trpc = useTRPC();
  const queries = useQueryClient();
  const settle = useMutation(
    trpc.deadLetters[settling].mutationOptions({
      onSuccess: ({ settled }) => toast.success(`${done} ${formatCounted(settled, "record")}`),
      onSettled: () => void queries.invalidateQueries(trpc.deadLetters.pathFilter()),
    }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`${title} ${targetWords(target)}?`}
      description={meaning}
      verb={verb}
      pendingVerb={pending}
      buttonText={`${verb} ${targetCount(target)}`}
      count={target.records}
      level={confirmLevel(target.records)}
      danger={false}
      asksReason={`Kept with each record and in the audit trail. ${example}`}
      onConfirm={async ({ reason }) => {
        await settle.mutateAsync({ selection: target.selection, reason });
        onDone?.();
      }}
      describeFailure={describeError}
    />
  );
}
