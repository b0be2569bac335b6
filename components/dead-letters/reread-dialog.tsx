"use client";

import { ProposeDialog } from "#components/plans/propose-dialog.tsx";
import { useTRPCClient } from "#components/shell/trpc.ts";
import { type RepairTarget, targetCount, targetWords } from "./repair-target.ts";

export interface RereadDialogProps {
  target: RepairTarget & { cluster: string };
  onClose: () => void;
}

/** The rows as they are now come through the pipeline again; what the old events held no longer matters. */
export function RereadDialog({ target, onClose }: RereadDialogProps) {
  const client = useTRPCClient();
  const { cluster, selection } = target;
  return (
    <ProposeDialog
      title={`Read the rows of ${targetWords(target)} again?`}
      description="Nothing happens yet. The source connector reads just these rows and sends them as they are now, through the normal path. Nothing older can overwrite anything newer."
      button={`Plan to read the rows of ${targetCount(target)}`}
      propose={() => client.deadLetters.proposeReread.mutate({ cluster, selection })}
      onClose={onClose}
    />
  );
}
