"use client";

import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import type { UseFormRegisterReturn } from "react-hook-form";
import { CheckResult } from "#components/credentials/check-result.tsx";
import { useCheckAgain } from "#components/credentials/use-check-again.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { useSettled } from "#components/shell/use-settled.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { formatReference, parseReference } from "#domain/credentials/reference.ts";
import type { Reader } from "#domain/credentials/reference-check.ts";
import { refusePastedReference } from "./paste-guard.ts";
import { usePasteGuard } from "./use-paste-guard.ts";

export interface ReferenceFieldProps {
  id: string;
  label: string;
  help?: string;
  optional?: boolean;
  cluster: string;
  reader: Reader;
  /** What the field holds now. */
  value: string;
  error: string | undefined;
  control: UseFormRegisterReturn;
}

const TYPING_PAUSE_MS = 350;

/** Takes a Vault reference and nothing else, and says within two seconds whether the secret is there. */
export function ReferenceField({
  id,
  label,
  help,
  optional,
  cluster,
  reader,
  value,
  error,
  control,
}: ReferenceFieldProps) {
  const { refused, handlers } = usePasteGuard(refusePastedReference);
  const settled = useSettled(value, TYPING_PAUSE_MS);
  const parsed = parseReference(settled);
  const typed = settled.trim() === "" || parsed.ok ? undefined : parsed.problem;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <Field
        id={id}
        label={label}
        error={refused ?? error ?? typed}
        {...(help ? { help } : {})}
        {...(optional ? { optional } : {})}
      >
        {(props) => (
          <Input
            {...props}
            {...control}
            className="font-mono"
            {...handlers}
            autoCapitalize="none"
            data-1p-ignore
          />
        )}
      </Field>
      {parsed.ok && cluster !== "" && (
        <LiveCheck cluster={cluster} reader={reader} reference={formatReference(parsed.reference)} />
      )}
    </div>
  );
}

function LiveCheck(ref: { cluster: string; reader: Reader; reference: string }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.credentials.check.queryOptions(ref, { staleTime: 10_000 }));
  const again = useCheckAgain();
  return (
    <div aria-live="polite" className="flex items-start justify-between gap-2">
      {query.data && <CheckResult check={query.data} />}
      {query.isPending && <StatusBadge status="working">asking Vault</StatusBadge>}
      {query.error && !query.data && <p className="text-failed text-meta">{describeError(query.error)}</p>}
      {query.data && query.data.state !== "ok" && (
        <Button size="sm" variant="ghost" pending={again.isPending} onClick={() => again.mutate([ref])}>
          {!again.isPending && <RefreshCw aria-hidden />} Ask again
        </Button>
      )}
    </div>
  );
}
