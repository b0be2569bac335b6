"use client";

import { useEffect, useSyncExternalStore } from "react";
import { usePreferences } from "./preferences-provider.tsx";

export interface Shortcut {
  /** One key ("j", "?", "Shift+X"), two in a row ("g c"), or with Ctrl/Cmd ("mod+k"). */
  keys: string;
  description: string;
  /** The heading it stands under in the `?` sheet. */
  group: string;
}

interface Registered extends Shortcut {
  run: () => void;
}

let registered: readonly Registered[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Registered[]): void {
  registered = next;
  for (const listener of listeners) listener();
}

export interface UseShortcutOptions {
  description: string;
  group: string;
  run: () => void;
  disabled?: boolean;
}

/** Binds a key while the calling component is on the page; the latest binding of a key wins. */
export function useShortcut(keys: string, { description, group, run, disabled }: UseShortcutOptions): void {
  useEffect(() => {
    if (disabled) return;
    const entry = { keys, description, group, run };
    change([...registered, entry]);
    return () => change(registered.filter((each) => each !== entry));
  }, [keys, description, group, run, disabled]);
}

export function useShortcutList(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => registered,
    () => registered,
  );
}

const SEQUENCE_MS = 1_200;

/** The one key listener of the page. */
export function ShortcutListener() {
  const { shortcuts } = usePreferences();
  const singleKeys = shortcuts === "on";
  useEffect(() => {
    let pending = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const mod = event.ctrlKey || event.metaKey;
      const key = `${mod ? "mod+" : ""}${event.shiftKey && event.key.length === 1 && /[a-z]/i.test(event.key) ? "Shift+" : ""}${event.key.length === 1 && mod ? event.key.toLowerCase() : event.key}`;
      if (!mod && (!singleKeys || event.altKey || isTyping(event.target) || isInOverlay())) return;
      const sequence = pending ? `${pending} ${key}` : key;
      pending = "";
      clearTimeout(timer);
      const match = registered.findLast((each) => each.keys === sequence);
      if (match) {
        event.preventDefault();
        match.run();
        return;
      }
      if (!mod && registered.some((each) => each.keys.startsWith(`${key} `))) {
        pending = key;
        timer = setTimeout(() => {
          pending = "";
        }, SEQUENCE_MS);
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, [singleKeys]);
  return null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}

function isInOverlay(): boolean {
  return document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") !== null;
}
