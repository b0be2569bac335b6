"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { planPath } from "#components/plans/plan-path.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { toast } from "#components/ui/toast.ts";

/** Going back is proposed, not done: success leads to the plan. */
export function useProposeRevert({ name }: { name: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  return useMutation(
    trpc.connectors.proposeRevert.mutationOptions({
      onSuccess: ({ planId }) => router.push(planPath(planId)),
      onError: (error) => toast.error(`No plan to revert ${name}`, { description: describeError(error) }),
    }),
  );
}
