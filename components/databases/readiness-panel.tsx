"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Section } from "#components/ui/section.tsx";
import { type Status, StatusIcon } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { ReadinessFinding } from "./database-outputs.ts";
import { readinessAnswer } from "./readiness-answer.ts";

export interface ReadinessPanelProps {
  databaseId: string;
  /** `schema.table` each. */
  tables?: string[];
  slotName?: string;
  publicationName?: string;
}

/** Is this source ready for a connector? What is missing comes with the statement that brings it about. */
export function ReadinessPanel(question: ReadinessPanelProps) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.databases.readiness.queryOptions(question, {
      meta: ASKS_OUTSIDE,
      staleTime: 60_000,
      refetchOnWindowFocus: false,
    }),
  );
  return (
    <Section
      title="Readiness"
      description={query.data && readinessAnswer(query.data.findings)}
      actions={
        <>
          {query.data && (
            <span className="text-meta text-muted-foreground">
              looked <TimeStamp value={query.data.checkedAt} event="looked" />
            </span>
          )}
          <Button pending={query.isFetching} onClick={() => void query.refetch()}>
            {!query.isFetching && <RefreshCw aria-hidden />} Look again
          </Button>
        </>
      }
    >
      <QueryState query={query} what="the readiness of the source">
        {({ findings }) => <Findings findings={findings} />}
      </QueryState>
    </Section>
  );
}

const ORDER: readonly ReadinessFinding["state"][] = ["blocker", "unknown", "warning"];
const STATUS: Record<ReadinessFinding["state"], Status> = {
  blocker: "failed",
  unknown: "unknown",
  warning: "degraded",
  ok: "healthy",
};

function Findings({ findings }: { findings: readonly ReadinessFinding[] }) {
  const open = ORDER.flatMap((state) => findings.filter((finding) => finding.state === state));
  const good = findings.filter((finding) => finding.state === "ok");
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col gap-3 empty:hidden">
        {open.map((finding) => (
          <li key={keyOf(finding)} className="flex min-w-0 items-start gap-2 text-table">
            <StatusIcon status={STATUS[finding.state]} className="mt-0.5" />
            <div className="flex min-w-0 flex-1 flex-col gap-1.5">
              <p className="break-words">
                <span className="sr-only">{finding.state}: </span>
                {finding.sentence}
              </p>
              {finding.fix && (
                <CodeBlock
                  code={finding.fix}
                  label={`Statement for ${finding.subject ?? finding.check}`}
                  wrap
                />
              )}
            </div>
          </li>
        ))}
      </ul>
      {good.length > 0 && (
        <details className="text-table" open={open.length === 0}>
          <summary className="cursor-pointer text-muted-foreground">{good.length} in order</summary>
          <ul className="mt-2 flex flex-col gap-1">
            {good.map((finding) => (
              <li key={keyOf(finding)} className="flex items-start gap-2">
                <StatusIcon status="healthy" className="mt-0.5" />
                <span className="min-w-0 break-words">{finding.sentence}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function keyOf({ check, subject, sentence }: ReadinessFinding): string {
  return `${check} ${subject ?? ""} ${sentence}`;
}
