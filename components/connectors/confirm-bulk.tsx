"use client";

import { describeError } from "#components/shell/describe-error.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import { ACTIONS, type BulkAction } from "./bulk-words.ts";

const NAMED = 8;

export interface ConfirmBulkProps {
  action: BulkAction;
  names: readonly string[];
  onOpenChange: (open: boolean) => void;
  onConfirm: () => Promise<unknown>;
}

export function ConfirmBulk({ action, names, onOpenChange, onConfirm }: ConfirmBulkProps) {
  const { verb, consequence } = ACTIONS[action];
  const rest = names.length - NAMED;
  return (
    <ConfirmDialog
      open
      onOpenChange={onOpenChange}
      title={`${verb}: ${formatCounted(names.length, "connector")}?`}
      verb={verb}
      count={names.length}
      noun="connector"
      onConfirm={onConfirm}
      describeFailure={describeError}
    >
      <p>{consequence}</p>
      <ul className="mt-2 list-disc pl-5">
        {names.slice(0, NAMED).map((name) => (
          <li key={name} className="break-all font-mono">
            {name}
          </li>
        ))}
        {rest > 0 && <li>and {rest} more</li>}
      </ul>
    </ConfirmDialog>
  );
}
