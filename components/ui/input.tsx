import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export const inputClass =
  "h-(--control-height) w-full min-w-0 rounded-md border border-input bg-card px-2 text-table text-foreground placeholder:text-muted-foreground disabled:cursor-not-allowed disabled:bg-muted disabled:text-muted-foreground read-only:bg-muted aria-invalid:border-failed aria-invalid:outline-failed max-sm:text-base";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(inputClass, className)} autoComplete="off" spellCheck={false} {...props} />;
}
