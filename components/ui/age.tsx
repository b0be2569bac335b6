"use client";

import { formatAge } from "#domain/format/durations.ts";
import { useTick } from "./clock.tsx";

/** How long ago, ticking: "12 s". For ages inside sentences; a moment with its absolute time is a TimeStamp. */
export function Age({ since, className }: { since: Date; className?: string }) {
  const text = useTick((now) => formatAge(Math.max(0, now - since.getTime())));
  // Inside a status a screen reader would hear every tick.
  return (
    <span aria-live="off" className={className}>
      {text}
    </span>
  );
}
