"use client";

import { CircleUser } from "lucide-react";
import { signOut } from "#components/access/sign-out.ts";
import { Button } from "#components/ui/button.tsx";
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
import { THEMES, type Theme, useThemeChoice } from "./theme-choice.ts";
import { useViewer } from "./viewer.tsx";

export interface PersonMenuProps {
  onShowShortcuts: () => void;
}

export function PersonMenu({ onShowShortcuts }: PersonMenuProps) {
  const viewer = useViewer();
  const { theme, setTheme } = useThemeChoice();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" aria-label={`Signed in as ${viewer.name}`} className="max-w-44">
          <CircleUser aria-hidden className="size-4!" />
          <span className="truncate max-md:hidden">{viewer.name}</span>
        </Button>
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
