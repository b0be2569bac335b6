"use client";

import { useQuery } from "@tanstack/react-query";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { useTick } from "#components/ui/clock.tsx";
import { FigureLink } from "#components/ui/figure-link.tsx";
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
            <ul className="grid grid-cols-2 gap-px overflow-hidden rounded-b-lg bg-border sm:grid-cols-4">
              <FigureLink
                label="open records"
                value={formatCount(summary.open)}
                href={deadLettersPath({ tab: "records", filter: "status:PENDING" })}
              />
              <FigureLink label="causes that wait" value={formatCount(waiting)} href={DEAD_LETTERS} />
              <FigureLink
                label="have come back"
                value={formatCount(summary.groups.regressed)}
                href={deadLettersPath({ filter: "state:regressed" })}
              />
              <FigureLink
                label="muted"
                value={formatCount(summary.groups.muted)}
                href={deadLettersPath({ filter: "state:muted" })}
              />
            </ul>
          </Section>
        );
      }}
    </QueryState>
  );
}
