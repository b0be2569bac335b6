import { formatCount, formatCounted } from "#domain/format/numbers.ts";

const WIDTH = 4;
const HEIGHT = 20;

/** Arrivals per hour, oldest left: when it began, whether it goes on. */
export function HourBars({ hours }: { hours: readonly number[] }) {
  const most = Math.max(...hours);
  const total = hours.reduce((sum, count) => sum + count, 0);
  const words =
    total === 0
      ? "None in 24 h"
      : `${formatCounted(total, "record")} in 24 h, ${formatCount(hours.at(-1) ?? 0)} in the last hour`;
  return (
    <span className="inline-flex items-center gap-2" title={words}>
      <svg
        viewBox={`0 0 ${hours.length * WIDTH} ${HEIGHT}`}
        className="h-5 w-24 shrink-0"
        role="img"
        aria-label={words}
      >
        <line
          x1="0"
          x2={hours.length * WIDTH}
          y1={HEIGHT - 0.5}
          y2={HEIGHT - 0.5}
          className="stroke-border"
          strokeWidth="1"
        />
        {hours.map((count, hour) => {
          if (count === 0) return null;
          const height = Math.max(2, (count / most) * (HEIGHT - 2));
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: an hour has no other identity
              key={hour}
              x={hour * WIDTH + 0.5}
              y={HEIGHT - height}
              width={WIDTH - 1}
              height={height}
              className="fill-series-1"
            />
          );
        })}
      </svg>
    </span>
  );
}
