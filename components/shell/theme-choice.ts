"use client";

import { useTheme } from "next-themes";
import { useIsClient } from "./use-is-client.ts";

export const THEMES = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "contrast", label: "High contrast" },
] as const;

export type Theme = (typeof THEMES)[number]["value"];

/** The chosen theme; undefined while HTML is made, where only the browser knows it. */
export function useThemeChoice(): { theme: Theme | undefined; setTheme: (theme: Theme) => void } {
  const { theme, setTheme } = useTheme();
  const isClient = useIsClient();
  const known = THEMES.find(({ value }) => value === theme);
  return { theme: isClient ? known?.value : undefined, setTheme };
}
