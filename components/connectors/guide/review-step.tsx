"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { planPath } from "#components/plans/plan-path.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { FindingsSummary } from "../findings-summary.tsx";
import { useValidation } from "../use-validation.ts";
import type { StepProps } from "./guide.tsx";
import { type GuideDatabase, guideConfig } from "./guide-config.ts";
import { ReadinessList } from "./readiness-list.tsx";
import { ReviewKeys } from "./review-keys.tsx";

/** What would be made, key by key, with what the policy, the rules, the plugin and the source say about it. */
export function ReviewStep(props: StepProps & { forget: () => void }) {
  const trpc = useTRPC();
  const { state } = props;
  const needsDatabase = state.kind !== "import";
  const query = useQuery(
    trpc.databases.get.queryOptions({ id: state.databaseId ?? "" }, { enabled: needsDatabase }),
  );
  if (!needsDatabase) return <Review {...props} database={undefined} />;
  return (
    <QueryState query={query} what="the database">
      {(database) => <Review {...props} database={database} />}
    </QueryState>
  );
}

function Review({
  state,
  cluster,
  goTo,
  forget,
  database,
}: StepProps & { forget: () => void; database: GuideDatabase | undefined }) {
  const trpc = useTRPC();
  const router = useRouter();
  const { reason } = usePermission("connectors:configure");
  const [note, setNote] = useState("");
  const config = guideConfig(state, database, cluster);
  const input = { cluster: cluster.name, name: state.name, config, exists: false };
  const validation = useValidation(input, reason === undefined);
  const errors = validation.data?.findings.filter((finding) => finding.severity === "error").length ?? 0;
  const propose = useMutation(
    trpc.connectors.proposeCreate.mutationOptions({
      onSuccess: ({ planId }) => {
        forget();
        router.push(planPath(planId));
      },
    }),
  );
  const isProposing = propose.isPending || propose.isSuccess;
  const blocked = reason ?? (errors > 0 ? "Mend the errors first" : undefined);
  const proposeNow = () => {
    if (blocked === undefined && !isProposing)
      propose.mutate({ cluster: cluster.name, name: state.name, config, ...(note ? { note } : {}) });
  };
  useShortcut("mod+Enter", { description: "Propose the plan", group: "New connector", run: proposeNow });
  return (
    <>
      {validation.data && <FindingsSummary validation={validation.data} />}
      {validation.isFetching && !validation.data && (
        <Skeleton label="Asking the policy, the rules and the plugin" className="w-1/2" />
      )}
      {validation.error && (
        <StateMessage
          kind="failed"
          look="banner"
          title="It could not be validated"
          onRetry={() => void validation.refetch()}
          retrying={validation.isFetching}
        >
          {describeError(validation.error)}
        </StateMessage>
      )}
      {state.kind === "source" && <TableReadiness state={state} />}
      <ReviewKeys
        kind={state.kind}
        name={state.name}
        config={config}
        findings={validation.data?.findings ?? []}
        goTo={goTo}
      />
      <Field label="Note" optional help="Why; kept with the first version.">
        {(control) => (
          <Input
            {...control}
            className="max-w-xl"
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      {propose.error && (
        <StateMessage kind="failed" look="banner" title="There is no plan yet">
          {describeError(propose.error)}
        </StateMessage>
      )}
      <div className="flex flex-wrap gap-2 border-t pt-3">
        <Button variant="primary" blockedBecause={blocked} pending={isProposing} onClick={proposeNow}>
          Propose plan
        </Button>
        <Button pending={validation.isFetching} onClick={() => void validation.refetch()}>
          Validate again
        </Button>
      </div>
    </>
  );
}

function TableReadiness({ state }: Pick<StepProps, "state">) {
  const trpc = useTRPC();
  const { tables, slotName, publicationName } = state.source;
  const query = useQuery(
    trpc.databases.readiness.queryOptions(
      {
        databaseId: state.databaseId ?? "",
        tables: tables.slice(0, 2_000).map(({ schema, table }) => `${schema}.${table}`),
        slotName,
        publicationName,
      },
      { meta: ASKS_OUTSIDE, staleTime: 15_000, refetchOnWindowFocus: false },
    ),
  );
  return (
    <QueryState query={query} what="the readiness of the source">
      {({ findings, state: readiness }) =>
        readiness === "ok" ? null : (
          <div className="flex flex-col gap-2">
            <h3 className="font-medium text-table">The source is not quite ready</h3>
            <ReadinessList findings={findings} />
          </div>
        )
      }
    </QueryState>
  );
}
