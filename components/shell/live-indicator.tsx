"use client";

import { useTick } from "#components/ui/clock.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { formatAge } from "#domain/format/durations.ts";
import { type LiveStatus, useLiveStatus } from "./live-status.ts";

/** After this long without a word from the server, what is on the screen is old; an open stream says one every 15 s. */
const STALE_AFTER_MS = 30_000;

/** Whether the screen follows the world, and if not, since when. */
export function LiveIndicator() {
  const live = useLiveStatus();
  const text = useTick((now) => wordsFor(live, now));
  const stale = text.startsWith("Stale");
  const meaning = TITLE[stale ? "stale" : live.channel];
  return (
    <span title={meaning}>
      <span className="sr-only">Updates: </span>
      <StatusBadge
        status={
          stale
            ? "failed"
            : live.channel === "open"
              ? "healthy"
              : live.channel === "polling"
                ? "degraded"
                : "unknown"
        }
        className="text-meta"
      >
        {text}
      </StatusBadge>
      {/* The age ticks; what is announced is only that the state became another. */}
      <span role="status" className="sr-only">
        {meaning}
      </span>
    </span>
  );
}

const TITLE = {
  open: "Changes arrive as they happen",
  connecting: "Opening the connection for changes",
  polling: "The push connection is down; this page asks every 10 s",
  stale: "The web process does not answer; what you see is the last known state",
} as const;

function wordsFor({ channel, lastContactAt }: LiveStatus, now: number): string {
  const silentMs = lastContactAt === undefined ? 0 : now - lastContactAt;
  if (silentMs > STALE_AFTER_MS) return `Stale ${formatAge(silentMs)}`;
  if (channel === "open") return "Live";
  if (channel === "connecting") return "Connecting";
  return `Polling ${silentMs < 1_000 ? "" : formatAge(silentMs)}`.trim();
}
