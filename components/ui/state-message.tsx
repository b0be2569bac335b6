import { CircleSlash, CloudOff, Inbox, Lock, SearchX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { TimeStamp } from "./time-stamp.tsx";

export type StateKind =
  | "empty"
  | "filtered"
  | "good"
  | "stale"
  | "partial"
  | "failed"
  | "forbidden"
  | "missing";

const ICON = {
  empty: Inbox,
  filtered: SearchX,
  good: Inbox,
  stale: CloudOff,
  partial: TriangleAlert,
  failed: TriangleAlert,
  forbidden: Lock,
  missing: CircleSlash,
} as const;

const TONE: Record<StateKind, string> = {
  empty: "text-muted-foreground",
  filtered: "text-muted-foreground",
  good: "text-muted-foreground",
  stale: "text-degraded",
  partial: "text-degraded",
  failed: "text-failed",
  forbidden: "text-muted-foreground",
  missing: "text-muted-foreground",
};

const BANNER: Partial<Record<StateKind, string>> = {
  stale: "border-degraded/40 bg-degraded-soft",
  partial: "border-degraded/40 bg-degraded-soft",
  failed: "border-failed/40 bg-failed-soft",
};

export interface StateMessageProps {
  kind: StateKind;
  /** What is the case, in one plain sentence. */
  title: ReactNode;
  /** Why, what still holds, what to do next. */
  children?: ReactNode;
  /** The outside system that failed, by name. */
  upstream?: string | undefined;
  /** Since when it is so, or (kind `good`) when it was last checked. */
  since?: Date | undefined;
  /** Offered only where trying again can help. */
  onRetry?: (() => void) | undefined;
  retrying?: boolean;
  /** The one thing to do from here. */
  action?: ReactNode;
  /** `banner` above content that is still shown; `panel` in place of content. */
  look?: "panel" | "banner";
  className?: string;
}

export function StateMessage({
  kind,
  title,
  children,
  upstream,
  since,
  onRetry,
  retrying,
  action,
  look = "panel",
  className,
}: StateMessageProps) {
  const Icon = ICON[kind];
  const banner = look === "banner";
  return (
    <div
      role={kind === "failed" ? "alert" : "status"}
      data-state-kind={kind}
      className={cn(
        "flex gap-3 text-table",
        banner
          ? cn("flex-wrap items-center rounded-md border px-3 py-2", BANNER[kind] ?? "bg-muted")
          : "mx-auto w-full max-w-xl flex-col items-center px-4 py-12 text-center",
        className,
      )}
    >
      <Icon className={cn("shrink-0", banner ? "size-4" : "size-6", TONE[kind])} aria-hidden />
      <div className={cn("min-w-0", banner ? "flex-1 basis-60" : "flex max-w-[60ch] flex-col gap-1")}>
        <p className={cn("font-medium", !banner && "text-body")}>{title}</p>
        {children && <div className={banner ? "" : "text-muted-foreground"}>{children}</div>}
        {(upstream || since) && (
          <p className="text-meta text-muted-foreground">
            {upstream && <>Upstream: {upstream}</>}
            {upstream && since && " · "}
            {since && (
              <>
                {kind === "good" ? "last checked" : "since"} <TimeStamp value={since} />
              </>
            )}
          </p>
        )}
      </div>
      {(onRetry || action) && (
        <div className="flex flex-wrap items-center gap-2">
          {action}
          {onRetry && (
            <Button onClick={onRetry} pending={retrying ?? false}>
              {retrying ? "Trying…" : "Try again"}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
