"use client";

import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPCClient } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCount } from "#domain/format/numbers.ts";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";
import { RepairAsked, type RepairQuestion } from "./repair-asked.tsx";
import { useRecheck } from "./use-recheck.ts";

export interface AllMatchingProps {
  tableId: number;
  /** As the list is filtered now. */
  filter: string;
  total: number;
}

/** So many keys one request carries; more is better done as a new snapshot. */
const MOST_AT_ONCE = 5_000;
const PAGE = 1_000;
const VERBS: readonly [RepairQuestion | "recheck", string][] = [
  ["recheck", "Check again"],
  ["repair", "Repair"],
  ["ignore", "Ignore"],
  ["resolve", "Resolve"],
];

/** Acts on every open row the filter finds and not only on the page in view; exactly those that were counted. */
export function AllMatching({ tableId, filter, total }: AllMatchingProps) {
  const client = useTRPCClient();
  const blocked = {
    recheck: usePermission("reconciliation:run").reason,
    repair: usePermission("reconciliation:repair").reason,
  };
  const [asked, setAsked] = useState<{ what: RepairQuestion; rows: DiscrepancyRow[] }>();
  const { recheck } = useRecheck();
  const [isReading, setReading] = useState(false);
  const tooMany =
    total > MOST_AT_ONCE ? `At most ${formatCount(MOST_AT_ONCE)} rows at once; narrow the filter` : undefined;

  const ask = async (what: RepairQuestion | "recheck") => {
    if (tooMany || isReading) return;
    setReading(true);
    try {
      const rows: DiscrepancyRow[] = [];
      for (let page = 1; rows.length < MOST_AT_ONCE; page += 1) {
        const read = await client.reconciliation.discrepancies.query({
          tableId,
          filter,
          sort: "",
          page,
          pageSize: PAGE,
        });
        rows.push(...read.rows.filter(({ state }) => state === "open"));
        if (page * PAGE >= read.total) break;
      }
      if (rows.length === 0) throw new Error("None of these rows is open any more");
      if (what === "recheck") recheck(rows);
      else setAsked({ what, rows });
    } catch (error) {
      toast.error("The rows could not be read", { description: describeError(error) });
    } finally {
      setReading(false);
    }
  };
  if (total === 0) return null;
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button pending={isReading} blockedBecause={(blocked.recheck && blocked.repair) ?? tooMany}>
            All {formatCount(total)} <ChevronDown aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {VERBS.map(([what, verb]) => (
            <DropdownMenuItem
              key={what}
              disabled={blocked[what === "recheck" ? "recheck" : "repair"] !== undefined}
              title={blocked[what === "recheck" ? "recheck" : "repair"]}
              onSelect={() => void ask(what)}
            >
              {what === "recheck"
                ? `${verb} all ${formatCount(total)}`
                : `${verb} all ${formatCount(total)}…`}
            </DropdownMenuItem>
          ))}
        </DropdownMenuContent>
      </DropdownMenu>
      <RepairAsked asked={asked?.what} rows={asked?.rows ?? []} onClose={() => setAsked(undefined)} />
    </>
  );
}
