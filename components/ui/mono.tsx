import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

/** Names, keys, positions and SQL: anything a machine would compare byte by byte. */
export function Mono({ className, ...props }: ComponentProps<"span">) {
  return <span className={cn("font-mono text-[0.94em]", className)} {...props} />;
}
