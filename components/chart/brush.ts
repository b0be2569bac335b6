export interface TimeRange {
  from: Date;
  to: Date;
}

/** Where the drawing's own area begins and ends inside its box, in pixels: the value axis left, the names of the lines right. */
export const PLOT_LEFT = 72;
export const PLOT_RIGHT = 88;

const MOST_ZOOM_MS = 60_000;

/** The place of a pointer on the time axis, 0 to 1. */
export function placeOf(clientX: number, box: { left: number; width: number }): number {
  const width = Math.max(1, box.width - PLOT_LEFT - PLOT_RIGHT);
  return Math.min(1, Math.max(0, (clientX - box.left - PLOT_LEFT) / width));
}

/** What two places of an axis enclose; undefined for a click. */
export function rangeBetween(a: number, b: number, { from, to }: TimeRange): TimeRange | undefined {
  const [low, high] = a < b ? [a, b] : [b, a];
  if (high - low < 0.01) return undefined;
  const span = to.getTime() - from.getTime();
  const at = (place: number) => new Date(from.getTime() + Math.round(place * span));
  return atLeastAMinute({ from: at(low), to: at(high) });
}

/** Moved by a share of its length: -0.5 is half a length back. */
export function shifted({ from, to }: TimeRange, share: number): TimeRange {
  const by = (to.getTime() - from.getTime()) * share;
  return { from: new Date(from.getTime() + by), to: new Date(to.getTime() + by) };
}

/** Around the same middle: 0.5 is half as long. */
export function scaled({ from, to }: TimeRange, factor: number): TimeRange {
  const half = ((to.getTime() - from.getTime()) / 2) * factor;
  const middle = (from.getTime() + to.getTime()) / 2;
  return atLeastAMinute({ from: new Date(middle - half), to: new Date(middle + half) });
}

function atLeastAMinute({ from, to }: TimeRange): TimeRange {
  const lack = MOST_ZOOM_MS - (to.getTime() - from.getTime());
  if (lack <= 0) return { from, to };
  return { from: new Date(from.getTime() - lack / 2), to: new Date(to.getTime() + lack / 2) };
}
