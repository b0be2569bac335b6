"use client";

import { MySessions } from "./my-sessions.tsx";
import { PreferencesSection } from "./preferences-section.tsx";
import { SettingsHeader } from "./settings-header.tsx";
import { WhoAmI } from "./who-am-i.tsx";

export function SettingsScreen() {
  return (
    <>
      <SettingsHeader answer="What Headgate knows of you, and how it looks in this browser." />
      <WhoAmI />
      <MySessions />
      <PreferencesSection />
    </>
  );
}
