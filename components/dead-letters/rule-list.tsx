"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { LetterRule } from "./dead-letter-outputs.ts";
import { actionWords, matchWords } from "./rule-words.ts";

const RuleDialog = dynamic(() => import("./rule-dialog.tsx").then((module) => module.RuleDialog));

/** What is done about failures by itself: which, what, and what it did so far. */
export function RuleList() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { reason } = usePermission("dead-letters:repair");
  const query = useQuery(trpc.deadLetters.rules.queryOptions());
  const [edited, setEdited] = useState<LetterRule | "new">();
  const options = {
    onError: (error: unknown) => toast.error("It was not changed", { description: describeError(error) }),
    onSettled: () => queries.invalidateQueries(trpc.deadLetters.pathFilter()),
  };
  const enable = useMutation(trpc.deadLetters.enableRule.mutationOptions(options));
  const remove = useMutation(
    trpc.deadLetters.deleteRule.mutationOptions({
      ...options,
      onSuccess: () => toast.success("The rule is deleted; what it moved goes back"),
    }),
  );
  return (
    <Section
      title="Rules"
      description="Applied in this order to every group, old and new. Turning one off puts back what it moved."
      actions={
        <Button variant="primary" blockedBecause={reason} onClick={() => setEdited("new")}>
          <Plus aria-hidden /> New rule
        </Button>
      }
      flush
    >
      <QueryState query={query} what="the rules">
        {(rules) =>
          rules.length === 0 ? (
            <StateMessage kind="empty" title="There is no rule yet" className="py-8">
              A rule merges or divides groups, mutes or assigns what comes, suggests what to do, or replays
              what passes by itself. Each shows what it would have matched before it is saved.
            </StateMessage>
          ) : (
            <ul className="divide-y">
              {rules.map((rule) => (
                <li key={rule.id} className="flex flex-wrap items-start justify-between gap-3 px-3 py-2.5">
                  <div className="flex min-w-0 flex-1 basis-80 flex-col gap-0.5 text-table">
                    <p className="flex flex-wrap items-center gap-2 font-medium">
                      {rule.rule.name}
                      <StatusBadge status={rule.enabled ? "healthy" : "held"}>
                        {rule.enabled ? "on" : "off"}
                      </StatusBadge>
                    </p>
                    <p className="break-words">
                      Failures with {matchWords(rule.rule.match)} {actionWords(rule.rule.action)}.
                    </p>
                    <p className="text-meta text-muted-foreground">
                      {formatCounted(rule.groups, "group")} and {formatCounted(rule.records, "record")} so far
                      {rule.lastOutcome && ` · ${rule.lastOutcome}`} · version {rule.version},{" "}
                      <TimeStamp value={rule.updatedAt} event="saved" />
                    </p>
                  </div>
                  <div className="flex flex-wrap gap-2">
                    <Button blockedBecause={reason} onClick={() => setEdited(rule)}>
                      Edit<span className="sr-only"> {rule.rule.name}</span>
                    </Button>
                    <Button
                      blockedBecause={reason}
                      pending={enable.isPending && enable.variables.id === rule.id}
                      onClick={() => enable.mutate({ id: rule.id, enabled: !rule.enabled })}
                    >
                      {rule.enabled ? "Turn off" : "Turn on"}
                      <span className="sr-only"> {rule.rule.name}</span>
                    </Button>
                    {!rule.enabled && (
                      <Button
                        blockedBecause={reason}
                        pending={remove.isPending && remove.variables.id === rule.id}
                        onClick={() => remove.mutate({ id: rule.id })}
                      >
                        Delete<span className="sr-only"> {rule.rule.name}</span>
                      </Button>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </QueryState>
      {edited && (
        <RuleDialog saved={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Section>
  );
}
