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
import { formatCounted } from "#domain/format/numbers.ts";
import { ACTIONS, type BulkAction } from "./bulk-words.ts";
import type { OperatedItem } from "./connector-outputs.ts";

export interface BulkResultsProps {
  action: BulkAction;
  items: readonly OperatedItem[];
  onClose: () => void;
}

/** Who refused and why; they stay chosen for another try. */
export function BulkResults({ action, items, onClose }: BulkResultsProps) {
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent size="md">
        <DialogHeader>
          <DialogTitle>
            {ACTIONS[action].verb}: {formatCounted(items.length, "connector")} refused
          </DialogTitle>
          <DialogDescription>The others were done. These stay chosen.</DialogDescription>
        </DialogHeader>
        <DialogBody>
          <Table label="Connectors that refused">
            <TableHead>
              <TableRow>
                <TableHeader>Connector</TableHeader>
                <TableHeader>Reason</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {items.map((item) => (
                <TableRow key={`${item.cluster}/${item.name}`}>
                  <TableCell className="break-all font-mono">{item.name}</TableCell>
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
