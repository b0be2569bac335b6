import type { ReactNode } from "react";
import { BrandMark } from "#components/shell/brand-mark.tsx";

/** Around the pages for people who are not signed in. */
export function PublicFrame({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 px-4 py-10">
      <p className="flex items-center gap-2 font-semibold text-title">
        <BrandMark className="size-7" />
        Headgate
      </p>
      <div className="flex w-full max-w-md flex-col gap-4 rounded-lg border bg-card p-6">{children}</div>
      <p className="text-meta text-muted-foreground">The control room for CDC pipelines</p>
    </main>
  );
}
