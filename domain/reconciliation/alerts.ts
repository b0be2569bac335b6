import { formatDrift } from "./drift.ts";
import type { TableVerdict } from "./table-state.ts";

/** Alerts of the reconciliation, as states; the names are those of the rules for Prometheus. */
export interface DriftAlert {
  name:
    | "ReconciliationDriftCritical"
    | "ReconciliationDriftAboveTarget"
    | "ReconciliationJobFailed"
    | "ReconciliationStale";
  severity: "critical" | "warning";
  words: string;
  since: Date | null;
  runbook: string;
}

/** Drift that stays this long is critical; a shorter peak may be a repair on its way. */
export const CRITICAL_AFTER_MS = 2 * 60_000;
const RUNBOOK = "docs/runbooks/reconciliation.md";

export interface AlertFacts {
  verdict: TableVerdict;
  thresholds: { targetPercent: number; criticalPercent: number };
  /** Since when the drift is above the critical threshold. */
  criticalSince: Date | null;
  lastFailedAt: Date | null;
  verifiedAt: Date | null;
}

export function driftAlerts(facts: AlertFacts, now: Date): DriftAlert[] {
  const { verdict, thresholds, criticalSince } = facts;
  const alerts: DriftAlert[] = [];
  const isLasting = criticalSince !== null && now.getTime() - criticalSince.getTime() >= CRITICAL_AFTER_MS;
  if (verdict.level === "critical" && isLasting)
    alerts.push({
      name: "ReconciliationDriftCritical",
      severity: "critical",
      words: `Unexplained drift is ${formatDrift(verdict.unexplainedPercent)}, above ${thresholds.criticalPercent} %`,
      since: criticalSince,
      runbook: `${RUNBOOK}#reconciliationdriftcritical`,
    });
  else if (verdict.level === "above_target" || verdict.level === "critical")
    alerts.push({
      name: "ReconciliationDriftAboveTarget",
      severity: "warning",
      words: `Unexplained drift is ${formatDrift(verdict.unexplainedPercent)}, above ${thresholds.targetPercent} %`,
      since: criticalSince,
      runbook: `${RUNBOOK}#reconciliationdriftabovetarget`,
    });
  if (facts.lastFailedAt !== null)
    alerts.push({
      name: "ReconciliationJobFailed",
      severity: "warning",
      words: verdict.words,
      since: facts.lastFailedAt,
      runbook: `${RUNBOOK}#reconciliationjobfailed`,
    });
  if (verdict.state === "stale")
    alerts.push({
      name: "ReconciliationStale",
      severity: "warning",
      words: verdict.words,
      since: facts.verifiedAt,
      runbook: `${RUNBOOK}#reconciliationstale`,
    });
  return alerts;
}
