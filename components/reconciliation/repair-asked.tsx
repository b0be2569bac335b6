import { DecideDialog, type Decision } from "./decide-dialog.tsx";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";
import { RepairDialog } from "./repair-dialog.tsx";

export type RepairQuestion = Decision | "repair";

export interface RepairAskedProps {
  asked: RepairQuestion | undefined;
  rows: readonly Pick<DiscrepancyRow, "id">[];
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

/** The dialog of what is asked about differing rows. */
export function RepairAsked({ asked, rows, onClose, onDone }: RepairAskedProps) {
  if (asked === undefined) return null;
  if (asked === "repair") return <RepairDialog rows={rows} onClose={onClose} />;
  return <DecideDialog decision={asked} rows={rows} onClose={onClose} onDone={onDone} />;
}
