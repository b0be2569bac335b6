"use client";

import { useTick } from "#components/ui/clock.tsx";
import { Count } from "#components/ui/count.tsx";
import { formatAge } from "#domain/format/durations.ts";
import { formatCount } from "#domain/format/numbers.ts";

export interface LagWordsProps {
  events: number | null;
  /** Since when the oldest of them waits. */
  since: Date | null;
}

/** "0", "212 · 4 min": events that wait and how long the oldest has waited, ticking. */
export function LagWords({ events, since }: LagWordsProps) {
  const age = useTick((now) => (since ? formatAge(Math.max(0, now - since.getTime())) : ""));
  if (events === null) return <Count value={null} />;
  if (events === 0) return <span>0</span>;
  return (
    <span>
      {formatCount(events)}
      {age && <span className="text-muted-foreground"> · {age}</span>}
    </span>
  );
}
