"use client";

import * as TooltipPrimitive from "radix-ui/tooltip";
import type { ReactNode } from "react";

export interface TooltipProps {
  /** What is said on hover and focus; never the only place where something important is said. */
  text: ReactNode;
  side?: "top" | "right" | "bottom" | "left";
  /** One focusable element. */
  children: ReactNode;
}

export function Tooltip({ text, side = "top", children }: TooltipProps) {
  return (
    <TooltipPrimitive.Provider delayDuration={300}>
      <TooltipPrimitive.Root>
        <TooltipPrimitive.Trigger asChild>{children}</TooltipPrimitive.Trigger>
        <TooltipPrimitive.Portal>
          <TooltipPrimitive.Content
            side={side}
            sideOffset={4}
            collisionPadding={8}
            className="data-[state=delayed-open]:fade-in-0 z-60 max-w-xs rounded-md border bg-popover px-2 py-1 text-meta text-popover-foreground shadow-overlay duration-100 data-[state=delayed-open]:animate-in"
          >
            {text}
          </TooltipPrimitive.Content>
        </TooltipPrimitive.Portal>
      </TooltipPrimitive.Root>
    </TooltipPrimitive.Provider>
  );
}
