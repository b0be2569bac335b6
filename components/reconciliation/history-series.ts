import type { ChartSeries } from "#components/chart/chart-series.ts";
import type { TableHistory } from "./reconciliation-outputs.ts";

type Points = TableHistory["points"];

/** Share of the rows that differ, over time. */
export function shareSeries(points: Points): ChartSeries[] {
  return [
    {
      id: "unexplained",
      label: "Unexplained",
      points: points.map(({ at, unexplainedPercent }) => ({ at, value: unexplainedPercent })),
    },
    {
      id: "explained",
      label: "Explained",
      points: points.map(({ at, explainedPercent }) => ({ at, value: explainedPercent })),
    },
  ];
}

/** In what way rows differed; checks of a few chosen rows say nothing about the others and are left out. */
export function kindSeries(points: Points): ChartSeries[] {
  const whole = points.filter(({ scope }) => scope !== "keys");
  return [
    {
      id: "missing_in_target",
      label: "Missing",
      points: whole.map(({ at, missingInTarget }) => ({ at, value: missingInTarget })),
    },
    {
      id: "missing_in_source",
      label: "Extra",
      points: whole.map(({ at, missingInSource }) => ({ at, value: missingInSource })),
    },
    {
      id: "value_mismatch",
      label: "Changed",
      points: whole.map(({ at, valueMismatch }) => ({ at, value: valueMismatch })),
    },
  ];
}
