/** Something that happened at a moment, beside the numbers: a deployment, a repair, a check that failed. */
export interface ChartMark {
  at: Date;
  /** One letter or sign on the drawing, explained by `kind`. */
  glyph: string;
  kind: string;
  words: string;
  tone?: "failed" | undefined;
}

export interface MarkGroup {
  at: number;
  /** The sign of what happened, or how many things did. */
  glyph: string;
  isFailed: boolean;
}

/** So many signs fit beside each other before they cover one another. */
const PLACES = 40;

/** What falls on the same place of the drawing is one line with one sign. */
export function groupMarks(marks: readonly ChartMark[], range: { from: Date; to: Date }): MarkGroup[] {
  const from = range.from.getTime();
  const place = Math.max(1, (range.to.getTime() - from) / PLACES);
  const inside = marks.filter(({ at }) => at >= range.from && at <= range.to);
  return [...Map.groupBy(inside, ({ at }) => Math.floor((at.getTime() - from) / place)).values()].map(
    (group) => ({
      at: group[0]?.at.getTime() ?? 0,
      glyph:
        new Set(group.map(({ glyph }) => glyph)).size === 1 ? (group[0]?.glyph ?? "") : `${group.length}`,
      isFailed: group.some(({ tone }) => tone === "failed"),
    }),
  );
}

/** What the signs on the drawing stand for, each once. */
export function markKinds(marks: readonly ChartMark[]): { glyph: string; kind: string; count: number }[] {
  return [...Map.groupBy(marks, ({ kind }) => kind)].map(([kind, same]) => ({
    glyph: same[0]?.glyph ?? "",
    kind,
    count: same.length,
  }));
}
