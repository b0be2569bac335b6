"use client";

import { signOut } from "#components/access/sign-out.ts";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { PersonButton } from "./person-button.tsx";
import type { PersonMenuProps } from "./person-menu.tsx";
import { THEMES, type Theme, useThemeChoice } from "./theme-choice.ts";
import { useViewer } from "./viewer.tsx";

/** The menu with all it can do, loaded when it is opened for the first time. */
export function PersonMenuOpened({ onShowShortcuts }: PersonMenuProps) {
  const viewer = useViewer();
  const { theme, setTheme } = useThemeChoice();
  return (
    <DropdownMenu defaultOpen>
      <DropdownMenuTrigger asChild>
        <PersonButton />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-56">
        <div className="px-2 py-1.5">
          <p className="truncate font-medium text-table">{viewer.name}</p>
          <p className="text-meta text-muted-foreground">{viewer.roles.join(", ")}</p>
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Theme</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={theme ?? ""} onValueChange={(value) => setTheme(value as Theme)}>
          {THEMES.map(({ value, label }) => (
            <DropdownMenuRadioItem key={value} value={value}>
              {label}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={onShowShortcuts}>Keyboard shortcuts</DropdownMenuItem>
        <DropdownMenuItem onSelect={signOut}>Sign out</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
