"use client";

import type { Route } from "next";
import { PageHeader } from "#components/shell/page-header.tsx";
import { usePermission } from "#components/shell/viewer.tsx";

/** People are there for those who manage access; nobody else gets a tab that only says no. */
export function SettingsHeader({ answer }: { answer: string }) {
  const { allowed } = usePermission("access:manage");
  const tabs = [
    { label: "You", href: "/settings" as Route },
    { label: "People", href: "/settings/people" as Route },
  ];
  return <PageHeader title="Settings" answer={answer} {...(allowed ? { tabs } : {})} />;
}
