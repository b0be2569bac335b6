"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { type PaletteAction, usePaletteActions } from "#components/shell/palette-actions.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
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
import { ACTIONS, type BulkAction } from "./bulk-words.ts";
import type { ConnectorView } from "./connector-outputs.ts";
import { editPath } from "./connector-path.ts";
import { operateConnector } from "./operate-connector.ts";

const ConfirmBulk = dynamic(() => import("./confirm-bulk.tsx").then((module) => module.ConfirmBulk));
const DeleteDialog = dynamic(() => import("./delete-dialog.tsx").then((module) => module.DeleteDialog));

type Asked = BulkAction | "delete";

/** What can be done with one connector; the likeliest as a button, the rest in the menu and in Ctrl/Cmd-K. */
export function ConnectorActions({ connector }: { connector: ConnectorView }) {
  const router = useRouter();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const operating = usePermission("connectors:operate");
  const configuring = usePermission("connectors:configure");
  const [asked, setAsked] = useState<Asked>();
  const { cluster, name, health } = connector;
  const operate = useMutation({
    mutationFn: (action: BulkAction) => operateConnector(client, action, { cluster, name }),
    onSettled: () => queries.invalidateQueries(trpc.connectors.pathFilter()),
  });
  const run = async (action: BulkAction) => {
    await operate.mutateAsync(action);
    toast.success(`${ACTIONS[action].done} ${name}`);
  };
  // Going on does no harm, so it is not asked about.
  const begin = (action: BulkAction) => {
    if (action !== "resume") return setAsked(action);
    run(action).catch((error: unknown) =>
      toast.error(`${name} was not resumed`, { description: describeError(error) }),
    );
  };
  const offered = offeredActions(connector);
  const [first, ...others] = offered;
  const canConfigure = configuring.allowed;

  const palette = useMemo(
    (): PaletteAction[] =>
      operating.allowed
        ? offeredActions({ health }).map((action) => ({
            id: `${action} ${name}`,
            label: `${ACTIONS[action].verb} ${name}`,
            run: () => setAsked(action),
          }))
        : [],
    [operating.allowed, health, name],
  );
  usePaletteActions(palette);

  return (
    <>
      {first && (
        <Button
          variant={health === "healthy" || health === "starting" ? "secondary" : "primary"}
          blockedBecause={operating.reason}
          pending={operate.isPending}
          onClick={() => begin(first)}
        >
          {ACTIONS[first].verb}
        </Button>
      )}
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button aria-label={`More actions for ${name}`}>
            More <ChevronDown aria-hidden />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {others.map((action) => (
            <DropdownMenuItem key={action} disabled={!operating.allowed} onSelect={() => begin(action)}>
              {ACTIONS[action].verb}…
            </DropdownMenuItem>
          ))}
          <DropdownMenuSeparator />
          <DropdownMenuItem disabled={!canConfigure} onSelect={() => router.push(editPath(connector))}>
            Edit configuration
          </DropdownMenuItem>
          <DropdownMenuItem danger disabled={!canConfigure} onSelect={() => setAsked("delete")}>
            Delete…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {asked === "delete" && (
        <DeleteDialog connector={{ cluster, name }} onClose={() => setAsked(undefined)} />
      )}
      {asked && asked !== "delete" && (
        <ConfirmBulk
          action={asked}
          names={[name]}
          onOpenChange={() => setAsked(undefined)}
          onConfirm={() => run(asked)}
        />
      )}
    </>
  );
}

/** The likeliest first. */
function offeredActions({ health }: Pick<ConnectorView, "health">): BulkAction[] {
  if (health === "stopped") return ["resume"];
  if (health === "paused") return ["resume", "restart-all", "stop"];
  if (health === "failed" || health === "degraded") return ["restart-failed", "restart-all", "pause", "stop"];
  return ["pause", "restart-all", "restart-failed", "stop"];
}
