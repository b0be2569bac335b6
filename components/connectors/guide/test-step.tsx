"use client";

import { useQuery } from "@tanstack/react-query";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import type { StepProps } from "./guide.tsx";
import { ReadinessList } from "./readiness-list.tsx";

/** Can the database be reached, and is it ready? Asked with Headgate's own read-only credential. */
export function TestStep({ state }: StepProps) {
  return (
    <>
      <Connection databaseId={state.databaseId ?? ""} />
      {state.kind === "source" && <Readiness state={state} />}
    </>
  );
}

function Connection({ databaseId }: { databaseId: string }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const query = useQuery({
    queryKey: [...trpc.databases.test.mutationKey(), databaseId],
    queryFn: () => client.databases.test.mutate({ id: databaseId }),
    meta: ASKS_OUTSIDE,
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
  return (
    <div className="flex flex-col gap-2">
      <h3 className="font-medium text-table">Connection</h3>
      <QueryState query={query} what="the connection">
        {(test) => (
          <div className="flex flex-col gap-1 text-table">
            <div className="flex items-start gap-2">
              <StatusBadge status={test.ok ? "healthy" : "failed"}>
                {test.ok ? "passed" : "failed"}
              </StatusBadge>
              <span>{test.sentence}</span>
            </div>
            {!test.ok && <p>{test.fix}</p>}
            {test.ok &&
              test.remarks.map((remark) => (
                <p key={remark} className="text-muted-foreground">
                  {remark}
                </p>
              ))}
          </div>
        )}
      </QueryState>
      <div>
        <Button size="sm" pending={query.isFetching} onClick={() => void query.refetch()}>
          Test again
        </Button>
      </div>
    </div>
  );
}

function Readiness({ state }: Pick<StepProps, "state">) {
  const trpc = useTRPC();
  const { slotName, publicationName } = state.source;
  const query = useQuery(
    trpc.databases.readiness.queryOptions(
      {
        databaseId: state.databaseId ?? "",
        ...(/^[a-z0-9_]{1,63}$/.test(slotName) ? { slotName } : {}),
        ...(publicationName ? { publicationName } : {}),
      },
      { meta: ASKS_OUTSIDE, staleTime: 15_000, refetchOnWindowFocus: false },
    ),
  );
  return (
    <div className="flex flex-col gap-2">
      <h3 className="font-medium text-table">Readiness of the source</h3>
      <QueryState query={query} what="the readiness">
        {({ findings }) => <ReadinessList findings={findings} />}
      </QueryState>
      <div>
        <Button size="sm" pending={query.isFetching} onClick={() => void query.refetch()}>
          Check again
        </Button>
      </div>
    </div>
  );
}
