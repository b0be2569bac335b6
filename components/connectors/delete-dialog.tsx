"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { planPath } from "#components/plans/plan-path.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "#components/ui/dialog.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
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
  const query = useQuery(
    trpc.connectors.leftovers.queryOptions(connector, { meta: ASKS_OUTSIDE, staleTime: 0 }),
  );
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent size="lg">
        <DialogHeader>
          <DialogTitle className="break-all">Delete {connector.name}?</DialogTitle>
          <DialogDescription>
            Kafka Connect forgets the connector and leaves everything else. Choose what goes with it; the plan
            shows all of it again before anything happens.
          </DialogDescription>
        </DialogHeader>
        <QueryState query={query} what="what would stay behind">
          {(leftovers) => <ChooseLeftovers connector={connector} leftovers={leftovers} />}
        </QueryState>
      </DialogContent>
    </Dialog>
  );
}

function ChooseLeftovers({
  connector,
  leftovers,
}: {
  connector: DeleteDialogProps["connector"];
  leftovers: readonly Leftover[];
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        leftovers.filter((each) => each.removeByDefault && each.neededBy.length === 0).map((each) => each.id),
      ),
  );
  const propose = useMutation(
    trpc.connectors.proposeDelete.mutationOptions({
      onSuccess: ({ planId }) => router.push(planPath(planId)),
    }),
  );
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <>
      <DialogBody className="flex flex-col gap-3">
        {leftovers.length === 0 && <p>Nothing stays behind.</p>}
        <ul className="flex flex-col divide-y rounded-md border">
          {leftovers.map((leftover) => (
            <LeftoverChoice
              key={leftover.id}
              leftover={leftover}
              isRemoved={chosen.has(leftover.id)}
              onToggle={() => toggle(leftover.id)}
            />
          ))}
        </ul>
        {propose.error && (
          <StateMessage kind="failed" look="banner" title="There is no plan yet">
            {describeError(propose.error)}
          </StateMessage>
        )}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button
          variant="danger"
          pending={propose.isPending || propose.isSuccess}
          onClick={() => propose.mutate({ ...connector, remove: [...chosen] })}
        >
          Plan to delete the connector
          {chosen.size > 0 ? ` and ${formatCounted(chosen.size, "leftover")}` : ""}
        </Button>
      </DialogFooter>
    </>
  );
}
