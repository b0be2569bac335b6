import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export interface KeyValue {
  label: string;
  value: ReactNode;
}

/** Facts of one thing: label left, value right; stacked on a phone. */
export function KeyValues({ items, className }: { items: readonly KeyValue[]; className?: string }) {
  return (
    <dl
      className={cn(
        "grid grid-cols-1 gap-x-6 gap-y-1.5 text-table sm:grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)]",
        className,
      )}
    >
      {items.map((item) => (
        <div key={item.label} className="contents">
          <dt className="text-muted-foreground max-sm:text-meta">{item.label}</dt>
          <dd className="min-w-0 break-words max-sm:mb-1">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
