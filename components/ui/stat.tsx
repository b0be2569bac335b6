import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export interface StatProps {
  label: string;
  value: ReactNode;
  /** Unit, age or comparison, below the number. */
  note?: ReactNode;
  className?: string;
}

export function Stat({ label, value, note, className }: StatProps) {
  return (
    <div className={cn("flex min-w-0 flex-col", className)}>
      <span className="text-meta text-muted-foreground">{label}</span>
      <span className="truncate font-semibold text-figure">{value}</span>
      {note && <span className="text-meta text-muted-foreground">{note}</span>}
    </div>
  );
}
