const WIDTH = 4;
const HEIGHT = 20;

export interface BarsProps {
  /** Oldest left; null: not known, a gap in the ground the bars stand on. */
  values: readonly (number | null)[];
  /** The same in a sentence, for the pointer and for who hears it. */
  words: string;
}

/** A course of numbers in the height of a line. It has no scale of its own, so a number belongs beside it. */
export function Bars({ values, words }: BarsProps) {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  return (
    <span className="inline-flex items-center gap-2" title={words}>
      <svg
        viewBox={`0 0 ${values.length * WIDTH} ${HEIGHT}`}
        className="h-5 w-24 shrink-0"
        role="img"
        aria-label={words}
      >
        {values.map((value, place) => {
          if (value === null) return null;
          const height = value === 0 ? 0 : Math.max(2, (value / most) * (HEIGHT - 2));
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a moment has no other identity
            <g key={place} transform={`translate(${place * WIDTH} 0)`}>
              <line
                x1="0"
                x2={WIDTH}
                y1={HEIGHT - 0.5}
                y2={HEIGHT - 0.5}
                className="stroke-input"
                strokeWidth="1"
              />
              {height > 0 && (
                <rect
                  x={0.5}
                  y={HEIGHT - height}
                  width={WIDTH - 1}
                  height={height}
                  className="fill-series-1"
                />
              )}
            </g>
          );
        })}
      </svg>
    </span>
  );
}
