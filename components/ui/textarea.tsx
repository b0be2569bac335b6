import type { ComponentProps } from "react";
import { cn } from "./cn.ts";
import { inputClass } from "./input.tsx";

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn(inputClass, "h-auto min-h-20 py-1.5", className)} {...props} />;
}
