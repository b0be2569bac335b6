"use client";

import { Dialog, DialogBody, DialogContent, DialogHeader, DialogTitle } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Switch } from "#components/ui/switch.tsx";
import { usePreferences } from "./preferences-provider.tsx";
import { type Shortcut, useShortcutList } from "./shortcuts.tsx";

export interface ShortcutSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function ShortcutSheet({ open, onOpenChange }: ShortcutSheetProps) {
  const list = useShortcutList();
  const { shortcuts, set } = usePreferences();
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent size="md" aria-describedby={undefined}>
        <DialogHeader>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
        </DialogHeader>
        <DialogBody className="flex flex-col gap-4">
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control */}
          <label className="flex items-center gap-2 text-table">
            <Switch
              checked={shortcuts === "on"}
              onChange={(event) => set("shortcuts", event.target.checked ? "on" : "off")}
            />
            Shortcuts of a single key
          </label>
          <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
            {Object.entries(byGroup(list)).map(([group, entries]) => (
              <section key={group} aria-label={group}>
                <h3 className="mb-1 font-semibold text-meta text-muted-foreground">{group}</h3>
                <dl className="flex flex-col gap-1 text-table">
                  {entries.map((entry) => (
                    <div key={entry.keys} className="flex items-center justify-between gap-4">
                      <dt>{entry.description}</dt>
                      <dd className="flex shrink-0 gap-1">
                        {keyLabels(entry.keys).map((label) => (
                          <Kbd key={label}>{label}</Kbd>
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}

function byGroup(list: readonly Shortcut[]): Record<string, Shortcut[]> {
  const groups: Record<string, Shortcut[]> = {};
  for (const shortcut of list) {
    const group = groups[shortcut.group] ?? [];
    if (!group.some((each) => each.keys === shortcut.keys)) group.push(shortcut);
    groups[shortcut.group] = group;
  }
  return groups;
}

function keyLabels(keys: string): string[] {
  return keys.split(" ").flatMap((part) => part.split("+").map((key) => (key === "mod" ? "Ctrl/⌘" : key)));
}
