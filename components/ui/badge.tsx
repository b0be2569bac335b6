import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

const badgeVariants = cva(
  "inline-flex h-5 max-w-full items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 font-medium text-meta",
  {
    variants: {
      variant: {
        neutral: "bg-muted text-muted-foreground",
        outline: "bg-transparent text-foreground",
        info: "border-transparent bg-working-soft text-working",
        warning: "border-transparent bg-degraded-soft text-degraded",
        danger: "border-transparent bg-failed-soft text-failed",
      },
    },
    defaultVariants: { variant: "neutral" },
  },
);

/** A fact in a word (source, sink, PostgreSQL). How a thing fares is a StatusBadge. */
export function Badge({
  className,
  variant,
  ...props
}: ComponentProps<"span"> & VariantProps<typeof badgeVariants>) {
  return <span className={cn(badgeVariants({ variant }), className)} {...props} />;
}
