"use client";

import type { Route } from "next";
import Link from "next/link";
import {
  Sheet,
  SheetBody,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
} from "#components/ui/sheet.tsx";
import { ActDetail } from "./act-detail.tsx";

export interface ActSheetProps {
  /** The act looked at; null while the panel is closed. */
  actId: string | null;
  onClose: () => void;
}

export function ActSheet({ actId, onClose }: ActSheetProps) {
  return (
    <Sheet open={actId !== null} onOpenChange={(open) => !open && onClose()}>
      {actId && (
        <SheetContent>
          <SheetHeader>
            <SheetTitle>Act in the audit trail</SheetTitle>
            <SheetDescription>
              <Link href={`/audit/${actId}` as Route} className="text-link underline underline-offset-2">
                Open on a page of its own
              </Link>
            </SheetDescription>
          </SheetHeader>
          <SheetBody>
            <ActDetail actId={actId} />
          </SheetBody>
        </SheetContent>
      )}
    </Sheet>
  );
}
