"use client";

import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

/** The reader's clock may be wrong; ages are counted on the server's. */
let skewMs = 0;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Told by whoever sees a reply's `Date` header. A second or two is the header's own coarseness. */
export function reportServerTime(serverMs: number): void {
  const measured = serverMs - Date.now();
  skewMs = Math.abs(measured) < 3_000 ? 0 : measured;
}

export function serverNow(): number {
  return Date.now() + skewMs;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const RenderedAt = createContext<number | undefined>(undefined);

/** Lets the first paint in the browser say the same ages as the server's HTML. */
export function ClockProvider({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  return <RenderedAt value={renderedAt}>{children}</RenderedAt>;
}

/** Something derived from the time, re-rendering only when the result changes: `useTick((now) => formatRelative(at, now))`. */
export function useTick<T extends string | number | boolean>(derive: (now: number) => T): T {
  const renderedAt = useContext(RenderedAt);
  return useSyncExternalStore(
    subscribe,
    () => derive(serverNow()),
    () => derive(renderedAt ?? serverNow()),
  );
}
