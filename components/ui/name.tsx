import { cn } from "./cn.ts";

export interface NameProps {
  children: string;
  /** How many characters at the end always stay. */
  tail?: number;
  className?: string;
}

const ALWAYS_WHOLE = 24;

/** A name of the field's on one line: where it has to be cut, its end stays, because long names differ there. */
export function Name({ children, tail = 10, className }: NameProps) {
  const classes = cn("font-mono text-[0.94em]", className);
  if (children.length <= ALWAYS_WHOLE)
    return <span className={cn("block truncate", classes)}>{children}</span>;
  return (
    <span title={children} className={cn("flex min-w-0", classes)}>
      <span className="sr-only">{children}</span>
      <span aria-hidden className="truncate whitespace-pre">
        {children.slice(0, -tail)}
      </span>
      <span aria-hidden className="shrink-0 whitespace-pre">
        {children.slice(-tail)}
      </span>
    </span>
  );
}
