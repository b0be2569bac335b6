import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { Section } from "#components/ui/section.tsx";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import type { Fleet } from "./reconciliation-outputs.ts";
import { checkedTablePath } from "./reconciliation-paths.ts";

const MOST_SHOWN = 10;

/** What fires now, the critical first; the same names as the rules for Prometheus. */
export function DriftAlerts({ alerts }: Pick<Fleet, "alerts">) {
  if (alerts.length === 0) return null;
  const shown = alerts.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_SHOWN);
  const critical = alerts.filter(({ severity }) => severity === "critical").length;
  const more = alerts.length - shown.length;
  return (
    <Section
      title="Alerts"
      description={`${formatCounted(alerts.length, "alert")}, ${critical} critical${more > 0 ? `; the first ${shown.length} are shown` : ""}.`}
      flush
    >
      <ul>
        {shown.map((alert) => (
          <li
            key={`${alert.tableId} ${alert.name}`}
            className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-2.5 gap-y-0.5 border-b px-3 py-1.5 text-table last:border-b-0 lg:grid-cols-[auto_minmax(0,14rem)_minmax(0,1fr)_minmax(0,18rem)_auto]"
          >
            <StatusIcon status={alert.severity === "critical" ? "failed" : "degraded"} className="mt-0.5" />
            <HoverLink
              href={checkedTablePath(alert.tableId)}
              className="min-w-0 font-medium text-link hover:underline"
            >
              <Name>{alert.table}</Name>
            </HoverLink>
            <span className="min-w-0 break-words max-lg:order-last max-lg:col-span-2 max-lg:col-start-2">
              <span className="sr-only">{alert.severity}: </span>
              {alert.words}
            </span>
            <span className="min-w-0 truncate font-mono text-muted-foreground max-lg:hidden">
              {alert.name}
            </span>
            <span className="whitespace-nowrap text-meta text-muted-foreground">
              {alert.since && <TimeStamp value={alert.since} event="since" inRow />}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function rank({ severity }: Fleet["alerts"][number]): number {
  return severity === "critical" ? 0 : 1;
}
