"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { useTick } from "#components/ui/clock.tsx";
import { Section } from "#components/ui/section.tsx";
import { CausePanel } from "./cause-panel.tsx";
import type { DeadLetter } from "./dead-letter-outputs.ts";
import { DEAD_LETTERS, groupPath } from "./dead-letter-paths.ts";
import { RecordActions } from "./record-actions.tsx";
import { recordAnswer } from "./record-answer.ts";
import { RecordAttempts } from "./record-attempts.tsx";
import { rowName } from "./record-columns.tsx";
import { RecordContextPanel } from "./record-context-panel.tsx";
import { RecordError } from "./record-error.tsx";
import { RecordFacts } from "./record-facts.tsx";
import { RecordPayload } from "./record-payload.tsx";
import { RecordBadge } from "./state-badges.tsx";

/** One dead letter: why it failed, what the row is now, what was tried, what can be done. */
export function RecordPage({ id }: { id: number }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.deadLetters.record.queryOptions({ id }));
  return (
    <>
      {!query.data && (
        <PageHeader crumbs={[{ label: "Dead letters", href: DEAD_LETTERS }]} title="Dead letter" />
      )}
      <QueryState query={query} what="the dead letter">
        {(record) => <RecordBody record={record} />}
      </QueryState>
    </>
  );
}

function RecordBody({ record }: { record: DeadLetter }) {
  const trpc = useTRPC();
  const now = useTick((ms) => Math.floor(ms / 10_000)) * 10_000;
  // Each look at payload is in the trail, so it is asked for by a press and kept while the page is open.
  const reveal = useMutation(trpc.deadLetters.reveal.mutationOptions());
  const revealContext = useMutation(trpc.deadLetters.revealContext.mutationOptions());
  const show = () => {
    reveal.mutate({ id: record.id });
    revealContext.mutate({ id: record.id });
  };
  const isRevealing = reveal.isPending || revealContext.isPending;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Dead letters", href: DEAD_LETTERS },
          { label: record.cause.title, href: groupPath(record.groupId) },
        ]}
        title={`${rowName(record)} of ${record.table || "an unknown table"}`}
        status={<RecordBadge status={record.status} look="pill" />}
        answer={recordAnswer(record, now)}
        actions={<RecordActions record={record} />}
      />
      <div className="grid min-w-0 grid-cols-1 gap-3 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-3">
          <RecordError error={record.error} />
          <RecordContextPanel
            id={record.id}
            revealed={revealContext.data}
            onReveal={show}
            isRevealing={isRevealing}
            mayReveal={record.mayReveal}
          />
          <RecordPayload
            record={record}
            revealed={reveal.data}
            error={reveal.error ?? revealContext.error}
            onReveal={show}
            isRevealing={isRevealing}
          />
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <CausePanel cause={record.cause} />
          <Section title="Attempts" description="Replays of this record, newest first.">
            <RecordAttempts attempts={record.attemptsMade} />
          </Section>
          <RecordFacts record={record} />
        </div>
      </div>
    </>
  );
}
