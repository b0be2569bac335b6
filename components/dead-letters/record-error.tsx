"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Section } from "#components/ui/section.tsx";
import type { DeadLetter } from "./dead-letter-outputs.ts";

/** The innermost cause first, then who passed it on, and the frames on demand. */
export function RecordError({ error }: { error: DeadLetter["error"] }) {
  const [isWhole, setIsWhole] = useState(false);
  const [root, ...passedOn] = error.chain;
  const first = root ?? { exception: error.exception, message: error.message };
  return (
    <Section
      title="Why it failed"
      description="Values of rows are left out of messages."
      actions={
        <CopyButton
          value={error.chain.map(({ exception, message }) => `${exception}: ${message}`).join("\n")}
          what="the error"
        />
      }
    >
      <div className="flex min-w-0 flex-col gap-2">
        <div>
          <p className="break-words font-medium text-failed">
            {first.message || first.exception || "The sink wrote no error headers."}
          </p>
          {first.exception && (
            <p className="break-all text-meta text-muted-foreground">
              <code>{first.exception}</code>
              {error.failedIn && (
                <>
                  {" in "}
                  <code>{error.failedIn}</code>
                </>
              )}
            </p>
          )}
        </div>
        {passedOn.length > 0 && (
          <ol className="flex flex-col gap-1 border-l pl-3 text-meta" aria-label="Passed on as">
            {passedOn.map((link, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same exception may stand in a chain twice
              <li key={index} className="break-words">
                <code>{link.exception.split(".").at(-1)}</code>
                {link.message && <span className="text-muted-foreground"> {link.message}</span>}
              </li>
            ))}
          </ol>
        )}
        {error.frames && (
          <div>
            <Button size="sm" variant="ghost" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
              {isWhole ? "Hide the frames" : "Show the frames"}
            </Button>
          </div>
        )}
        {isWhole && <CodeBlock code={error.frames} label="frames of the stack trace" />}
      </div>
    </Section>
  );
}
