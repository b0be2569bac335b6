import { cn } from "./cn.ts";

export interface SkeletonProps {
  className?: string;
  /** What is being loaded, for screen readers; leave out on all but one of a group. */
  label?: string;
}

/** Holds the place at once, but shows itself only after a second: what comes sooner should not flash. */
export function Skeleton({ className, label }: SkeletonProps) {
  return (
    <span
      className={cn("block h-4 animate-appear rounded-sm bg-muted", className)}
      {...(label ? { role: "status", "aria-label": label } : { "aria-hidden": true })}
    />
  );
}
