import { Bars } from "#components/ui/bars.tsx";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";

/** Arrivals per hour, oldest left: when it began, whether it goes on. */
export function HourBars({ hours }: { hours: readonly number[] }) {
  const total = hours.reduce((sum, count) => sum + count, 0);
  const words =
    total === 0
      ? "None in 24 h"
      : `${formatCounted(total, "record")} in 24 h, ${formatCount(hours.at(-1) ?? 0)} in the last hour`;
  return <Bars values={hours} words={words} />;
}
