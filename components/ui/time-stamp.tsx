"use client";

import { useState } from "react";
import { formatLocal, formatRelative, formatUtc } from "#domain/format/durations.ts";
import { useTick } from "./clock.tsx";
import { cn } from "./cn.ts";
import { copyText } from "./copy-text.ts";

export interface TimeStampProps {
  /** A Date, or undefined for what never happened. */
  value: Date | undefined | null;
  /** What happened then, in a word: "captured", "checked". Said to screen readers and in the bubble. */
  event?: string;
  /** Shows the absolute UTC time instead of the age, for detail pages and logs. */
  absolute?: boolean;
  /** In table rows: reachable by pointer only, so that a list stays short to tab through. */
  inRow?: boolean;
  className?: string;
}

/** Relative first, absolute (UTC and local) on hover and focus; a click copies ISO 8601. */
export function TimeStamp({ value, event, absolute, inRow, className }: TimeStampProps) {
  const [open, setOpen] = useState(false);
  const [copied, setCopied] = useState<keyof typeof COPIED>("idle");
  const text = useTick((now) => {
    if (!value) return "never";
    return absolute ? formatUtc(value) : formatRelative(value, now);
  });
  if (!value) return <span className={cn("text-muted-foreground", className)}>never</span>;
  const copy = async () => {
    setCopied((await copyText(value.toISOString())) ? "copied" : "refused");
    setTimeout(() => setCopied("idle"), 1_500);
  };
  return (
    <span className="relative inline-flex max-w-full align-baseline">
      <button
        type="button"
        tabIndex={inRow ? -1 : 0}
        onPointerEnter={() => setOpen(true)}
        onPointerLeave={() => setOpen(false)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={(click) => {
          click.stopPropagation();
          void copy();
        }}
        title={
          inRow && open
            ? [event, formatUtc(value), `${formatLocal(value)} local`].join("\n").trim()
            : undefined
        }
        className={cn(
          "truncate whitespace-nowrap rounded-sm decoration-dotted underline-offset-4 hover:underline",
          className,
        )}
      >
        <time dateTime={value.toISOString()}>{text}</time>
      </button>
      {open && !inRow && <Bubble value={value} event={event} note={COPIED[copied]} />}
    </span>
  );
}

const COPIED = {
  idle: "click copies ISO 8601",
  copied: "copied",
  refused: "the browser refused the clipboard",
} as const;

function Bubble({ value, event, note }: { value: Date; event: string | undefined; note: string }) {
  return (
    <span
      role="tooltip"
      className="pointer-events-none absolute bottom-full left-0 z-40 mb-1 flex animate-in flex-col whitespace-nowrap rounded-md border bg-popover px-2 py-1 text-left font-normal text-meta text-popover-foreground shadow-overlay duration-100 fade-in-0"
    >
      {event && <span className="text-muted-foreground">{event}</span>}
      <span>{formatUtc(value)}</span>
      <span>{formatLocal(value)} local</span>
      <span className="text-muted-foreground">{note}</span>
    </span>
  );
}
