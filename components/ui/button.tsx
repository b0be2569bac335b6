import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui/slot";
import type { ComponentProps, KeyboardEvent } from "react";
import { cn } from "./cn.ts";

export const buttonVariants = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium text-table transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "border-transparent bg-primary text-primary-foreground enabled:hover:bg-primary-hover",
        secondary: "border-input/60 bg-secondary text-secondary-foreground enabled:hover:bg-accent",
        ghost: "border-transparent bg-transparent text-foreground hover:bg-accent",
        danger:
          "border-transparent bg-destructive text-destructive-foreground enabled:hover:bg-destructive-hover",
        link: "h-auto border-transparent bg-transparent p-0 text-link underline-offset-4 hover:underline",
      },
      size: {
        sm: "h-6 px-2 text-meta",
        md: "h-(--control-height) px-2.5",
        lg: "h-9 px-3.5 text-body",
        icon: "size-(--control-height) p-0",
      },
    },
    compoundVariants: [{ variant: "link", class: "h-auto px-0" }],
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonVariants> {
  /** Renders the only child (a link, say) with the looks of a button. */
  asChild?: boolean;
  /** Shows that the act is on its way and refuses further clicks. */
  pending?: boolean;
  /** Why the act cannot be done now; the button stays focusable, says it, and opens no menu either. */
  blockedBecause?: string | undefined;
}

export function Button({
  className,
  variant,
  size,
  asChild,
  pending,
  blockedBecause,
  children,
  ...props
}: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className);
  if (asChild)
    return (
      <Slot className={classes} {...props}>
        {children}
      </Slot>
    );
  const blocked = blockedBecause !== undefined;
  return (
    <button
      type="button"
      className={classes}
      aria-disabled={blocked || pending || undefined}
      aria-busy={pending || undefined}
      title={blockedBecause}
      {...props}
      {...(blocked || pending ? refusing(props) : {})}
    >
      {pending && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
      {blocked && <span className="sr-only">. {blockedBecause}</span>}
    </button>
  );
}

const ACTING_KEYS = ["Enter", " ", "ArrowDown"];

/** A menu opens on pressing already, and by keys of its own: what acts is dropped, the rest passes. */
function refusing({ onKeyDown }: Pick<ComponentProps<"button">, "onKeyDown">) {
  return {
    onClick: (event: { preventDefault: () => void }) => event.preventDefault(),
    onPointerDown: undefined,
    onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => {
      if (!ACTING_KEYS.includes(event.key)) onKeyDown?.(event);
    },
  };
}
