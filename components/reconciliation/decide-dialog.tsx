"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { serverNow } from "#components/ui/clock.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { confirmLevel } from "#components/ui/confirm-level.ts";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";

export type Decision = "ignore" | "resolve" | "reopen";

export interface DecideDialogProps {
  decision: Decision;
  rows: readonly Pick<DiscrepancyRow, "id">[];
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

const WEEK = 7 * 86_400_000;
const WORDS = {
  ignore: {
    verb: "Ignore",
    pending: "Ignoring…",
    done: "Ignored",
    meaning: "They no longer count as unexplained drift until the day you name; then they are open again.",
  },
  resolve: {
    verb: "Resolve",
    pending: "Resolving…",
    done: "Resolved",
    meaning:
      "They count as dealt with. The next check has the last word: rows that still differ are open again.",
  },
  reopen: {
    verb: "Reopen",
    pending: "Reopening…",
    done: "Reopened",
    meaning: "They count as drift again, from now on.",
  },
} as const;

/** Decides about differing rows with a reason, without changing data. */
export function DecideDialog({ decision, rows, onClose, onDone }: DecideDialogProps) {
  const { verb, pending, done, meaning } = WORDS[decision];
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [until, setUntil] = useState(() => new Date(serverNow() + WEEK).toISOString().slice(0, 10));
  const options = {
    onSuccess: () => toast.success(`${done} ${formatCounted(rows.length, "row")}`),
    onSettled: () => void queries.invalidateQueries(trpc.reconciliation.pathFilter()),
  };
  const ignore = useMutation(trpc.reconciliation.ignore.mutationOptions(options));
  const resolve = useMutation(trpc.reconciliation.resolve.mutationOptions(options));
  const reopen = useMutation(trpc.reconciliation.reopen.mutationOptions(options));
  const decide = async (reason: string) => {
    const act = { selection: { ids: rows.map(({ id }) => id) }, reason };
    if (decision === "ignore") await ignore.mutateAsync({ ...act, until: new Date(`${until}T23:59:59Z`) });
    else await (decision === "resolve" ? resolve : reopen).mutateAsync(act);
    onDone?.();
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`${verb} ${formatCounted(rows.length, "row")}?`}
      description={meaning}
      verb={verb}
      pendingVerb={pending}
      count={rows.length}
      noun="row"
      level={confirmLevel(rows.length)}
      danger={false}
      asksReason="Kept with each row and in the audit trail."
      blockedBecause={decision === "ignore" && until === "" ? "Name the last day" : undefined}
      onConfirm={({ reason }) => decide(reason)}
      describeFailure={describeError}
    >
      {decision === "ignore" && (
        <Field label="Until the end of (UTC)">
          {(control) => (
            <Input
              {...control}
              type="date"
              value={until}
              onChange={(event) => setUntil(event.target.value)}
            />
          )}
        </Field>
      )}
    </ConfirmDialog>
  );
}
