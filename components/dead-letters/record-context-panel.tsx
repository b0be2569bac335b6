"use client";

import { useQuery } from "@tanstack/react-query";
import { Eye, RefreshCw } from "lucide-react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Section } from "#components/ui/section.tsx";
import type { RecordContext } from "./dead-letter-outputs.ts";
import { LaterEvents } from "./later-events.tsx";
import { RowComparison } from "./row-comparison.tsx";

export interface RecordContextPanelProps {
  id: number;
  /** With values, once somebody has asked for them. */
  revealed: RecordContext | undefined;
  onReveal: () => void;
  isRevealing: boolean;
  mayReveal: boolean;
}

/** The row as the dead letter has it, as it is in the source, as it is in the target; and what came after. */
export function RecordContextPanel({ id, revealed, onReveal, isRevealing }: RecordContextPanelProps) {
  const trpc = useTRPC();
  const { reason } = usePermission("dead-letters:reveal");
  const query = useQuery(
    trpc.deadLetters.context.queryOptions(
      { id },
      {
        meta: ASKS_OUTSIDE,
        // An event that waits is delivered within seconds, and decides what may be done.
        refetchInterval: ({ state }) =>
          state.data?.later.events.some(({ delivered }) => delivered === false) ? 5_000 : false,
      },
    ),
  );
  const shown = revealed ?? query.data;
  return (
    <>
      <Section
        title="The row then and now"
        description={shown?.conclusion.text}
        actions={
          <>
            <Button size="sm" variant="ghost" pending={query.isFetching} onClick={() => void query.refetch()}>
              {!query.isFetching && <RefreshCw aria-hidden />} Read again
            </Button>
            {!revealed && (
              <Button size="sm" blockedBecause={reason} pending={isRevealing} onClick={onReveal}>
                {!isRevealing && <Eye aria-hidden />} Reveal values
              </Button>
            )}
          </>
        }
        flush
      >
        {shown ? (
          <RowComparison context={shown} />
        ) : (
          <div className="p-3">
            <QueryState query={query} what="the row in source and target">
              {() => null}
            </QueryState>
          </div>
        )}
      </Section>
      {shown && <LaterEvents later={shown.later} />}
    </>
  );
}
