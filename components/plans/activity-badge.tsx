import { type Status, StatusBadge } from "#components/ui/status-badge.tsx";
import { type ActivityState, activityWords } from "#domain/plans/activity.ts";

const STATUS: Record<ActivityState, Status> = {
  proposed: "held",
  approved: "held",
  queued: "working",
  running: "working",
  aborting: "working",
  needs_attention: "degraded",
  failed: "failed",
  aborted: "unknown",
  succeeded: "healthy",
  discarded: "unknown",
  expired: "unknown",
};

export interface ActivityBadgeProps {
  state: ActivityState;
  /** In place of the state's own word. */
  words?: string;
  look?: "text" | "pill";
}

export function ActivityBadge({ state, words, look = "text" }: ActivityBadgeProps) {
  return (
    <StatusBadge status={STATUS[state]} look={look}>
      {words ?? activityWords(state)}
    </StatusBadge>
  );
}
