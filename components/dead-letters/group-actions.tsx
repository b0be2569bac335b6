"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useMemo, useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { type PaletteAction, usePaletteActions } from "#components/shell/palette-actions.tsx";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
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
import type { Group } from "./dead-letter-outputs.ts";
import { type Repair, RepairDialogs } from "./repair-dialogs.tsx";
import type { RepairTarget } from "./repair-target.ts";
import { targetOfGroups } from "./target-of-groups.ts";

/** What can be done about the whole group. */
export function GroupActions({ group }: { group: Group }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { allowed, reason } = usePermission("dead-letters:repair");
  const [asked, setAsked] = useState<Repair>();
  const unmute = useMutation(
    trpc.deadLetters.unmute.mutationOptions({
      onSuccess: () => toast.success("Unmuted"),
      onError: (error) => toast.error("It was not unmuted", { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.deadLetters.pathFilter()),
    }),
  );
  const isMuted = group.status === "muted";
  const noneOpen = group.open === 0 ? "None of its records is open" : undefined;
  const blocked = reason ?? noneOpen;
  const canRepair = blocked === undefined;
  const canMute = allowed && group.status !== "resolved" && !isMuted;
  useShortcut("r", {
    description: "Replay",
    group: "Dead letters",
    disabled: !canRepair,
    run: () => setAsked("replay"),
  });
  useShortcut("f", {
    description: "Read the rows again from the source",
    group: "Dead letters",
    disabled: !canRepair,
    run: () => setAsked("reread"),
  });
  useShortcut("m", {
    description: "Mute",
    group: "Dead letters",
    disabled: !canMute,
    run: () => setAsked("mute"),
  });
  useShortcut("e", { description: "Export", group: "Dead letters", run: () => setAsked("export") });
  useShortcut("a", {
    description: "Assign",
    group: "Dead letters",
    disabled: !allowed,
    run: () => setAsked("assign"),
  });
  const palette = useMemo(
    (): PaletteAction[] => [
      ...(canRepair
        ? [
            { id: "replay", label: "Replay this group", run: () => setAsked("replay") },
            { id: "reread", label: "Read the rows of this group again", run: () => setAsked("reread") },
            { id: "ignore", label: "Ignore this group", run: () => setAsked("ignore") },
            { id: "resolve", label: "Resolve this group", run: () => setAsked("resolve") },
          ]
        : []),
      ...(canMute ? [{ id: "mute", label: "Mute this group", run: () => setAsked("mute") }] : []),
      ...(allowed ? [{ id: "assign", label: "Assign this group", run: () => setAsked("assign") }] : []),
    ],
    [canRepair, canMute, allowed],
  );
  usePaletteActions(palette);
  return (
    <>
      <Button
        variant="primary"
        blockedBecause={blocked}
        aria-keyshortcuts="r"
        onClick={() => setAsked("replay")}
      >
        Replay
      </Button>
      <Button blockedBecause={blocked} aria-keyshortcuts="f" onClick={() => setAsked("reread")}>
        Read rows again
      </Button>
      {isMuted ? (
        <Button
          blockedBecause={reason}
          pending={unmute.isPending}
          onClick={() => unmute.mutate({ id: group.id })}
        >
          Unmute
        </Button>
      ) : (
        <Button
          blockedBecause={reason ?? (group.status === "resolved" ? "It is resolved" : undefined)}
          aria-keyshortcuts="m"
          onClick={() => setAsked("mute")}
        >
          Mute
        </Button>
      )}
      <Button blockedBecause={reason} aria-keyshortcuts="a" onClick={() => setAsked("assign")}>
        Assign
      </Button>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button aria-label="More actions for this group">
            More <ChevronDown aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem disabled={!canRepair} onSelect={() => setAsked("resolve")}>
            Resolve…
          </DropdownMenuItem>
          <DropdownMenuItem disabled={!canRepair} onSelect={() => setAsked("ignore")}>
            Ignore…
          </DropdownMenuItem>
          <DropdownMenuItem
            disabled={!allowed || group.open === group.records}
            onSelect={() => setAsked("reopen")}
          >
            Reopen settled records…
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setAsked("export")}>Export…</DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem danger disabled={!canRepair} onSelect={() => setAsked("discard")}>
            Discard…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <RepairDialogs
        asked={asked}
        target={targetFor(asked, group)}
        groups={[group]}
        onClose={() => setAsked(undefined)}
      />
    </>
  );
}

/** Open records are repaired, settled ones reopened, all of them exported. */
function targetFor(repair: Repair | undefined, group: Group): RepairTarget {
  const open = targetOfGroups([group]);
  if (repair === "export")
    return { ...open, selection: { filter: "", groups: [group.id] }, records: group.records };
  if (repair === "reopen")
    return {
      ...open,
      selection: { filter: "-status:PENDING", groups: [group.id] },
      records: group.records - group.open,
    };
  return open;
}
