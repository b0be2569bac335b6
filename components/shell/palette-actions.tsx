"use client";

import { useEffect, useSyncExternalStore } from "react";

export interface PaletteAction {
  /** Unique on the page. */
  id: string;
  /** Verb first: "Pause orders-source". */
  label: string;
  /** More words it can be found by. */
  keywords?: string[];
  run: () => void;
}

let actions: readonly PaletteAction[] = [];
const listeners = new Set<() => void>();

function change(next: readonly PaletteAction[]): void {
  actions = next;
  for (const listener of listeners) listener();
}

/** Offers what this page can do in Ctrl/Cmd-K; keep the array stable (useMemo). */
export function usePaletteActions(offered: readonly PaletteAction[]): void {
  useEffect(() => {
    change([...actions, ...offered]);
    return () => change(actions.filter((action) => !offered.includes(action)));
  }, [offered]);
}

const NONE: readonly PaletteAction[] = [];

export function useOfferedActions(): readonly PaletteAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => actions,
    () => NONE,
  );
}
