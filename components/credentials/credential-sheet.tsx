"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import {
  Sheet,
  SheetBody,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
} from "#components/ui/sheet.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import { CheckBadge } from "./check-badge.tsx";
import { CheckResult } from "./check-result.tsx";
import type { CredentialRow } from "./credential-columns.tsx";
import { readCredentialParam } from "./credential-paths.ts";
import { CredentialUses } from "./credential-uses.tsx";
import { useCheckAgain } from "./use-check-again.ts";

export interface CredentialSheetProps {
  /** As it stands in the URL; null while the panel is closed. */
  param: string | null;
  onClose: () => void;
}

/** One reference: is it there, since when, and who uses it. */
export function CredentialSheet({ param, onClose }: CredentialSheetProps) {
  const ref = param === null ? undefined : readCredentialParam(param);
  return (
    <Sheet open={ref !== undefined} onOpenChange={(open) => !open && onClose()}>
      {ref && (
        <SheetContent>
          <SheetHeader>
            <SheetTitle className="font-mono">{ref.reference}</SheetTitle>
            <SheetDescription>
              In the Vault of {ref.cluster}, read by {ref.reader === "connector" ? "connectors" : "Headgate"}{" "}
              <CopyButton value={ref.reference} what="reference" />
            </SheetDescription>
          </SheetHeader>
          <SheetBody>
            <CredentialDetail {...ref} />
          </SheetBody>
        </SheetContent>
      )}
    </Sheet>
  );
}

function CredentialDetail(ref: NonNullable<ReturnType<typeof readCredentialParam>>) {
  const trpc = useTRPC();
  const query = useQuery(trpc.credentials.get.queryOptions(ref));
  const again = useCheckAgain();
  return (
    <QueryState query={query} what="the reference">
      {(credential) => (
        <div className="flex flex-col gap-5">
          <section aria-label="What Vault shows" className="flex flex-col gap-2">
            {credential.check ? (
              <CheckResult check={credential.check} />
            ) : (
              <p className="text-muted-foreground text-table">
                Vault has not been asked about this reference yet.
              </p>
            )}
            <div>
              <Button pending={again.isPending} onClick={() => again.mutate([ref])}>
                {!again.isPending && <RefreshCw aria-hidden />} Ask Vault now
              </Button>
            </div>
          </section>
          <KeyValues items={factsOf(credential)} />
          <section aria-label="Used in" className="flex flex-col gap-1">
            <h3 className="font-semibold text-table">
              Used in {formatCounted(credential.uses.length, "place")}
            </h3>
            <CredentialUses uses={credential.uses} />
          </section>
          <p className="text-meta text-muted-foreground">
            Headgate looks at names of keys, versions and permissions. It never reads the value of a
            connector&apos;s secret.
          </p>
        </div>
      )}
    </QueryState>
  );
}

function factsOf({ check, pinnedVersion, mount, path, key }: CredentialRow) {
  return [
    { label: "State", value: <CheckBadge check={check} /> },
    { label: "Mount", value: <span className="font-mono">{mount}</span> },
    { label: "Path", value: <span className="font-mono">{path}</span> },
    { label: "Key", value: <span className="font-mono">{key}</span> },
    {
      label: "Version",
      value: `${check?.version ?? "unknown"}${pinnedVersion === undefined ? " (the newest is used)" : " (pinned)"}`,
    },
    {
      label: "Changed",
      value: check?.changedAt ? <TimeStamp value={check.changedAt} event="changed" absolute /> : "unknown",
    },
    {
      label: "Last asked",
      value: check ? <TimeStamp value={check.checkedAt} event="asked" absolute /> : "never",
    },
  ];
}
