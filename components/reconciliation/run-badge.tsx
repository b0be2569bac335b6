import { StatusBadge, type StatusBadgeProps } from "#components/ui/status-badge.tsx";
import type { CheckRow } from "./reconciliation-outputs.ts";
import { RUN_STATUS } from "./state-words.ts";

export interface RunBadgeProps extends Pick<StatusBadgeProps, "look"> {
  run: Pick<CheckRow, "state" | "isVerified">;
}

/** A check that completed without being able to judge is not green. */
export function RunBadge({ run: { state, isVerified }, ...look }: RunBadgeProps) {
  const isOpen = state === "COMPLETED" && isVerified === false;
  return (
    <StatusBadge status={isOpen ? "unknown" : RUN_STATUS[state]} {...look}>
      {isOpen ? "COMPLETED, not verified" : state}
    </StatusBadge>
  );
}
