import { Fragment } from "react";
import { cn } from "./cn.ts";

/** A configuration key: where its column is too narrow, the line breaks after a dot before it breaks in a word. */
export function DottedKey({ children, className }: { children: string; className?: string }) {
  return (
    <code className={cn("wrap-anywhere", className)}>
      {children.split(/(?<=\.)/).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one string have no other name
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </code>
  );
}
