"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { planPath } from "#components/plans/plan-path.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "#components/ui/tabs.tsx";
import { diffConfig, withoutName } from "#domain/connectors/config-diff.ts";
import type { PluginKey } from "#domain/connectors/plugin-key.ts";
import { ChangesSection } from "./changes-section.tsx";
import type { ConnectorView } from "./connector-outputs.ts";
import { EditDraft } from "./edit-draft.ts";
import { FindingsSummary } from "./findings-summary.tsx";
import { JsonEditor, type JsonText } from "./json-editor.tsx";
import { KeyEditor } from "./key-editor.tsx";
import { MovedBanner } from "./moved-banner.tsx";
import { useDraft } from "./use-draft.ts";
import { useValidation } from "./use-validation.ts";

const NO_KEYS: readonly PluginKey[] = [];

export interface EditFormProps {
  connector: ConnectorView;
  /** Hash of what is live now. */
  liveHash: string;
}

/** A draft of the configuration beside what is live: every key, the differences with their cost, and a plan. */
export function EditForm({ connector, liveHash }: EditFormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const ref = { cluster: connector.cluster, name: connector.name };
  const live = withoutName(connector.config);
  const { reason } = usePermission("connectors:configure");
  const [draft, change, forget] = useDraft<EditDraft>(
    `headgate:edit:${ref.cluster}/${ref.name}`,
    (value) => EditDraft.safeParse(value).data,
    () => ({ base: live, baseHash: liveHash, config: live, note: "" }),
  );
  const [isChecking, setIsChecking] = useState(false);
  const [lastTyped, setTyped] = useState<JsonText>();
  // A change made beside the JSON is the newer word.
  const typed = lastTyped?.of === draft.config ? lastTyped : undefined;
  const clusters = useQuery(trpc.connectors.clusters.queryOptions());
  const catalogue = useQuery(
    trpc.connectors.pluginKeys.queryOptions(
      { cluster: ref.cluster, plugin: connector.plugin },
      { meta: ASKS_OUTSIDE, staleTime: 300_000 },
    ),
  );
  const validation = useValidation({ ...ref, config: draft.config, exists: true }, isChecking);
  const propose = useMutation(
    trpc.connectors.proposeUpdate.mutationOptions({
      onSuccess: ({ planId }) => {
        forget();
        router.push(planPath(planId));
      },
    }),
  );
  const isProposing = propose.isPending || propose.isSuccess;
  const changes = diffConfig(draft.base, draft.config);
  const isUnreadable = typed?.text !== undefined && typed.problem !== undefined;
  const blocked =
    reason ??
    (isUnreadable ? "The JSON cannot be read yet; correct it, or change a key instead" : undefined) ??
    (changes.length === 0 ? "Nothing has been changed yet" : undefined);
  const hasMoved = draft.baseHash !== liveHash;
  const configProvider =
    clusters.data?.find((cluster) => cluster.name === ref.cluster)?.configProvider ?? "vault";

  const edit = (config: Record<string, string>) => {
    setIsChecking(false);
    propose.reset();
    change({ config });
  };
  const setKey = (key: string, value: string | undefined) => {
    const { [key]: _was, ...rest } = draft.config;
    edit(value === undefined ? rest : { ...draft.config, [key]: value });
  };
  const discard = () => {
    edit(live);
    change({ base: live, baseHash: liveHash, note: "" });
  };
  const proposeNow = () => {
    if (isProposing || blocked !== undefined) return;
    propose.mutate({
      ...ref,
      config: draft.config,
      baseHash: draft.baseHash,
      ...(draft.note ? { note: draft.note } : {}),
    });
  };
  useShortcut("mod+Enter", { description: "Propose the plan", group: "Configuration", run: proposeNow });

  return (
    <div className="grid items-start gap-3 xl:grid-cols-[minmax(0,3fr)_minmax(22rem,2fr)]">
      <Section title="Draft" description="Kept in this tab until it becomes a plan or is discarded.">
        <Tabs defaultValue="form">
          <TabsList>
            <TabsTrigger value="form">Keys</TabsTrigger>
            <TabsTrigger value="json">JSON</TabsTrigger>
          </TabsList>
          <TabsContent value="form">
            {catalogue.error && (
              <StateMessage
                kind="partial"
                look="banner"
                className="mb-3"
                title="Only the keys that are set can be shown"
                onRetry={() => void catalogue.refetch()}
                retrying={catalogue.isFetching}
              >
                {describeError(catalogue.error)}
              </StateMessage>
            )}
            <KeyEditor
              config={draft.config}
              plugin={connector.plugin}
              keys={catalogue.data ?? NO_KEYS}
              configProvider={configProvider}
              findings={validation.data?.findings ?? []}
              initialFilter="set"
              onChange={setKey}
            />
          </TabsContent>
          <TabsContent value="json">
            <JsonEditor config={draft.config} typed={typed} onTypedChange={setTyped} onChange={edit} />
          </TabsContent>
        </Tabs>
      </Section>
      <div className="flex flex-col gap-3 xl:sticky xl:top-3">
        {hasMoved && <MovedBanner draft={draft} live={live} liveHash={liveHash} onRebase={change} />}
        <ChangesSection changes={changes} onReset={(key) => setKey(key, draft.base[key])} />
        {validation.data && isChecking && <FindingsSummary validation={validation.data} />}
        {validation.error && isChecking && (
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
        {propose.error && (
          <StateMessage kind="failed" look="banner" title="There is no plan yet">
            {describeError(propose.error)}
          </StateMessage>
        )}
        <Field label="Note" optional help="Why; kept with the version.">
          {(control) => (
            <Input
              {...control}
              maxLength={500}
              value={draft.note}
              onChange={(event) => change({ note: event.target.value })}
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" blockedBecause={blocked} pending={isProposing} onClick={proposeNow}>
            Propose plan
          </Button>
          <Button
            blockedBecause={reason}
            pending={validation.isFetching}
            onClick={() => (isChecking ? void validation.refetch() : setIsChecking(true))}
          >
            Validate
          </Button>
          <Button variant="ghost" onClick={discard}>
            Discard draft
          </Button>
        </div>
      </div>
    </div>
  );
}
