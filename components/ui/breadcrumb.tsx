import { ChevronRight } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";

export interface Crumb {
  label: string;
  href?: Route;
}

export function Breadcrumb({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="min-w-0">
      <ol className="flex min-w-0 flex-wrap items-center gap-1 text-meta text-muted-foreground">
        {crumbs.map((crumb, index) => (
          <li key={crumb.label} className="flex min-w-0 items-center gap-1">
            {index > 0 && <ChevronRight className="size-3 shrink-0" aria-hidden />}
            {crumb.href ? (
              <Link href={crumb.href} className="truncate hover:text-foreground hover:underline">
                {crumb.label}
              </Link>
            ) : (
              <span className="truncate">{crumb.label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
