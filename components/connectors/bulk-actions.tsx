"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import { ACTIONS, type BulkAction } from "./bulk-words.ts";
import type { ConnectorRow, OperatedItem } from "./connector-outputs.ts";

const ConfirmBulk = dynamic(() => import("./confirm-bulk.tsx").then((module) => module.ConfirmBulk));
const BulkResults = dynamic(() => import("./bulk-results.tsx").then((module) => module.BulkResults));

/** What can be done with the chosen connectors; every one has its own result. */
export function BulkActions({ rows, clear }: { rows: ConnectorRow[]; clear: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { reason } = usePermission("connectors:operate");
  const [asked, setAsked] = useState<BulkAction>();
  const [refused, setRefused] = useState<{ action: BulkAction; items: OperatedItem[] }>();
  const operate = useMutation(
    trpc.connectors.operateMany.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.connectors.pathFilter()),
    }),
  );
  const run = async (action: BulkAction) => {
    const connectors = rows.map(({ cluster, name }) => ({ cluster, name }));
    const items = await operate.mutateAsync({ action, connectors });
    const failures = items.filter((item) => item.outcome === "refused");
    const done = items.length - failures.length;
    if (done > 0) toast.success(`${ACTIONS[action].done} ${formatCounted(done, "connector")}`);
    if (failures.length > 0) setRefused({ action, items: failures });
    else clear();
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
      {refused && <BulkResults {...refused} onClose={() => setRefused(undefined)} />}
    </>
  );
}
