import { StatusBadge, type StatusBadgeProps } from "#components/ui/status-badge.tsx";
import { confirmedIn } from "#domain/reconciliation/run.ts";
import type { CheckRow } from "./reconciliation-outputs.ts";
import { RUN_STATUS } from "./state-words.ts";

export interface RunBadgeProps extends Pick<StatusBadgeProps, "look"> {
  run: Pick<CheckRow, "state" | "isVerified" | "counts">;
}

/** A check that completed without being able to judge is not green, nor is one that found differences. */
export function RunBadge({ run: { state, isVerified, counts }, ...look }: RunBadgeProps) {
  const differs = state === "COMPLETED" && counts !== null && confirmedIn(counts) > 0;
  const isOpen = state === "COMPLETED" && isVerified === false;
  return (
    <StatusBadge status={isOpen ? "unknown" : differs ? "degraded" : RUN_STATUS[state]} {...look}>
      {isOpen ? "COMPLETED, not verified" : state}
    </StatusBadge>
  );
}
