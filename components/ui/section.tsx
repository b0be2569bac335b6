import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";

export interface SectionProps {
  title: ReactNode;
  /** One sentence: the answer this section gives. */
  description?: ReactNode;
  actions?: ReactNode;
  /** Leaves out the inner padding, for tables that run to the edge. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A titled panel: the one box pages are made of. */
export function Section({ title, description, actions, flush, className, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cn("min-w-0 rounded-lg border bg-card", className)}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b px-3 py-2">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold text-table">
            {title}
          </h2>
          {description && <p className="max-w-[72ch] text-meta text-muted-foreground">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      <div className={cn(!flush && "p-3")}>{children}</div>
    </section>
  );
}
