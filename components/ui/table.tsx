import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

export interface TableProps extends ComponentProps<"table"> {
  /** Names the table for screen readers and its scroll region. */
  label: string;
}

/** A short table of things already on the page. Lists that filter, sort or page use the data table. */
export function Table({ label, className, ...props }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="relative overflow-x-auto">
      <table
        aria-label={label}
        className={cn("w-full border-collapse text-left text-table", className)}
        {...props}
      />
    </section>
  );
}

export function TableHead({ className, ...props }: ComponentProps<"thead">) {
  return <thead className={cn("text-meta text-muted-foreground", className)} {...props} />;
}

export function TableBody({ className, ...props }: ComponentProps<"tbody">) {
  return <tbody className={cn("[&>tr:last-child>*]:border-b-0", className)} {...props} />;
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={className} {...props} />;
}

export function TableHeader({ className, ...props }: ComponentProps<"th">) {
  return (
    <th scope="col" className={cn("h-8 whitespace-nowrap border-b px-3 font-medium", className)} {...props} />
  );
}

export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return (
    <td className={cn("h-(--row-height) border-b px-3 max-sm:whitespace-nowrap", className)} {...props} />
  );
}
