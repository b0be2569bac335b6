import { HoverLink } from "#components/ui/hover-link.tsx";
import { Section } from "#components/ui/section.tsx";
import type { Cause } from "#domain/dead-letters/causes.ts";
import { causePath } from "./dead-letter-paths.ts";

export interface CausePanelProps {
  cause: Cause;
  /** What a rule of the house says to do; before the catalogue's advice. */
  suggestion?: string | null | undefined;
}

/** The catalogue's entry: what is likely wrong, and what to do about it. */
export function CausePanel({ cause, suggestion }: CausePanelProps) {
  return (
    <Section
      title="Likely cause and what to do"
      actions={
        <HoverLink href={causePath(cause.id)} className="text-link text-table hover:underline">
          Runbook entry “{cause.id}”
        </HoverLink>
      }
    >
      <div className="flex max-w-[72ch] flex-col gap-2 text-table">
        <p>{cause.likelyCause}</p>
        {suggestion && (
          <p>
            <span className="font-medium">A rule suggests: </span>
            {suggestion}
          </p>
        )}
        <p>
          <span className="font-medium">What to do: </span>
          {cause.action}
        </p>
        {cause.transient && (
          <p className="text-muted-foreground">
            It may pass by itself: the same records often succeed later.
          </p>
        )}
      </div>
    </Section>
  );
}
