"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { planPath } from "#components/plans/plan-path.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfigDiff } from "#components/ui/config-diff.tsx";
import { Section } from "#components/ui/section.tsx";
import { Select } from "#components/ui/select.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { diffConfig } from "#domain/connectors/config-diff.ts";
import { AdoptButton } from "./adopt-button.tsx";
import type { ConnectorVersion, ConnectorView } from "./connector-outputs.ts";
import { useProposeRevert } from "./use-propose-revert.ts";

export function HistoryTab({ connector }: { connector: ConnectorView }) {
  const trpc = useTRPC();
  const ref = { cluster: connector.cluster, name: connector.name };
  const query = useQuery(trpc.connectors.versions.queryOptions(ref));
  return (
    <QueryState query={query} what="the versions">
      {(versions) =>
        versions.length === 0 ? (
          <StateMessage
            kind="empty"
            title="There are no versions yet"
            action={<AdoptButton connector={ref} />}
          >
            This connector was made outside Headgate. Adopt its configuration as version 1 to compare and
            revert later.
          </StateMessage>
        ) : (
          <div className="flex flex-col gap-3">
            <Compare versions={versions} live={connector.config} />
            <Section title="Versions" flush>
              <VersionTable versions={versions} connector={ref} />
            </Section>
          </div>
        )
      }
    </QueryState>
  );
}

const LIVE = "live";

function Compare({
  versions,
  live,
}: {
  versions: readonly ConnectorVersion[];
  live: Record<string, string>;
}) {
  const [newest, previous] = versions;
  const [before, setBefore] = useState(String((previous ?? newest)?.version));
  const [after, setAfter] = useState(LIVE);
  const configOf = (choice: string) =>
    choice === LIVE ? live : (versions.find((version) => String(version.version) === choice)?.config ?? {});
  const changes = diffConfig(configOf(before), configOf(after));
  const choices = (
    <>
      <option value={LIVE}>live now</option>
      {versions.map((version) => (
        <option key={version.version} value={version.version}>
          version {version.version}
        </option>
      ))}
    </>
  );
  return (
    <Section
      title="Compare"
      actions={
        <>
          <Select
            aria-label="Before"
            className="w-36"
            value={before}
            onChange={(event) => setBefore(event.target.value)}
          >
            {choices}
          </Select>
          <span aria-hidden>→</span>
          <Select
            aria-label="After"
            className="w-36"
            value={after}
            onChange={(event) => setAfter(event.target.value)}
          >
            {choices}
          </Select>
        </>
      }
    >
      <ConfigDiff
        label="Differences"
        beforeLabel={before === LIVE ? "Live" : `Version ${before}`}
        afterLabel={after === LIVE ? "Live" : `Version ${after}`}
        changes={changes.map(({ key, before: was, after: is, consequence }) => ({
          key,
          before: was,
          after: is,
          note: consequence,
        }))}
      />
    </Section>
  );
}

function VersionTable({
  versions,
  connector,
}: {
  versions: readonly ConnectorVersion[];
  connector: { cluster: string; name: string };
}) {
  const { reason } = usePermission("connectors:configure");
  const revert = useProposeRevert(connector);
  return (
    <Table label="Versions of the configuration">
      <TableHead>
        <TableRow>
          <TableHeader>Version</TableHeader>
          <TableHeader>How</TableHeader>
          <TableHeader>Who</TableHeader>
          <TableHeader>When</TableHeader>
          <TableHeader>Note</TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {versions.map((version, index) => (
          <TableRow key={version.version}>
            <TableCell>{version.version}</TableCell>
            <TableCell>
              {version.planId ? (
                <Link className="text-link hover:underline" href={planPath(version.planId)}>
                  {version.origin} by a plan
                </Link>
              ) : (
                version.origin
              )}
            </TableCell>
            <TableCell>{version.authorName}</TableCell>
            <TableCell>
              <TimeStamp value={version.at} event={version.origin} />
            </TableCell>
            <TableCell className="max-w-[40ch] break-words">{version.note}</TableCell>
            <TableCell className="text-right">
              {index > 0 && version.origin !== "deleted" && (
                <Button
                  size="sm"
                  blockedBecause={reason}
                  pending={revert.isPending && revert.variables.version === version.version}
                  aria-label={`Revert… to version ${version.version}`}
                  onClick={() => revert.mutate({ ...connector, version: version.version })}
                >
                  Revert…
                </Button>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
