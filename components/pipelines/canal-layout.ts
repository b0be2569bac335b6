import { GAUGE, positionOf } from "#domain/pipelines/gate-view.ts";

/** One grid for the gauge, the lanes and the groups, so that positions line up: table, canal, gate, target, words. */
export const LANE_GRID =
  "grid grid-cols-[minmax(0,1fr)_1.25rem] items-center gap-x-2 md:grid-cols-[11rem_minmax(0,1fr)_1.25rem_15rem] xl:grid-cols-[11rem_minmax(0,1fr)_1.25rem_9rem_15rem] 2xl:grid-cols-[14rem_minmax(0,1fr)_1.25rem_12rem_20rem]";

/** The gauge's lines behind each lane, drawn once as a background. */
export const GAUGE_LINES = {
  backgroundImage: GAUGE.map(() => "linear-gradient(var(--border), var(--border))").join(","),
  backgroundSize: "1px 100%",
  backgroundRepeat: "no-repeat",
  backgroundPosition: GAUGE.map(({ ageMs }) => `${percent(positionOf(ageMs))} 0`).join(","),
} as const;

export function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}
