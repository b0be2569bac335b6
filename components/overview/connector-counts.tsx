import { HEALTH_STATUS } from "#components/connectors/health-badge.tsx";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import type { Health } from "#domain/connectors/health.ts";
import { formatCount } from "#domain/format/numbers.ts";

const ORDER: readonly Health[] = [
  "failed",
  "degraded",
  "unknown",
  "starting",
  "paused",
  "stopped",
  "healthy",
];

export interface ConnectorCountsProps {
  total: number;
  byHealth: Partial<Record<Health, number>>;
}

/** How many connectors are how well; each number leads to its list. */
export function ConnectorCounts({ total, byHealth }: ConnectorCountsProps) {
  const shown = ORDER.filter(
    (health) => (byHealth[health] ?? 0) > 0 || health === "failed" || health === "healthy",
  );
  return (
    <ul
      aria-label={`${formatCount(total)} connectors by state`}
      className="grid grid-cols-[repeat(auto-fit,minmax(7rem,1fr))] gap-px overflow-hidden rounded-lg border bg-border"
    >
      {shown.map((health) => (
        <li key={health} className="flex flex-col gap-0.5 bg-card px-3 py-2">
          <span className="flex items-center gap-1.5 text-meta text-muted-foreground">
            <StatusIcon status={HEALTH_STATUS[health]} />
            {health}
          </span>
          <span className="font-semibold text-figure">{formatCount(byHealth[health] ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}
