"use client";

import { useTick } from "#components/ui/clock.tsx";
import { Count } from "#components/ui/count.tsx";
import { formatAge } from "#domain/format/durations.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";

export interface LagWordsProps {
  events: number | null;
  /** Since when the oldest of them waits. */
  since: Date | null;
  /** Tables whose lag is not in the number, because nobody has said it. */
  unknown?: number;
}

/** "0", "212 · 4 min", "0 · 1 table unknown": events that wait and how long the oldest has waited, ticking. */
export function LagWords({ events, since, unknown = 0 }: LagWordsProps) {
  const age = useTick((now) => (since ? formatAge(Math.max(0, now - since.getTime())) : ""));
  if (events === null) return <Count value={null} />;
  return (
    <span>
      {formatCount(events)}
      {events > 0 && age && <span className="text-muted-foreground"> · {age}</span>}
      {unknown > 0 && (
        <span className="text-muted-foreground"> · {formatCounted(unknown, "table")} unknown</span>
      )}
    </span>
  );
}
