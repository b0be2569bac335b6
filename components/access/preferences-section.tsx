"use client";

import { useId } from "react";
import { usePreferences } from "#components/shell/preferences-provider.tsx";
import { THEMES, type Theme, useThemeChoice } from "#components/shell/theme-choice.ts";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Section } from "#components/ui/section.tsx";
import { Switch } from "#components/ui/switch.tsx";

/** Look and keys of this browser; nothing of it is stored on the server. */
export function PreferencesSection() {
  const { theme, setTheme } = useThemeChoice();
  const { density, shortcuts, set } = usePreferences();
  return (
    <Section title="This browser" description="Kept in this browser only.">
      <div className="flex flex-col gap-5">
        <RadioGroup<Theme> label="Theme" inline options={THEMES} value={theme} onValueChange={setTheme} />
        <SwitchRow
          label="Roomier rows in lists"
          checked={density === "comfortable"}
          onChange={(isOn) => set("density", isOn ? "comfortable" : "compact")}
        />
        <SwitchRow
          label="Single-key shortcuts; ? shows them"
          checked={shortcuts === "on"}
          onChange={(isOn) => set("shortcuts", isOn ? "on" : "off")}
        />
      </div>
    </Section>
  );
}

interface SwitchRowProps {
  label: string;
  checked: boolean;
  onChange: (isOn: boolean) => void;
}

function SwitchRow({ label, checked, onChange }: SwitchRowProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-3 text-table">
      <Switch id={id} checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}
