"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/shell/trpc.ts";
import { StateMessage } from "#components/ui/state-message.tsx";
import { formatCount } from "#domain/format/numbers.ts";

/** Says what a broken chain means and what to do, for as long as the last verification found one. */
export function BrokenChainAlert() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.audit.state.queryOptions());
  const verdict = data?.verification?.verdict;
  if (verdict?.state !== "broken") return null;
  return (
    <StateMessage
      kind="failed"
      look="banner"
      title={`The trail cannot be trusted from entry ${formatCount(verdict.seq)} on`}
      since={data?.verification?.at}
    >
      <p>
        {verdict.message}. The {formatCount(verdict.entries)} entries before it are in order. Somebody changed
        the database past Headgate: compare with a backup or an earlier export, and find out who can write to
        it.
      </p>
    </StateMessage>
  );
}
