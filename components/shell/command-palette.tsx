"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { CornerDownLeft, SunMoon } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Dialog, DialogContent, DialogTitle } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Name } from "#components/ui/name.tsx";
import { HIT_GROUPS, hitWords } from "./catalog-hits.ts";
import { describeError } from "./describe-error.ts";
import { NAVIGATION } from "./navigation.ts";
import { useOfferedActions } from "./palette-actions.tsx";
import { THEMES, useThemeChoice } from "./theme-choice.ts";
import { useTRPC } from "./trpc.ts";
import { useSettled } from "./use-settled.ts";

export interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Go anywhere and do what the page offers, by typing. */
export function CommandPalette({ open, onOpenChange }: CommandPaletteProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent size="md" aria-describedby={undefined} className="[&>button]:hidden">
        <DialogTitle className="sr-only">Search and commands</DialogTitle>
        <Palette onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

const SEARCH_PAUSE_MS = 120;

function Palette({ onDone }: { onDone: () => void }) {
  const router = useRouter();
  const trpc = useTRPC();
  const { setTheme } = useThemeChoice();
  const [text, setText] = useState("");
  const sought = useSettled(text.trim(), SEARCH_PAUSE_MS);
  const search = useQuery(
    trpc.catalog.search.queryOptions(
      { text: sought },
      { enabled: sought !== "", placeholderData: keepPreviousData },
    ),
  );
  const hits = text.trim() === "" ? [] : (search.data ?? []);
  const actions = useOfferedActions().filter(({ label, keywords = [] }) =>
    holdsWords([label, ...keywords].join(" "), text),
  );
  const pages = NAVIGATION.filter(({ label }) => holdsWords(`go to ${label}`, text));
  const themes = THEMES.filter(({ label }) => text.trim() !== "" && holdsWords(`${label} theme`, text));
  const nothing = hits.length + actions.length + pages.length + themes.length === 0;
  const choose = (act: () => void) => () => {
    onDone();
    act();
  };
  return (
    <Command label="Search and commands" loop shouldFilter={false} className="flex min-h-0 flex-col">
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Find a table, pipeline, connector, database or page"
        className="h-11 w-full border-b bg-transparent px-4 text-body outline-none placeholder:text-muted-foreground max-sm:text-base"
      />
      <Command.List className="min-h-0 flex-1 overflow-y-auto p-1.5 sm:max-h-96">
        {search.error && (
          <p role="alert" className="px-2 py-1.5 text-failed text-table">
            {describeError(search.error)}
          </p>
        )}
        {nothing && !search.error && (
          <p role="status" className="px-2 py-6 text-center text-muted-foreground text-table">
            {search.isFetching || sought !== text.trim() ? "Searching…" : "Nothing is called that."}
          </p>
        )}
        <Group heading="On this page" count={actions.length}>
          {actions.map(({ id, label, run }) => (
            <Item key={id} value={`action ${id}`} onSelect={choose(run)}>
              <CornerDownLeft aria-hidden />
              {label}
            </Item>
          ))}
        </Group>
        {HIT_GROUPS.map(({ kind, heading }) => {
          const found = hits.filter((hit) => hit.kind === kind).map(hitWords);
          return (
            <Group key={kind} heading={heading} count={found.length}>
              {found.map(({ key, name, where, href }) => (
                <Item key={key} value={key} onSelect={choose(() => router.push(href))}>
                  <span className="min-w-0 flex-1">
                    <Name>{name}</Name>
                  </span>
                  <span className="shrink-0 truncate text-meta text-muted-foreground">{where}</span>
                </Item>
              ))}
            </Group>
          );
        })}
        <Group heading="Go to" count={pages.length}>
          {pages.map(({ label, href, icon: Icon, key }) => (
            <Item key={href} value={`page ${href}`} onSelect={choose(() => router.push(href))}>
              <Icon aria-hidden />
              <span className="flex-1">{label}</span>
              <Kbd>g</Kbd>
              <Kbd>{key}</Kbd>
            </Item>
          ))}
        </Group>
        <Group heading="Theme" count={themes.length}>
          {themes.map(({ value, label }) => (
            <Item key={value} value={`theme ${value}`} onSelect={choose(() => setTheme(value))}>
              <SunMoon aria-hidden />
              {label} theme
            </Item>
          ))}
        </Group>
      </Command.List>
    </Command>
  );
}

function Group({ heading, count, children }: { heading: string; count: number; children: ReactNode }) {
  if (count === 0) return null;
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-meta [&_[cmdk-group-heading]]:text-muted-foreground"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  value: string;
  onSelect: () => void;
  children: ReactNode;
}

function Item({ value, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-8 cursor-default select-none items-center gap-2.5 rounded-sm px-2 text-table data-[selected=true]:bg-accent pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground"
    >
      {children}
    </Command.Item>
  );
}

function holdsWords(label: string, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/);
  return words.every((word) => label.toLowerCase().includes(word));
}
