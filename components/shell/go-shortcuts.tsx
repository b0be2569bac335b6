"use client";

import { useRouter } from "next/navigation";
import { NAVIGATION, type NavigationEntry } from "./navigation.ts";
import { useShortcut } from "./shortcuts.tsx";

/** `g` and a letter, for every section of the navigation. */
export function GoShortcuts() {
  return NAVIGATION.map((entry) => <GoShortcut key={entry.href} entry={entry} />);
}

function GoShortcut({ entry }: { entry: NavigationEntry }) {
  const router = useRouter();
  useShortcut(`g ${entry.key}`, {
    description: entry.label,
    group: "Go to",
    run: () => router.push(entry.href),
  });
  return null;
}
