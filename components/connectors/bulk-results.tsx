"use client";

import { Button } from "#components/ui/button.tsx";
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "#components/ui/dialog.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import { ACTIONS, type BulkAction } from "./bulk-words.ts";
import type { OperatedItem } from "./connector-outputs.ts";

export interface BulkOutcome {
  action: BulkAction;
  /** Those that were not done. */
  items: readonly OperatedItem[];
  /** How many were. */
  done: number;
}

export interface BulkResultsProps extends BulkOutcome {
  onClose: () => void;
}

const OUTCOME: Record<OperatedItem["outcome"], string> = {
  done: "done",
  refused: "refused",
  unknown: "not known",
  not_tried: "not tried",
};

/** What was not done and why; it stays chosen for another try. */
export function BulkResults({ action, items, done, onClose }: BulkResultsProps) {
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent size="md">
        <DialogHeader>
          <DialogTitle>
            {ACTIONS[action].verb}: {formatCounted(items.length, "connector")}{" "}
            {items.length === 1 ? "was" : "were"} not done
          </DialogTitle>
          <DialogDescription>
            {done === 1 && "The other one was done. "}
            {done > 1 && `The other ${formatCount(done)} were done. `}
            {items.length === 1 ? "This one stays chosen." : "These stay chosen."}
          </DialogDescription>
        </DialogHeader>
        <DialogBody>
          <Table label="Connectors that were not done">
            <TableHead>
              <TableRow>
                <TableHeader>Connector</TableHeader>
                <TableHeader>What became of it</TableHeader>
                <TableHeader>Reason</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {items.map((item) => (
                <TableRow key={`${item.cluster}/${item.name}`}>
                  <TableCell className="break-all font-mono">{item.name}</TableCell>
                  <TableCell className="whitespace-nowrap">{OUTCOME[item.outcome]}</TableCell>
                  <TableCell>{item.message}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Close</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
