"use client";

import { useQuery } from "@tanstack/react-query";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { ConfigDiff } from "#components/ui/config-diff.tsx";
import { jsonChanges } from "#components/ui/json-changes.ts";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { AuditEntryDetail } from "#server/audit/get-audit-act.ts";
import { OUTCOME_MEANING, OUTCOME_STATUS } from "./outcome-words.ts";

/** One act from intent to outcome, with what it changed. */
export function ActDetail({ actId }: { actId: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.audit.get.queryOptions({ actId }));
  return (
    <QueryState query={query} what="the act">
      {({ action, subject, entries, change }) => {
        const last = entries.at(-1);
        return (
          <div className="flex flex-col gap-4">
            {last && <p className="text-muted-foreground text-table">{OUTCOME_MEANING[last.outcome]}</p>}
            <KeyValues
              items={[
                { label: "What", value: <Mono>{action}</Mono> },
                ...Object.entries(subject).map(([label, value]) => ({
                  label: label.charAt(0).toUpperCase() + label.slice(1),
                  value: <Mono className="break-all">{value}</Mono>,
                })),
              ]}
            />
            {change && (
              <div className="flex flex-col gap-1.5">
                <h3 className="font-semibold text-table">What changed</h3>
                <ConfigDiff
                  label="What changed"
                  beforeLabel="Before"
                  changes={jsonChanges(change.before, change.after)}
                />
              </div>
            )}
            <ol className="flex flex-col gap-3" aria-label="Entries of this act">
              {entries.map((entry) => (
                <Entry key={entry.seq} entry={entry} />
              ))}
            </ol>
          </div>
        );
      }}
    </QueryState>
  );
}

function Entry({ entry }: { entry: AuditEntryDetail }) {
  const { before: _before, after: _after, ...rest } = entry.detail;
  const hasRest = Object.keys(rest).length > 0;
  return (
    <li className="flex flex-col gap-1.5 rounded-md border p-3">
      <div className="flex flex-wrap items-center justify-between gap-2 text-table">
        <StatusBadge status={OUTCOME_STATUS[entry.outcome]}>{entry.outcome}</StatusBadge>
        <TimeStamp value={entry.at} absolute />
      </div>
      <p className="text-meta text-muted-foreground">
        #{entry.seq} · {entry.actor.name}
        {entry.actor.roles.length > 0 && ` (${entry.actor.roles.join(", ")})`} · through {entry.actor.via}
      </p>
      {hasRest && (
        <CodeBlock code={JSON.stringify(rest, undefined, 2)} label={`Detail of entry ${entry.seq}`} wrap />
      )}
      <p className="text-meta text-muted-foreground">
        Hash <Mono className="break-all">{entry.hash}</Mono>
      </p>
    </li>
  );
}
