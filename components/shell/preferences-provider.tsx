"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { PREFERENCES, type PreferenceName, type Preferences, type PreferenceValue } from "./preferences.ts";

interface PreferencesState extends Preferences {
  set<N extends PreferenceName>(name: N, value: PreferenceValue<N>): void;
}

const PreferencesContext = createContext<PreferencesState | undefined>(undefined);

export function PreferencesProvider({ initial, children }: { initial: Preferences; children: ReactNode }) {
  const [preferences, setPreferences] = useState(initial);
  const state = useMemo<PreferencesState>(
    () => ({
      ...preferences,
      set: (name, value) => {
        setPreferences((before) => ({ ...before, [name]: value }));
        writeCookie(PREFERENCES[name].cookie, value);
        if (name === "density") document.documentElement.dataset.density = value;
      },
    }),
    [preferences],
  );
  return <PreferencesContext value={state}>{children}</PreferencesContext>;
}

export function usePreferences(): PreferencesState {
  const state = useContext(PreferencesContext);
  if (!state) throw new Error("usePreferences needs the console's layout around it");
  return state;
}

function writeCookie(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we support
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
}
