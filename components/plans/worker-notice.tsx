"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/shell/trpc.ts";
import { StateMessage } from "#components/ui/state-message.tsx";

/** Says so when nobody is there to do what is queued; nothing otherwise. */
export function WorkerNotice() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.plans.worker.queryOptions(undefined, { refetchInterval: 10_000 }));
  if (!data || data.running > 0) return null;
  return (
    <StateMessage
      kind="stale"
      look="banner"
      title="No worker is running"
      since={data.lastSeenAt ?? undefined}
    >
      {data.lastSeenAt
        ? "What is started waits until a worker is back; nothing is lost. Start the worker process and look at its log."
        : "No worker has ever connected to this state database. What is started waits until one does."}
    </StateMessage>
  );
}
