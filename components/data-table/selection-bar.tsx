"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";

export interface SelectionBarProps {
  count: number;
  /** Of those, how many are not on the page in view. */
  elsewhere: number;
  noun: string;
  plural: string;
  onClear: () => void;
  children: ReactNode;
}

/** How many exactly, and what can be done with them. */
export function SelectionBar({ count, elsewhere, noun, plural, onClear, children }: SelectionBarProps) {
  return (
    <div
      role="toolbar"
      aria-label="Selection"
      className="sticky bottom-3 z-20 mx-auto flex w-fit max-w-full flex-wrap items-center gap-2 rounded-lg border bg-popover py-1.5 pr-1.5 pl-3 text-table shadow-overlay"
    >
      <span role="status" className="mr-1 font-medium">
        {formatCounted(count, noun, plural)} selected
        {elsewhere > 0 && (
          <span className="font-normal text-muted-foreground">
            {" "}
            · {formatCount(elsewhere)} not on this page
          </span>
        )}
      </span>
      {children}
      <Button variant="ghost" size="icon" aria-label="Clear the selection" onClick={onClear}>
        <X aria-hidden />
      </Button>
    </div>
  );
}
