import {
  Cable,
  Database,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  ScrollText,
  Settings,
  Waves,
} from "lucide-react";
import type { Route } from "next";

export interface NavigationEntry {
  label: string;
  href: Route;
  icon: LucideIcon;
  /** The letter after `g`. */
  key: string;
}

/** In the order people read them. A section stands here from the day its page exists. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { label: "Overview", href: "/", icon: LayoutDashboard, key: "o" },
  { label: "Pipelines", href: "/pipelines", icon: Waves, key: "p" },
  { label: "Connectors", href: "/connectors", icon: Cable, key: "c" },
  { label: "Databases", href: "/databases", icon: Database, key: "b" },
  { label: "Credentials", href: "/credentials", icon: KeyRound, key: "k" },
  { label: "Activity", href: "/activity", icon: ListChecks, key: "a" },
  { label: "Audit trail", href: "/audit", icon: ScrollText, key: "t" },
  { label: "Settings", href: "/settings", icon: Settings, key: "," },
];

export function isCurrent(href: string, pathname: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
