"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import { KeyEditor } from "../key-editor.tsx";
import type { StepProps } from "./guide.tsx";

interface OtherKeysProps extends Pick<StepProps, "cluster"> {
  plugin: string;
  extra: Record<string, string>;
  onExtraChange: (extra: Record<string, string>) => void;
}

/** Every key of the plugin; what is set here wins over what the guide chose. */
export function OtherKeys({ cluster, plugin, extra, onExtraChange }: OtherKeysProps) {
  const trpc = useTRPC();
  const [isOpen, setIsOpen] = useState(false);
  const set = Object.keys(extra).length;
  const query = useQuery(
    trpc.connectors.pluginKeys.queryOptions(
      { cluster: cluster.name, plugin },
      { enabled: isOpen, meta: ASKS_OUTSIDE, staleTime: 300_000 },
    ),
  );
  return (
    <div className="flex flex-col gap-3 border-t pt-3">
      <div>
        <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen
            ? "Hide all keys"
            : `All keys of the plugin${set > 0 ? `, ${formatCounted(set, "key")} set` : ""}`}
        </Button>
      </div>
      {isOpen && (
        <QueryState query={query} what="the plugin's keys">
          {(keys) => (
            <KeyEditor
              config={extra}
              plugin={plugin}
              keys={keys}
              configProvider={cluster.configProvider}
              findings={[]}
              initialFilter="all"
              onChange={(key, value) => {
                const { [key]: _was, ...rest } = extra;
                onExtraChange(value === undefined ? rest : { ...extra, [key]: value });
              }}
            />
          )}
        </QueryState>
      )}
    </div>
  );
}
