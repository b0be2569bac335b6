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
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCount } from "#domain/format/numbers.ts";
import type { GroupRow } from "./dead-letter-outputs.ts";
import { type Repair, RepairDialogs } from "./repair-dialogs.tsx";
import type { RepairTarget } from "./repair-target.ts";

export interface AllMatchingProps {
  /** As the list is filtered now. */
  filter: string;
  group: Pick<GroupRow, "id" | "cluster"> | undefined;
  total: number;
  isCapped: boolean;
}

/** Acts on everything the filter finds and not only on the page in view, frozen at the newest record there is now. */
export function AllMatching({ filter, group, total, isCapped }: AllMatchingProps) {
  const client = useTRPCClient();
  const { allowed } = usePermission("dead-letters:repair");
  const [asked, setAsked] = useState<{ repair: Repair; target: RepairTarget }>();
  const [isFreezing, setFreezing] = useState(false);
  const count = `${isCapped ? "more than " : ""}${formatCount(total)}`;

  const ask = async (repair: Repair) => {
    if (isFreezing) return;
    setFreezing(true);
    try {
      const page = await client.deadLetters.records.query({
        filter,
        sort: "",
        page: 1,
        pageSize: 1,
        ...(group ? { group: group.id } : {}),
      });
      const [newest] = page.rows;
      if (!newest) throw new Error("Nothing matches this filter any more");
      setAsked({
        repair,
        target: {
          cluster: group?.cluster ?? newest.cluster,
          selection: { filter, upTo: newest.id, ...(group ? { groups: [group.id] } : {}) },
          records: page.total,
          isCapped: page.isTotalCapped,
          of: "that match the filter",
        },
      });
    } catch (error) {
      toast.error("The records could not be counted", { description: describeError(error) });
    } finally {
      setFreezing(false);
    }
  };
  if (total === 0) return null;
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button pending={isFreezing}>
            All {count} <ChevronDown aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem disabled={!allowed} onSelect={() => void ask("replay")}>
            Replay all {count}…
          </DropdownMenuItem>
          <DropdownMenuItem disabled={!allowed} onSelect={() => void ask("reread")}>
            Read all {count} rows again…
          </DropdownMenuItem>
          <DropdownMenuItem disabled={!allowed} onSelect={() => void ask("resolve")}>
            Resolve all {count}…
          </DropdownMenuItem>
          <DropdownMenuItem disabled={!allowed} onSelect={() => void ask("ignore")}>
            Ignore all {count}…
          </DropdownMenuItem>
          <DropdownMenuItem disabled={!allowed} onSelect={() => void ask("reopen")}>
            Reopen all {count}…
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => void ask("export")}>Export all {count}…</DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem danger disabled={!allowed} onSelect={() => void ask("discard")}>
            Discard all {count}…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {asked && (
        <RepairDialogs asked={asked.repair} target={asked.target} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}
