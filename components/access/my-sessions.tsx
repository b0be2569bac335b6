"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { describeError } from "#components/shell/describe-error.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/section.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import { SessionTable } from "./session-table.tsx";
import { useEndSession } from "./use-end-session.ts";

export function MySessions() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const query = useQuery(trpc.access.mySessions.queryOptions());
  const end = useEndSession();
  const endOthers = useMutation(
    trpc.access.endOtherSessions.mutationOptions({
      onSuccess: ({ ended }) => toast.success(`${formatCounted(ended, "session")} ended`),
      onError: (error) => toast.error("The sessions were not ended", { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.access.pathFilter()),
    }),
  );
  const others = query.data?.filter(({ isCurrent }) => !isCurrent).length ?? 0;
  return (
    <Section
      flush
      title="Where you are signed in"
      description="End what you do not recognise, then change your password at the identity provider."
      actions={
        <Button
          pending={endOthers.isPending}
          blockedBecause={others === 0 ? "You are signed in nowhere else" : undefined}
          onClick={() => endOthers.mutate()}
        >
          {others > 0 ? `End ${formatCounted(others, "other session")}` : "End all others"}
        </Button>
      }
    >
      <QueryState query={query} what="your sessions">
        {(sessions) => (
          <SessionTable
            label="Your sessions"
            sessions={sessions}
            ending={end.isPending ? end.variables.id : undefined}
            onEnd={({ id }) => end.mutate({ id })}
          />
        )}
      </QueryState>
    </Section>
  );
}
