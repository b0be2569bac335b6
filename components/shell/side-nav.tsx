"use client";

import type { Route } from "next";
import { usePathname } from "next/navigation";
import { useQueryState } from "nuqs";
import { listParsers } from "#components/data-table/list-params.ts";
import { cn } from "#components/ui/cn.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { isCurrent, NAVIGATION } from "./navigation.ts";

export interface SideNavProps {
  /** Icons only; the words stay for screen readers and in the title. */
  narrow?: boolean;
  onNavigate?: () => void;
}

export function SideNav({ narrow = false, onNavigate }: SideNavProps) {
  const pathname = usePathname();
  const [cluster] = useQueryState("cluster", listParsers.cluster);
  return (
    <nav aria-label="Sections" className="flex-1 overflow-y-auto px-2 py-1">
      <ul className="flex flex-col gap-px">
        {NAVIGATION.map(({ label, href, icon: Icon, key, scoped }) => {
          const current = isCurrent(href, pathname);
          return (
            <li key={href}>
              <HoverLink
                href={scoped && cluster ? (`${href}?cluster=${encodeURIComponent(cluster)}` as Route) : href}
                title={narrow ? label : undefined}
                aria-keyshortcuts={`g ${key}`}
                aria-current={current ? "page" : undefined}
                {...(onNavigate ? { onClick: onNavigate } : {})}
                className={cn(
                  "flex h-8 items-center gap-2.5 rounded-md px-2 text-muted-foreground text-table hover:bg-accent hover:text-foreground pointer-coarse:h-11",
                  current && "bg-selected font-medium text-foreground hover:bg-selected",
                  narrow && "justify-center px-0",
                )}
              >
                <Icon className={cn("size-4 shrink-0", current && "text-link")} aria-hidden />
                <span className={narrow ? "sr-only" : "truncate"}>{label}</span>
              </HoverLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
