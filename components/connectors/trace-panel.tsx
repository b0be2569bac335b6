"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import type { ParsedTrace } from "#domain/connectors/trace.ts";

/** Why it failed: the innermost cause first, then who passed it on, and the whole trace on demand. */
export function TracePanel({ trace, label }: { trace: ParsedTrace; label: string }) {
  const [isWhole, setIsWhole] = useState(false);
  const [root, ...passedOn] = trace.chain;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {root && (
        <div>
          <p className="break-words font-medium text-failed">{root.message || root.exception}</p>
          <p className="break-all text-meta text-muted-foreground">
            <code>{root.exception}</code>
            {root.at && (
              <>
                {" at "}
                <code>{root.at}</code>
              </>
            )}
          </p>
        </div>
      )}
      {passedOn.length > 0 && (
        <ol className="flex flex-col gap-1 border-l pl-3 text-meta" aria-label="Passed on as">
          {passedOn.map((cause, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same exception may stand in a chain twice
            <li key={index} className="break-words">
              <code>{cause.exception.split(".").at(-1)}</code>
              {cause.message && <span className="text-muted-foreground"> {cause.message}</span>}
            </li>
          ))}
        </ol>
      )}
      <div>
        <Button size="sm" variant="ghost" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? "Hide the whole trace" : "Show the whole trace"}
        </Button>
      </div>
      {isWhole && <CodeBlock code={trace.text} label={label} />}
      <p className="text-meta text-muted-foreground">Values of rows are left out.</p>
    </div>
  );
}
