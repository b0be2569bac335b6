import { cn } from "./cn.ts";
import { CopyButton } from "./copy-button.tsx";

export interface CodeBlockProps {
  code: string;
  /** What it is: "stack trace", "statement that fixes it". Names the region and the copy button. */
  label: string;
  /** Breaks long lines instead of scrolling sideways. */
  wrap?: boolean;
  className?: string;
}

export function CodeBlock({ code, label, wrap, className }: CodeBlockProps) {
  return (
    <div className={cn("relative min-w-0 rounded-md border bg-muted/60", className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section aria-label={label} tabIndex={0} className="max-h-96 overflow-auto rounded-md">
        <pre className={cn("p-2.5 pr-10 text-meta leading-5", wrap && "whitespace-pre-wrap break-words")}>
          <code>{code}</code>
        </pre>
      </section>
      <CopyButton value={code} what={label} className="absolute top-1.5 right-1.5 size-6 bg-card p-0" />
    </div>
  );
}
