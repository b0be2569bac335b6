import Link from "next/link";
import { sinkLettersPath } from "#components/dead-letters/dead-letter-paths.ts";
import { cn } from "#components/ui/cn.ts";
import { Count } from "#components/ui/count.tsx";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import type { DeadLetterCount } from "#domain/observability/sink-progress.ts";
import { LANE_GRID } from "./canal-layout.ts";

export interface DeadLetterBasinProps {
  cluster: string;
  letters: DeadLetterCount;
  isCurrent: boolean;
}

/** The basin beside the canal: what sinks set aside into one dead-letter topic instead of delivering. */
export function DeadLetterBasin({ cluster, letters, isCurrent }: DeadLetterBasinProps) {
  const { topic, sinks, count } = letters;
  const words =
    count === null
      ? "The topic does not exist yet"
      : count === 0
        ? "Nothing set aside"
        : `${formatCounted(count, "record")} set aside`;
  return (
    <li data-lane={`basin ${topic}`} className={cn(LANE_GRID, "min-h-(--row-height) border-t py-0.5")}>
      <span className="flex min-w-0 items-center gap-1.5 max-md:col-span-2">
        <StatusIcon status={count === null ? "unknown" : count > 0 ? "degraded" : "healthy"} />
        <Link
          href={sinkLettersPath(cluster, sinks)}
          data-stop
          tabIndex={isCurrent ? 0 : -1}
          className="min-w-0 truncate text-link text-table hover:underline"
          title={`Dead letters of ${sinks.join(", ")}`}
        >
          Dead letters
        </Link>
      </span>
      <span className="relative flex h-7 items-end justify-end">
        <span
          aria-hidden
          className="relative mb-1 flex h-5 min-w-24 items-center justify-center overflow-hidden rounded-b-lg px-2 border-2 border-t-0 text-meta"
        >
          <span
            className="absolute inset-x-0 bottom-0 bg-degraded-soft"
            style={{ height: `${fillOf(count ?? 0)}%` }}
          />
          <span className={cn("relative", count ? "font-semibold text-degraded" : "text-muted-foreground")}>
            <Count value={count} />
          </span>
        </span>
      </span>
      <span />
      <span className="truncate font-mono text-muted-foreground text-table max-xl:hidden" title={topic}>
        {topic}
      </span>
      <span
        className={cn("min-w-0 truncate text-table max-md:col-span-2", !count && "text-muted-foreground")}
      >
        {words}
      </span>
    </li>
  );
}

/** One record must be seen, and a million must not look like ten times a hundred thousand. */
function fillOf(count: number): number {
  return count === 0 ? 0 : Math.min(100, 25 + Math.log10(count) * 12.5);
}
