import type { ChartMark } from "#components/chart/chart-marks.ts";
import type { TableHistory } from "./reconciliation-outputs.ts";

type Mark = TableHistory["marks"][number];

const SIGNS: Record<Mark["kind"], Pick<ChartMark, "glyph" | "kind">> = {
  configuration: { glyph: "C", kind: "configuration put into force" },
  operation: { glyph: "O", kind: "connector paused, resumed, stopped or restarted" },
  repair: { glyph: "R", kind: "repair of this table" },
};

/** Everything beside the numbers: what people did, and checks that ended without a verdict. */
export function historyMarks({ points, marks }: Pick<TableHistory, "points" | "marks">): ChartMark[] {
  return [
    ...marks.map((mark) => ({ at: mark.at, words: mark.words, ...SIGNS[mark.kind] })),
    ...points
      .filter(({ unexplainedPercent }) => unexplainedPercent === null)
      .map(({ at, state }) => ({
        at,
        glyph: "✕",
        kind: "check without a verdict",
        words: state === "FAILED" ? "A check failed" : "A check could judge nothing",
        tone: "failed" as const,
      })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
}
