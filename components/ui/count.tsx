import { formatCount } from "#domain/format/numbers.ts";
import { cn } from "./cn.ts";

export interface CountProps {
  /** undefined is "not measured", which is not zero. */
  value: number | bigint | undefined | null;
  unit?: string;
  className?: string;
}

export function Count({ value, unit, className }: CountProps) {
  if (value === undefined || value === null)
    return (
      <span className={cn("text-muted-foreground", className)} title="not measured">
        –<span className="sr-only">not measured</span>
      </span>
    );
  return (
    <span className={cn("whitespace-nowrap", className)}>
      {formatCount(value)}
      {unit && <span className="text-muted-foreground"> {unit}</span>}
    </span>
  );
}
