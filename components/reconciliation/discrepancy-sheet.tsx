"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import {
  Sheet,
  SheetBody,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
} from "#components/ui/sheet.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { Discrepancy } from "./reconciliation-outputs.ts";
import { RepairActions } from "./repair-actions.tsx";
import { REASON_WORDS, TYPE_WORDS } from "./state-words.ts";

export interface DiscrepancySheetProps {
  id: number | undefined;
  onClose: () => void;
}

/** One row as both ends hold it now, column by column. */
export function DiscrepancySheet({ id, onClose }: DiscrepancySheetProps) {
  return (
    <Sheet open={id !== undefined} onOpenChange={onClose}>
      <SheetContent className="sm:max-w-3xl">
        {id !== undefined && <BothRows key={id} id={id} onDone={onClose} />}
      </SheetContent>
    </Sheet>
  );
}

function BothRows({ id, onDone }: { id: number; onDone: () => void }) {
  const trpc = useTRPC();
  const { reason } = usePermission("rows:reveal");
  const query = useQuery(
    trpc.reconciliation.discrepancy.queryOptions({ id }, { meta: ASKS_OUTSIDE, staleTime: 30_000 }),
  );
  const reveal = useMutation(trpc.reconciliation.reveal.mutationOptions());
  const shown = reveal.data ?? query.data;
  return (
    <>
      <SheetHeader>
        <SheetTitle className="font-mono">{shown?.key ?? "Differing row"}</SheetTitle>
        <SheetDescription>
          {shown ? `${shown.table}: ${TYPE_WORDS[shown.type]}` : "Both ends are asked for the row."}
        </SheetDescription>
      </SheetHeader>
      <SheetBody className="flex flex-col gap-3">
        <QueryState query={query} what="the row at both ends">
          {(row) => (
            <>
              <Standing row={reveal.data ?? row} />
              {reveal.error && (
                <StateMessage kind="failed" look="banner" title="The values were not revealed">
                  {describeError(reveal.error)}
                </StateMessage>
              )}
              <Cells row={reveal.data ?? row} />
              {(reveal.data ?? row).isRedacted && (
                <div className="flex flex-wrap items-center gap-3">
                  <Button
                    blockedBecause={reason}
                    pending={reveal.isPending}
                    onClick={() => reveal.mutate({ id })}
                  >
                    Reveal the values
                  </Button>
                  <span className="text-meta text-muted-foreground">
                    The audit trail keeps that you looked.
                  </span>
                </div>
              )}
              {row.state !== "repaired" && row.state !== "resolved" && (
                <div className="flex flex-wrap gap-2 border-t pt-3">
                  <RepairActions rows={[row]} onDone={onDone} />
                </div>
              )}
            </>
          )}
        </QueryState>
      </SheetBody>
    </>
  );
}

function Standing({ row }: { row: Discrepancy }) {
  return (
    <>
      {row.isEqualNow && (
        <StateMessage kind="good" look="banner" title="Both ends agree by now">
          The next check will close it.
        </StateMessage>
      )}
      <p className="text-table">
        {row.attribution?.words ?? "Nothing known accounts for this difference"}.{" "}
        <span className="text-muted-foreground">
          First seen <TimeStamp value={row.firstSeen} event="first seen" />, both ends read{" "}
          <TimeStamp value={row.readAt} event="both ends read" />.
        </span>
      </p>
      {row.decidedReason && (
        <p className="text-muted-foreground text-table">
          {row.state} by {row.decidedBy}
          {row.ignoredUntil && (
            <>
              {" "}
              until <TimeStamp value={row.ignoredUntil} event="ignored until" absolute />
            </>
          )}
          : {row.decidedReason}
        </p>
      )}
    </>
  );
}

function Cells({ row }: { row: Discrepancy }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it
    <section className="overflow-x-auto rounded-md border" tabIndex={0} aria-label="The row at both ends">
      <table className="w-full text-table">
        <thead>
          <tr className="border-b text-left text-muted-foreground">
            <th scope="col" className="px-2 py-1 font-medium">
              Column
            </th>
            <th scope="col" className="px-2 py-1 font-medium">
              Source
            </th>
            <th scope="col" className="px-2 py-1 font-medium">
              Target
            </th>
          </tr>
        </thead>
        <tbody>
          {row.cells.map((cell) => (
            <tr
              key={cell.column}
              className={cn("border-b align-top last:border-b-0", cell.differs && "bg-failed-soft")}
            >
              <th scope="row" className="px-2 py-1 text-left font-mono font-normal">
                <span className="flex items-center gap-1.5">
                  {cell.differs && <StatusIcon status="failed" />}
                  {cell.column}
                  {cell.isKey && <span className="font-sans text-meta text-muted-foreground">key</span>}
                </span>
                {cell.differs && (
                  <span className="block font-sans text-meta text-muted-foreground">
                    {cell.reason ? REASON_WORDS[cell.reason] : "differs"}
                  </span>
                )}
              </th>
              <Value value={cell.source} shape={cell.sourceShape} />
              <Value value={cell.target} shape={cell.targetShape} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Blanks are drawn, because they are what often differs. */
function Value({ value, shape }: { value: string | null; shape: string }) {
  return (
    <td className="max-w-72 px-2 py-1">
      {value === null ? (
        <span className="text-muted-foreground">{shape}</span>
      ) : (
        <span className="whitespace-pre-wrap break-all font-mono">
          {value.replaceAll("\t", "→\t").replaceAll(/^ +| +$/g, (blanks) => "␣".repeat(blanks.length))}
        </span>
      )}
    </td>
  );
}
