"use client";

import Link from "next/link";
import { StoppedSinkPanel } from "#components/dead-letters/stopped-sink-panel.tsx";
import { pipelinePath } from "#components/pipelines/pipeline-path.ts";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { ConnectorView } from "./connector-outputs.ts";
import { pluginName } from "./connector-path.ts";
import { DriftBanner } from "./drift-banner.tsx";
import { QuarantineBanner } from "./quarantine-banner.tsx";
import { TasksPanel } from "./tasks-panel.tsx";

export function OverviewTab({ connector }: { connector: ConnectorView }) {
  const { desired, plaintextSecretKeys, type, health } = connector;
  const isStoppedSink = type === "sink" && (health === "failed" || health === "degraded");
  return (
    <div className="flex flex-col gap-3">
      {plaintextSecretKeys.length > 0 && (
        <StateMessage kind="failed" look="banner" title="A secret stands in the open in this configuration">
          Keys: {plaintextSecretKeys.join(", ")}. Put the values in Vault, write references in their place,
          and change the secrets: whoever could read Kafka Connect has seen them.
        </StateMessage>
      )}
      <QuarantineBanner connector={connector} />
      <DriftBanner connector={connector} />
      {isStoppedSink && <StoppedSinkPanel cluster={connector.cluster} name={connector.name} />}
      <TasksPanel connector={connector} />
      <Section title="Facts">
        <KeyValues
          items={[
            { label: "Cluster", value: connector.cluster },
            { label: "Type", value: connector.type },
            {
              label: "Plugin",
              value: (
                <span title={connector.plugin}>
                  {pluginName(connector.plugin)} {connector.pluginVersion}
                </span>
              ),
            },
            ...(connector.type === "source"
              ? [
                  {
                    label: "Pipeline",
                    value: (
                      <Link
                        className="text-link hover:underline"
                        href={pipelinePath({ cluster: connector.cluster, source: connector.name })}
                      >
                        {connector.name}
                      </Link>
                    ),
                  },
                ]
              : []),
            { label: "Worker", value: <span className="font-mono">{connector.worker}</span> },
            { label: "In this state", value: <TimeStamp value={connector.since} event="state changed" /> },
            { label: "First seen", value: <TimeStamp value={connector.seenAt} event="first seen" /> },
            {
              label: "Configuration",
              value: desired ? (
                <>
                  version {desired.version} by {desired.authorName},{" "}
                  <TimeStamp value={desired.at} event={desired.origin} />
                </>
              ) : (
                "made outside Headgate; adopt it in History to keep versions"
              ),
            },
          ]}
        />
      </Section>
    </div>
  );
}
