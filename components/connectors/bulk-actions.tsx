"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { SelectionActionsArgs } from "#components/data-table/data-table.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { BulkOutcome } from "./bulk-results.tsx";
import { ACTIONS, type BulkAction } from "./bulk-words.ts";
import type { ConnectorRow } from "./connector-outputs.ts";

const ConfirmBulk = dynamic(() => import("./confirm-bulk.tsx").then((module) => module.ConfirmBulk));
const BulkResults = dynamic(() => import("./bulk-results.tsx").then((module) => module.BulkResults));

/** What can be done with the chosen connectors; every one has its own result. */
export function BulkActions({ rows, clear, keep }: SelectionActionsArgs<ConnectorRow>) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { reason } = usePermission("connectors:operate");
  const [asked, setAsked] = useState<BulkAction>();
  const [undone, setUndone] = useState<BulkOutcome>();
  const operate = useMutation(
    trpc.connectors.operateMany.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.connectors.pathFilter()),
    }),
  );
  const run = async (action: BulkAction) => {
    const connectors = rows.map(({ cluster, name }) => ({ cluster, name }));
    const all = await operate.mutateAsync({ action, connectors });
    const items = all.filter((item) => item.outcome !== "done");
    const done = all.length - items.length;
    if (done > 0) toast.success(`${ACTIONS[action].done} ${formatCounted(done, "connector")}`);
    if (items.length === 0) return clear();
    setUndone({ action, items, done });
    const left = new Set(items.map((item) => `${item.cluster}/${item.name}`));
    keep(rows.filter((row) => left.has(`${row.cluster}/${row.name}`)));
  };
  return (
    <>
      {Object.entries(ACTIONS).map(([action, words]) => (
        <Button key={action} blockedBecause={reason} onClick={() => setAsked(action as BulkAction)}>
          {words.verb}
        </Button>
      ))}
      {asked && (
        <ConfirmBulk
          action={asked}
          names={rows.map((row) => row.name)}
          onOpenChange={() => setAsked(undefined)}
          onConfirm={() => run(asked)}
        />
      )}
      {undone && <BulkResults {...undone} onClose={() => setUndone(undefined)} />}
    </>
  );
}
