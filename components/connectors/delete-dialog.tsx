"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { ProposeDialog } from "#components/plans/propose-dialog.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import type { Leftover } from "#domain/connectors/leftovers.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import { LeftoverChoice } from "./leftover-choice.tsx";

export interface DeleteDialogProps {
  connector: { cluster: string; name: string };
  onClose: () => void;
}

/** Everything that would stay behind, each with what keeping and removing mean; the choice becomes a plan. */
export function DeleteDialog({ connector, onClose }: DeleteDialogProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const query = useQuery(
    trpc.connectors.leftovers.queryOptions(connector, { meta: ASKS_OUTSIDE, staleTime: 0 }),
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  const removed = chosen ?? removedByDefault(query.data ?? []);
  const toggle = (id: string) => {
    const next = new Set(removed);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <ProposeDialog
      size="lg"
      title={`Delete ${connector.name}?`}
      description="Nothing happens yet. Kafka Connect forgets the connector and leaves everything else. Choose what goes with it; the plan shows all of it again."
      button={`Plan to delete the connector${removed.size > 0 ? ` and ${formatCounted(removed.size, "leftover")}` : ""}`}
      danger
      isReady={query.data !== undefined}
      propose={() => client.connectors.proposeDelete.mutate({ ...connector, remove: [...removed] })}
      onClose={onClose}
    >
      <QueryState query={query} what="what would stay behind">
        {(leftovers) => (
          <>
            {leftovers.length === 0 && <p>Nothing stays behind.</p>}
            <ul className="flex flex-col divide-y rounded-md border">
              {leftovers.map((leftover) => (
                <LeftoverChoice
                  key={leftover.id}
                  leftover={leftover}
                  isRemoved={removed.has(leftover.id)}
                  onToggle={() => toggle(leftover.id)}
                />
              ))}
            </ul>
          </>
        )}
      </QueryState>
    </ProposeDialog>
  );
}

function removedByDefault(leftovers: readonly Leftover[]): ReadonlySet<string> {
  return new Set(
    leftovers.filter((each) => each.removeByDefault && each.neededBy.length === 0).map((each) => each.id),
  );
}
