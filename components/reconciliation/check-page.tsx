"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { describeError } from "#components/shell/describe-error.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { Section } from "#components/ui/section.tsx";
import { Stat } from "#components/ui/stat.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatDuration } from "#domain/format/durations.ts";
import { formatBytes, formatCount, formatCounted } from "#domain/format/numbers.ts";
import { confirmedIn } from "#domain/reconciliation/run.ts";
import { checkAnswer } from "./check-answer.ts";
import { DiscrepancyList } from "./discrepancy-list.tsx";
import type { Check } from "./reconciliation-outputs.ts";
import { CRUMBS, checkedTablePath } from "./reconciliation-paths.ts";
import { RunBadge } from "./run-badge.tsx";
import { METHOD_WORDS, TRIGGER_WORDS } from "./state-words.ts";

/** What did this check look at, what did it find, and what did it cost? */
export function CheckPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.reconciliation.run.queryOptions({ id }));
  return (
    <>
      {!query.data && <PageHeader crumbs={CRUMBS} title="Check" />}
      <QueryState query={query} what="the check">
        {(check) => (
          <>
            <PageHeader
              crumbs={[...CRUMBS, { label: check.table, href: checkedTablePath(check.tableId) }]}
              title={`Check of ${check.table}`}
              status={<RunBadge run={check} look="pill" />}
              answer={checkAnswer(check)}
              actions={<AbortButton check={check} />}
            />
            <Standing check={check} />
            <Found check={check} />
            <Facts check={check} />
            {check.counts && confirmedIn(check.counts) > 0 && <DiscrepancyList runId={check.id} />}
          </>
        )}
      </QueryState>
    </>
  );
}

function AbortButton({ check }: { check: Check }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { reason } = usePermission("reconciliation:run");
  const abort = useMutation(
    trpc.reconciliation.abort.mutationOptions({
      onSuccess: () => toast.success("The check ends at its next step"),
      onError: (error) => toast.error("It was not aborted", { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.reconciliation.pathFilter()),
    }),
  );
  if (check.state !== "QUEUED" && check.state !== "RUNNING") return null;
  return (
    <Button blockedBecause={reason} pending={abort.isPending} onClick={() => abort.mutate({ id: check.id })}>
      Abort
    </Button>
  );
}

function Standing({ check }: { check: Check }) {
  const { progress } = check;
  if (check.state === "RUNNING" && progress)
    return (
      <Section title="Progress" description={leftWords(progress.secondsLeft)}>
        <Progress
          label={progress.phase}
          done={progress.done}
          total={progress.total ?? undefined}
          estimated={!progress.isExact}
          unit="rows"
        />
      </Section>
    );
  if (check.state === "FAILED")
    return (
      <StateMessage
        kind="failed"
        look="banner"
        title={
          check.failedAt === "aborted" ? "It was aborted" : `It failed at the ${check.failedAt ?? "start"}`
        }
      >
        {check.message} No difference is reported that was not confirmed before.
      </StateMessage>
    );
  return null;
}

function leftWords(seconds: number | null): string {
  return seconds === null
    ? "How long it takes is not known yet."
    : `About ${formatDuration(seconds * 1000)} left.`;
}

function Found({ check: { counts, coverage } }: { check: Check }) {
  if (!counts) return null;
  return (
    <div className="grid grid-cols-2 gap-4 rounded-lg border bg-card p-3 sm:grid-cols-4 xl:grid-cols-7">
      <Stat label="Compared rows" value={formatCount(counts.comparedRows)} note={coverageWords(coverage)} />
      <Stat label="Missing in target" value={formatCount(counts.missingInTarget)} />
      <Stat label="Missing in source" value={formatCount(counts.missingInSource)} />
      <Stat label="Values differ" value={formatCount(counts.valueMismatch)} />
      <Stat label="In flight" value={formatCount(counts.inFlight)} note="equal once the target caught up" />
      <Stat label="Unstable" value={formatCount(counts.unstable)} note="changed at every look" />
      <Stat
        label="Rows"
        value={counts.sourceRows === null ? "–" : formatCount(counts.sourceRows)}
        note={
          counts.targetRows === null ? "at the source" : `source; target ${formatCount(counts.targetRows)}`
        }
      />
    </div>
  );
}

function coverageWords(coverage: number | null): string {
  return coverage === null
    ? "coverage not known"
    : `${Number((coverage * 100).toPrecision(3))} % of the table`;
}

function Facts({ check }: { check: Check }) {
  const { cost, estimate } = check;
  return (
    <Section title="What it covered and cost">
      <KeyValues
        items={[
          {
            label: "Scope",
            value: `${check.scope}, ${METHOD_WORDS[check.method]}, ${TRIGGER_WORDS[check.trigger]}`,
          },
          {
            label: "Asked for",
            value: (
              <>
                by {check.requestedBy}, <TimeStamp value={check.queuedAt} event="asked for" />
              </>
            ),
          },
          {
            label: "Ran",
            value: check.startedAt ? (
              <>
                <TimeStamp value={check.startedAt} event="started" />
                {cost && `, ${formatDuration(cost.durationMs)}`}
                {check.attempts > 1 && `, ${check.attempts} attempts`}
              </>
            ) : (
              "not yet"
            ),
          },
          {
            label: "Verified through",
            value: check.verifiedThrough ? <Mono>{check.verifiedThrough}</Mono> : "no position yet",
          },
          {
            label: "Read",
            value: cost
              ? `${formatCounted(cost.rowsRead, "row")}, ${formatBytes(cost.bytes)} in ${formatCounted(cost.queries, "query", "queries")}`
              : "–",
          },
          {
            label: "Source CPU time",
            value: cost?.sourceCpuMs == null ? "the engine does not tell" : formatDuration(cost.sourceCpuMs),
          },
          {
            label: "Expected",
            value: estimate
              ? `${estimate.isExact ? "" : "about "}${formatCount(estimate.rows)} rows, ${formatBytes(estimate.bytes)}, ${formatDuration(estimate.seconds * 1000)}: ${estimate.because}`
              : "no estimate was made",
          },
          {
            label: "Checksums",
            value:
              check.sourceChecksum && check.targetChecksum ? (
                <Mono>
                  {check.sourceChecksum} {check.sourceChecksum === check.targetChecksum ? "=" : "≠"}{" "}
                  {check.targetChecksum}
                </Mono>
              ) : (
                "only a full check has them"
              ),
          },
          ...(check.unchecked.length > 0
            ? [
                {
                  label: "Not compared",
                  value: check.unchecked.map(({ column, reason }) => `${column} (${reason})`).join(", "),
                },
              ]
            : []),
        ]}
      />
    </Section>
  );
}
