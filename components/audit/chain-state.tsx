"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCount } from "#domain/format/numbers.ts";

/** How far the hash chain was verified, when, by whom; the answer of the audit page. */
export function ChainState() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.audit.state.queryOptions());
  if (!data) return null;
  const { verification, lastSeq } = data;
  if (!verification)
    return (
      <StatusBadge status="unknown" look="pill">
        {lastSeq === 0 ? "empty" : "never verified"}
      </StatusBadge>
    );
  const { verdict, at, by } = verification;
  if (verdict.state === "broken")
    return (
      <StatusBadge status="failed" look="pill">
        broken at #{formatCount(verdict.seq)}
      </StatusBadge>
    );
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5 text-meta text-muted-foreground">
      <StatusBadge status="healthy" look="pill">
        chain verified through #{formatCount(verdict.lastSeq)}
      </StatusBadge>
      <TimeStamp value={at} event={`verified by ${by}`} />
    </span>
  );
}

export function VerifyButton() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { reason } = usePermission("audit:view");
  const verify = useMutation(
    trpc.audit.verify.mutationOptions({
      onSuccess: (verdict) => {
        if (verdict.state === "intact")
          toast.success(`The audit trail is intact: ${formatCount(verdict.entries)} entries`);
        else
          toast.error(`The audit trail is broken at entry ${verdict.seq}`, { description: verdict.message });
      },
      onError: (error) =>
        toast.error("The trail could not be verified", { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.audit.pathFilter()),
    }),
  );
  return (
    <Button blockedBecause={reason} pending={verify.isPending} onClick={() => verify.mutate()}>
      <ShieldCheck aria-hidden />
      {verify.isPending ? "Verifying…" : "Verify the chain"}
    </Button>
  );
}
