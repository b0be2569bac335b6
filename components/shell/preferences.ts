/** Small settings of this browser, in cookies so that the first HTML already obeys them. */
export const PREFERENCES = {
  nav: { cookie: "hg_nav", values: ["wide", "narrow"] },
  density: { cookie: "hg_density", values: ["compact", "comfortable"] },
  shortcuts: { cookie: "hg_shortcuts", values: ["on", "off"] },
} as const;

export type PreferenceName = keyof typeof PREFERENCES;
export type PreferenceValue<N extends PreferenceName> = (typeof PREFERENCES)[N]["values"][number];
export type Preferences = { [N in PreferenceName]: PreferenceValue<N> };

/** The first value of each is its default; anything unknown counts as that. */
export function readPreferences(cookie: (name: string) => string | undefined): Preferences {
  return {
    nav: read("nav", cookie),
    density: read("density", cookie),
    shortcuts: read("shortcuts", cookie),
  };
}

function read<N extends PreferenceName>(
  name: N,
  cookie: (name: string) => string | undefined,
): PreferenceValue<N> {
  const { cookie: key, values } = PREFERENCES[name];
  const known: readonly PreferenceValue<N>[] = values;
  const found = known.find((value) => value === cookie(key));
  return found ?? (values[0] as PreferenceValue<N>);
}
