import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** For settings that apply at once. Inside a form that is submitted, use a checkbox. */
export function Switch({ className, ...props }: Omit<ComponentProps<"input">, "type" | "role">) {
  return (
    <span className={cn("relative inline-flex h-5 w-9 shrink-0", className)}>
      <input
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox tells its own checked state
        role="switch"
        className="peer h-5 w-9 appearance-none rounded-full border border-input bg-muted transition-colors duration-100 checked:border-primary checked:bg-primary disabled:opacity-50"
        {...props}
      />
      <span
        aria-hidden
        className="pointer-events-none absolute top-1 left-1 size-3 rounded-full bg-input transition-transform duration-100 peer-checked:translate-x-4 peer-checked:bg-primary-foreground"
      />
    </span>
  );
}
