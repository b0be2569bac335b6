"use client";

import { useQuery } from "@tanstack/react-query";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { useTick } from "#components/ui/clock.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Section } from "#components/ui/section.tsx";
import { formatCount } from "#domain/format/numbers.ts";
import { DEAD_LETTERS, deadLettersPath } from "./dead-letter-paths.ts";
import { summaryAnswer } from "./summary-answer.ts";

/** How many dead letters wait, on the overview; each number leads to its list. */
export function DeadLettersTile() {
  const trpc = useTRPC();
  const query = useQuery(trpc.deadLetters.summary.queryOptions());
  const now = useTick((ms) => Math.floor(ms / 10_000)) * 10_000;
  return (
    <QueryState query={query} what="the dead letters">
      {(summary) => {
        const waiting = summary.groups.open + summary.groups.regressed;
        return (
          <Section title="Dead letters" description={summaryAnswer(summary, now)} flush>
            <ul className="flex flex-wrap gap-px bg-border">
              <Figure
                label="open records"
                value={summary.open}
                href={deadLettersPath({ tab: "records", filter: "status:PENDING" })}
              />
              <Figure label="causes that wait" value={waiting} href={DEAD_LETTERS} />
              <Figure
                label="have come back"
                value={summary.groups.regressed}
                href={deadLettersPath({ filter: "state:regressed" })}
              />
              <Figure
                label="muted"
                value={summary.groups.muted}
                href={deadLettersPath({ filter: "state:muted" })}
              />
            </ul>
          </Section>
        );
      }}
    </QueryState>
  );
}

function Figure({ label, value, href }: { label: string; value: number; href: typeof DEAD_LETTERS }) {
  return (
    <li className="grow basis-24 bg-card">
      <HoverLink href={href} className="-outline-offset-2 flex flex-col gap-0.5 px-3 py-2 hover:bg-accent/50">
        <span className="text-meta text-muted-foreground">{label}</span>
        <span className="font-semibold text-figure">{formatCount(value)}</span>
      </HoverLink>
    </li>
  );
}
