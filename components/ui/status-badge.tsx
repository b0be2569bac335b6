import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export type Status = "healthy" | "degraded" | "failed" | "held" | "unknown" | "working";

export const STATUSES: readonly Status[] = ["failed", "degraded", "held", "unknown", "working", "healthy"];

const SHAPE: Record<Status, ReactNode> = {
  healthy: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  degraded: (
    <>
      <circle cx="8" cy="8" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 3.25a4.75 4.75 0 0 1 0 9.5z" fill="currentColor" />
    </>
  ),
  failed: <path d="m4 4 8 8m0-8-8 8" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />,
  held: <path d="M5.5 3.5v9m5-9v9" stroke="currentColor" strokeWidth="2.75" strokeLinecap="round" />,
  unknown: (
    <circle
      cx="8"
      cy="8"
      r="5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2.6 2.6"
    />
  ),
  working: (
    <>
      <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.75" opacity="0.35" />
      <path
        d="M8 3a5 5 0 0 1 5 5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
    </>
  ),
};

const TEXT: Record<Status, string> = {
  healthy: "text-healthy",
  degraded: "text-degraded",
  failed: "text-failed",
  held: "text-held",
  unknown: "text-unknown",
  working: "text-working",
};

const SOFT: Record<Status, string> = {
  healthy: "bg-healthy-soft",
  degraded: "bg-degraded-soft",
  failed: "bg-failed-soft",
  held: "bg-held-soft",
  unknown: "bg-unknown-soft",
  working: "bg-working-soft",
};

/** The bare shape; the word has to stand next to it. */
export function StatusIcon({ status, className }: { status: Status; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden
      data-status={status}
      className={cn("size-3.5 shrink-0", TEXT[status], status === "working" && "animate-spin", className)}
    >
      {SHAPE[status]}
    </svg>
  );
}

export interface StatusBadgeProps {
  status: Status;
  /** The field's own word for this state ("paused", "2 of 3 tasks failed"); the status word when left out. */
  children?: ReactNode;
  /** `text` for table cells, `pill` beside a page's name. */
  look?: "text" | "pill";
  className?: string;
}

/** How a thing fares, told by shape, colour and word, so that none of them is needed alone. */
export function StatusBadge({ status, children, look = "text", className }: StatusBadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex max-w-full items-center gap-1.5 whitespace-nowrap align-middle text-table",
        TEXT[status],
        look === "pill" && cn("h-6 rounded-full px-2 font-medium text-meta", SOFT[status]),
        className,
      )}
    >
      <StatusIcon status={status} />
      <span className="truncate">{children ?? status}</span>
    </span>
  );
}
