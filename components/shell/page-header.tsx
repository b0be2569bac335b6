import type { ReactNode } from "react";
import { Breadcrumb, type Crumb } from "#components/ui/breadcrumb.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { type PageTab, PageTabs } from "./page-tabs.tsx";

export interface PageHeaderProps {
  /** The way here, without this page. */
  crumbs?: readonly Crumb[];
  title: string;
  /** The title is a name of the field's: set in mono, copyable. */
  mono?: boolean;
  /** A StatusBadge with look="pill". */
  status?: ReactNode;
  /** The screen's one question, answered in a sentence. */
  answer?: ReactNode;
  /** The primary action, at the right. */
  actions?: ReactNode;
  tabs?: readonly PageTab[];
  currentTab?: string;
}

export function PageHeader({
  crumbs,
  title,
  mono,
  status,
  answer,
  actions,
  tabs,
  currentTab,
}: PageHeaderProps) {
  return (
    <header className="flex flex-col gap-1">
      {crumbs && crumbs.length > 0 && <Breadcrumb crumbs={crumbs} />}
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-1 basis-80 flex-col gap-0.5">
          <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
            <h1
              className={
                mono
                  ? "min-w-0 break-all font-mono font-semibold text-[1rem] leading-6"
                  : "min-w-0 break-words font-semibold text-title"
              }
            >
              {title}
            </h1>
            {mono && <CopyButton value={title} what="name" />}
            {status}
          </div>
          {answer && <div className="max-w-[72ch] text-muted-foreground">{answer}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {tabs && <PageTabs tabs={tabs} {...(currentTab ? { current: currentTab } : {})} className="mt-1" />}
    </header>
  );
}
