"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRef } from "react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DottedKey } from "#components/ui/dotted-key.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { ConfigRow } from "#domain/connectors/config-rows.ts";
import type { PluginKey } from "#domain/connectors/plugin-key.ts";
import type { ConnectorView } from "./connector-outputs.ts";
import { editPath } from "./connector-path.ts";
import { EffectBadge } from "./effect-badge.tsx";
import { KeyFilterBar } from "./key-filter-bar.tsx";
import { useConfigRows } from "./use-config-rows.ts";

const NO_KEYS: readonly PluginKey[] = [];

/** The live configuration, key by key, with what holds where nothing is set. */
export function ConfigurationTab({ connector }: { connector: ConnectorView }) {
  const trpc = useTRPC();
  const search = useRef<HTMLInputElement>(null);
  const { allowed, reason } = usePermission("connectors:configure");
  const catalogue = useQuery(
    trpc.connectors.pluginKeys.queryOptions(
      { cluster: connector.cluster, plugin: connector.plugin },
      { meta: ASKS_OUTSIDE, staleTime: 300_000 },
    ),
  );
  const { rows, ...narrowing } = useConfigRows(connector.config, catalogue.data ?? NO_KEYS, {
    initial: "set",
    plugin: connector.plugin,
  });
  useShortcut("/", { description: "Find a key", group: "Configuration", run: () => search.current?.focus() });
  return (
    <Section
      title="Configuration"
      description="Secrets are references: Kafka Connect resolves them when a task starts."
      flush
      actions={
        <>
          <CopyButton value={JSON.stringify(connector.config, null, 2)} what="configuration as JSON" />
          {allowed ? (
            <Button asChild>
              <Link href={editPath(connector)}>Edit</Link>
            </Button>
          ) : (
            <Button blockedBecause={reason}>Edit</Button>
          )}
        </>
      }
    >
      <div className="border-b p-3">
        <KeyFilterBar
          words={narrowing.words}
          onWordsChange={narrowing.setWords}
          filter={narrowing.filter}
          onFilterChange={narrowing.setFilter}
          found={rows.length}
          searchRef={search}
        />
        {catalogue.error && (
          <StateMessage
            kind="partial"
            look="banner"
            className="mt-3"
            title="Defaults and documentation are missing"
            onRetry={() => void catalogue.refetch()}
            retrying={catalogue.isFetching}
          >
            {describeError(catalogue.error)}
          </StateMessage>
        )}
      </div>
      {rows.length === 0 ? (
        <StateMessage kind="filtered" title="No key matches" className="py-8">
          Names, labels, synonyms and documentation were searched.
        </StateMessage>
      ) : (
        <Table label="Keys">
          <TableHead>
            <TableRow>
              <TableHeader>Key</TableHeader>
              <TableHeader>Value</TableHeader>
              <TableHeader className="max-sm:hidden">From</TableHeader>
              <TableHeader>Changing it</TableHeader>
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map((row) => (
              <KeyRow key={row.name} row={row} />
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  );
}

function KeyRow({ row }: { row: ConfigRow }) {
  return (
    <TableRow className="align-top">
      <TableCell className="max-w-[46ch] py-1.5 max-sm:max-w-36 max-sm:pr-1">
        <DottedKey>{row.name}</DottedKey>
        {row.documentation && (
          <details className="text-meta text-muted-foreground">
            <summary className="cursor-pointer truncate">
              {row.label === row.name ? "What it does" : row.label}
            </summary>
            <p className="whitespace-pre-line break-words py-1">{row.documentation}</p>
          </details>
        )}
      </TableCell>
      <TableCell className="py-1.5">
        {row.value === undefined ? (
          <code className="break-all text-muted-foreground">{row.default ?? "not set"}</code>
        ) : row.value === "" ? (
          <span className="text-muted-foreground">empty</span>
        ) : (
          <code className="break-all">{row.value}</code>
        )}
      </TableCell>
      <TableCell className="whitespace-nowrap py-1.5 max-sm:hidden">
        {row.value === undefined
          ? "default"
          : row.value === row.default
            ? "connector, as default"
            : "connector"}
        {row.isUnlisted && (
          <>
            {" "}
            <Badge variant="outline">not listed</Badge>
          </>
        )}
      </TableCell>
      <TableCell className="py-1.5">
        <EffectBadge effect={row.effect} />
      </TableCell>
    </TableRow>
  );
}
