"use client";

import type { Route } from "next";
import { usePathname } from "next/navigation";
import { cn } from "#components/ui/cn.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { tabClass, tabListClass } from "#components/ui/tab-classes.ts";
import { formatCount } from "#domain/format/numbers.ts";

export interface PageTab {
  label: string;
  href: Route;
  /** Only of what needs a person. */
  count?: number;
}

export interface PageTabsProps {
  tabs: readonly PageTab[];
  /** The href of the tab shown; by default the one that equals the path. */
  current?: string;
  className?: string;
}

export function PageTabs({ tabs, current, className }: PageTabsProps) {
  const pathname = usePathname();
  const shown = current ?? pathname;
  return (
    <nav aria-label="Tabs of this page" className={cn(tabListClass, className)}>
      {tabs.map((tab) => (
        <HoverLink
          key={tab.href}
          href={tab.href}
          className={tabClass}
          {...(tab.href === shown ? { "aria-current": "page" as const } : {})}
        >
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && (
            <span className="rounded-full bg-muted px-1.5 text-meta">{formatCount(tab.count)}</span>
          )}
        </HoverLink>
      ))}
    </nav>
  );
}
