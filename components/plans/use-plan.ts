"use client";

import { useQuery } from "@tanstack/react-query";
import { useLiveStatus } from "#components/shell/live-status.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { isAtRest } from "#domain/plans/run-state.ts";

/** A plan that follows its run: by push where the channel is open, by asking every second otherwise. */
export function usePlan(id: string) {
  const trpc = useTRPC();
  const { channel } = useLiveStatus();
  return useQuery(
    trpc.plans.get.queryOptions(
      { id },
      {
        refetchInterval: ({ state }) => {
          const run = state.data?.run;
          const moving = run !== null && run !== undefined && !isAtRest(run.state);
          if (!moving) return channel === "open" ? false : 10_000;
          return channel === "open" ? 5_000 : 1_000;
        },
      },
    ),
  );
}
