import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export function Label({ className, ...props }: ComponentProps<"label">) {
  // biome-ignore lint/a11y/noLabelWithoutControl: the control comes by htmlFor from whoever uses the label
  return <label className={cn("font-medium text-table", className)} {...props} />;
}
