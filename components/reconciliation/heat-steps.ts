import { formatCounted } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import type { HeatMap } from "./reconciliation-outputs.ts";

type Cell = HeatMap["tables"][number]["cells"][number];

export type HeatStep = "unchecked" | "equal" | "trace" | "above" | "critical";

export const STEP_WORDS: Record<HeatStep, string> = {
  unchecked: "not checked",
  equal: "equal",
  trace: "some rows, within the threshold",
  above: "above the target",
  critical: "critical",
};

export function heatStep(cell: Pick<Cell, "isChecked" | "level" | "unexplainedRows">): HeatStep {
  if (!cell.isChecked || cell.level === "unknown") return "unchecked";
  if (cell.level === "critical") return "critical";
  if (cell.level === "above_target") return "above";
  return (cell.unexplainedRows ?? 0) > 0 ? "trace" : "equal";
}

/** One cell in words, for the tooltip and for who hears it. */
export function heatWords(cell: Cell): string {
  const failed = cell.failed > 0 ? `, ${formatCounted(cell.failed, "run")} failed` : "";
  if (!cell.isChecked) return `${cell.day}: not checked${failed}`;
  const step = STEP_WORDS[heatStep(cell)];
  return `${cell.day}: ${step}, ${formatDrift(cell.unexplainedPercent)} in ${formatCounted(cell.runs, "run")}${failed}`;
}
