import {
  Cable,
  Database,
  Inbox,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Scale,
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
  /** Its list can be narrowed to one cluster. */
  scoped?: true;
}

/** In the order people read them. A section stands here from the day its page exists. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { label: "Overview", href: "/", icon: LayoutDashboard, key: "o" },
  { label: "Pipelines", href: "/pipelines", icon: Waves, key: "p", scoped: true },
  { label: "Dead letters", href: "/dead-letters", icon: Inbox, key: "d", scoped: true },
  { label: "Reconciliation", href: "/reconciliation", icon: Scale, key: "r", scoped: true },
  { label: "Connectors", href: "/connectors", icon: Cable, key: "c", scoped: true },
  { label: "Databases", href: "/databases", icon: Database, key: "b", scoped: true },
  { label: "Credentials", href: "/credentials", icon: KeyRound, key: "k", scoped: true },
  { label: "Activity", href: "/activity", icon: ListChecks, key: "a", scoped: true },
  { label: "Audit trail", href: "/audit", icon: ScrollText, key: "t" },
  { label: "Settings", href: "/settings", icon: Settings, key: "," },
];

export function isScoped(pathname: string): boolean {
  return NAVIGATION.some(({ href, scoped }) => scoped && href === pathname);
}

export function isCurrent(href: string, pathname: string): boolean {
  return href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
}
