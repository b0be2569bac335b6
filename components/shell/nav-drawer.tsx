"use client";

import { Sheet, SheetContent, SheetTitle } from "#components/ui/sheet.tsx";
import { SideNav } from "./side-nav.tsx";

export interface NavDrawerProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The navigation on a phone. */
export function NavDrawer({ open, onOpenChange }: NavDrawerProps) {
  return (
    <Sheet open={open} onOpenChange={onOpenChange}>
      <SheetContent side="left" aria-describedby={undefined}>
        <SheetTitle className="flex h-12 items-center px-4">Headgate</SheetTitle>
        <SideNav onNavigate={() => onOpenChange(false)} />
      </SheetContent>
    </Sheet>
  );
}
