import { type Status, StatusBadge } from "#components/ui/status-badge.tsx";
import type { Health } from "#domain/connectors/health.ts";

export const HEALTH_STATUS: Record<Health, Status> = {
  healthy: "healthy",
  degraded: "degraded",
  failed: "failed",
  paused: "held",
  stopped: "held",
  starting: "working",
  unknown: "unknown",
};

export interface HealthBadgeProps {
  health: Health;
  /** "2 of 3 tasks" and the like, after the word. */
  detail?: string;
  look?: "text" | "pill";
}

export function HealthBadge({ health, detail, look = "text" }: HealthBadgeProps) {
  return (
    <StatusBadge status={HEALTH_STATUS[health]} look={look}>
      {health}
      {detail && ` · ${detail}`}
    </StatusBadge>
  );
}
