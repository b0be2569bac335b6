import { formatCount } from "#domain/format/numbers.ts";
import { cn } from "./cn.ts";

export interface ProgressProps {
  label: string;
  done: number;
  /** Unknown total: the bar says so instead of guessing. */
  total: number | undefined;
  /** The total is an estimate, shown with ≈. */
  estimated?: boolean;
  unit?: string;
  className?: string;
}

export function Progress({ label, done, total, estimated, unit, className }: ProgressProps) {
  const share = total === undefined || total === 0 ? undefined : Math.min(1, done / total);
  const isUncounted = total === undefined && done === 0;
  const counts = isUncounted
    ? ""
    : `${formatCount(done)}${total === undefined ? "" : ` of ${estimated ? "≈ " : ""}${formatCount(total)}`}${unit ? ` ${unit}` : ""}`;
  return (
    <div className={cn("flex flex-col gap-1", className)}>
      <div className="flex items-baseline justify-between gap-3 text-meta">
        <span className="truncate">{label}</span>
        <span className="shrink-0 text-muted-foreground">
          {counts}
          {share !== undefined && ` · ${estimated ? "≈ " : ""}${Math.floor(share * 100)} %`}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuetext={isUncounted ? "under way" : counts}
        {...(share === undefined
          ? {}
          : { "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.floor(share * 100) })}
        className="h-1.5 overflow-hidden rounded-full bg-muted"
      >
        <div
          className={cn("h-full rounded-full bg-primary", share === undefined && "w-1/3 animate-pulse")}
          style={share === undefined ? undefined : { width: `${share * 100}%` }}
        />
      </div>
    </div>
  );
}
