"use client";

import { X } from "lucide-react";
import * as DialogPrimitive from "radix-ui/dialog";
import type { ComponentProps } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { useReturnFocus } from "./use-return-focus.ts";

export const Sheet = DialogPrimitive.Root;

const SIDE = {
  right: "inset-y-0 right-0 w-full border-l sm:max-w-lg data-[state=open]:slide-in-from-right-4",
  left: "inset-y-0 left-0 w-72 max-w-[85vw] border-r data-[state=open]:slide-in-from-left-4",
} as const;

export interface SheetContentProps extends ComponentProps<typeof DialogPrimitive.Content> {
  side?: keyof typeof SIDE;
}

/** A side panel for a look without leaving the page; offer a link to the full page inside it. */
export function SheetContent({ className, children, side = "right", ...props }: SheetContentProps) {
  const focus = useReturnFocus();
  return (
    <DialogPrimitive.Portal>
      <DialogPrimitive.Overlay className="data-[state=open]:fade-in-0 fixed inset-0 z-50 bg-overlay duration-100 data-[state=open]:animate-in" />
      <DialogPrimitive.Content
        className={cn(
          "data-[state=open]:fade-in-0 fixed z-50 flex flex-col bg-popover text-popover-foreground shadow-overlay outline-none duration-100 data-[state=open]:animate-in",
          SIDE[side],
          className,
        )}
        {...focus}
        {...props}
      >
        {children}
        <DialogPrimitive.Close asChild>
          <Button variant="ghost" size="icon" className="absolute top-2 right-2" aria-label="Close">
            <X aria-hidden />
          </Button>
        </DialogPrimitive.Close>
      </DialogPrimitive.Content>
    </DialogPrimitive.Portal>
  );
}

export function SheetHeader({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("flex flex-col gap-1 border-b px-4 py-3 pr-12", className)} {...props} />;
}

export function SheetBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("min-h-0 flex-1 overflow-y-auto px-4 py-3", className)} {...props} />;
}

export function SheetTitle({ className, ...props }: ComponentProps<typeof DialogPrimitive.Title>) {
  return <DialogPrimitive.Title className={cn("break-all font-semibold text-body", className)} {...props} />;
}

export function SheetDescription({
  className,
  ...props
}: ComponentProps<typeof DialogPrimitive.Description>) {
  return (
    <DialogPrimitive.Description className={cn("text-muted-foreground text-table", className)} {...props} />
  );
}
