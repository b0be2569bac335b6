import type { Route } from "next";
import { HEALTH_STATUS } from "#components/connectors/health-badge.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import type { Health } from "#domain/connectors/health.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";

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
      aria-label={`${formatCounted(total, "connector")} by state`}
      className="flex flex-wrap gap-px overflow-hidden rounded-lg border bg-border"
    >
      {shown.map((health) => (
        <li key={health} className="grow basis-24 bg-card">
          <HoverLink
            href={`/connectors?q=state:${health}` as Route}
            className="-outline-offset-2 flex flex-col gap-0.5 px-3 py-2 hover:bg-accent/50"
          >
            <span className="flex items-center gap-1.5 text-meta text-muted-foreground">
              <StatusIcon status={HEALTH_STATUS[health]} />
              {health}
            </span>
            <span className="font-semibold text-figure">{formatCount(byHealth[health] ?? 0)}</span>
          </HoverLink>
        </li>
      ))}
    </ul>
  );
}
