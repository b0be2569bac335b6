"use client";

import { Check, Minus } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export interface CheckboxProps extends Omit<ComponentProps<"input">, "type"> {
  /** Some but not all of what it stands for. */
  indeterminate?: boolean;
}

export function Checkbox({ className, indeterminate = false, ...props }: CheckboxProps) {
  return (
    <span className={cn("relative inline-grid size-4 shrink-0 place-items-center align-middle", className)}>
      <input
        type="checkbox"
        ref={(box) => {
          if (box) box.indeterminate = indeterminate;
        }}
        className="peer size-4 appearance-none rounded-sm border border-input bg-card after:absolute after:-inset-1.5 after:content-[''] checked:border-primary checked:bg-primary indeterminate:border-primary indeterminate:bg-primary disabled:opacity-50"
        {...props}
      />
      {indeterminate ? (
        <Minus aria-hidden className="pointer-events-none absolute size-3 text-primary-foreground" />
      ) : (
        <Check
          aria-hidden
          className="pointer-events-none absolute hidden size-3 text-primary-foreground peer-checked:block"
        />
      )}
    </span>
  );
}
