"use client";

import { Command } from "cmdk";
import { CornerDownLeft } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog, DialogContent, DialogTitle } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { NAVIGATION } from "./navigation.ts";
import { useOfferedActions } from "./palette-actions.tsx";
import { THEMES, useThemeChoice } from "./theme-choice.ts";

export interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const itemClass =
  "flex min-h-8 cursor-default select-none items-center gap-2.5 rounded-sm px-2 text-table data-[selected=true]:bg-accent pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:text-muted-foreground";
const groupClass =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-muted-foreground";

/** Go anywhere and do what the page offers, by typing. */
export function CommandPalette({ open, onOpenChange }: CommandPaletteProps) {
  const router = useRouter();
  const actions = useOfferedActions();
  const { setTheme } = useThemeChoice();
  const choose = (act: () => void) => () => {
    onOpenChange(false);
    act();
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent size="md" aria-describedby={undefined} className="[&>button]:hidden">
        <DialogTitle className="sr-only">Search and commands</DialogTitle>
        <Command label="Search and commands" loop className="flex min-h-0 flex-col">
          <Command.Input
            placeholder="Go to a page or type a command"
            className="h-11 w-full border-b bg-transparent px-4 text-body outline-none placeholder:text-muted-foreground max-sm:text-base"
          />
          <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5 sm:max-h-96">
            <Command.Empty className="px-2 py-6 text-center text-muted-foreground text-table">
              Nothing is called that.
            </Command.Empty>
            {actions.length > 0 && (
              <Command.Group heading="On this page" className={groupClass}>
                {actions.map((action) => (
                  <Command.Item
                    key={action.id}
                    value={`${action.label} ${action.id}`}
                    keywords={action.keywords ?? []}
                    onSelect={choose(action.run)}
                    className={itemClass}
                  >
                    <CornerDownLeft aria-hidden />
                    {action.label}
                  </Command.Item>
                ))}
              </Command.Group>
            )}
            <Command.Group heading="Go to" className={groupClass}>
              {NAVIGATION.map(({ label, href, icon: Icon, key }) => (
                <Command.Item
                  key={href}
                  value={`go to ${label}`}
                  onSelect={choose(() => router.push(href))}
                  className={itemClass}
                >
                  <Icon aria-hidden />
                  <span className="flex-1">{label}</span>
                  <Kbd>g</Kbd>
                  <Kbd>{key}</Kbd>
                </Command.Item>
              ))}
            </Command.Group>
            <Command.Group heading="Theme" className={groupClass}>
              {THEMES.map(({ value, label }) => (
                <Command.Item
                  key={value}
                  value={`theme ${label}`}
                  onSelect={choose(() => setTheme(value))}
                  className={itemClass}
                >
                  <span className="size-4" />
                  {label} theme
                </Command.Item>
              ))}
            </Command.Group>
          </Command.List>
        </Command>
      </DialogContent>
    </Dialog>
  );
}
