import { useSyncExternalStore } from "react";
import { serverNow } from "#components/ui/clock.tsx";

export type LiveChannel = "connecting" | "open" | "polling";

export interface LiveStatus {
  channel: LiveChannel;
  /** When the server last said anything, by push or by reply. */
  lastContactAt: number | undefined;
}

let status: LiveStatus = { channel: "connecting", lastContactAt: undefined };
const listeners = new Set<() => void>();

function publish(next: LiveStatus): void {
  status = next;
  for (const listener of listeners) listener();
}

export function reportChannel(channel: LiveChannel): void {
  publish({ channel, lastContactAt: channel === "open" ? serverNow() : status.lastContactAt });
}

export function reportContact(): void {
  publish({ ...status, lastContactAt: serverNow() });
}

const INITIAL = status;

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => status,
    () => INITIAL,
  );
}
