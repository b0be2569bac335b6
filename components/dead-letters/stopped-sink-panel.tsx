"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { BookOpen } from "lucide-react";
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { type PaletteAction, usePaletteActions } from "#components/shell/palette-actions.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import { toast } from "#components/ui/toast.ts";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { formatCount } from "#domain/format/numbers.ts";
import type { StoppedSink } from "./dead-letter-outputs.ts";
import { causePath, sinkLettersPath } from "./dead-letter-paths.ts";
import { stoppedSinkSentence, stoppedSinkTitle } from "./stopped-sink-words.ts";

const QuarantineDialog = dynamic(() =>
  import("./quarantine-dialog.tsx").then((module) => module.QuarantineDialog),
);

const IsolateDialog = dynamic(() => import("./isolate-dialog.tsx").then((module) => module.IsolateDialog));

/** A failed sink: which row stopped it, why, and the ways on. */
export function StoppedSinkPanel({ cluster, name }: ConnectorRef) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.deadLetters.stoppedSink.queryOptions(
      { cluster, name },
      { refetchInterval: 10_000, meta: ASKS_OUTSIDE },
    ),
  );
  return (
    <Section
      title="What stopped this sink"
      actions={
        <HoverLink href={sinkLettersPath(cluster, [name])} className="text-link text-table hover:underline">
          Dead letters of this sink
        </HoverLink>
      }
    >
      <QueryState query={query} what="what stopped the sink">
        {(analysis) => <Analysis sink={{ cluster, name }} analysis={analysis} />}
      </QueryState>
    </Section>
  );
}

function Analysis({ sink, analysis }: { sink: ConnectorRef; analysis: StoppedSink }) {
  const { state, cause, record, waiting, quarantined } = analysis;
  if (state === "running")
    return (
      <p className="text-muted-foreground text-table">
        Its tasks run again; what you see above may be a moment old.
      </p>
    );
  return (
    <div className="flex flex-col gap-3">
      <div role="status">
        <p className="flex items-baseline gap-2 font-semibold text-body">
          <StatusIcon status="failed" className="translate-y-0.5" />
          {stoppedSinkTitle(analysis)}
        </p>
        <p className="max-w-[80ch] break-words text-table">{stoppedSinkSentence(analysis)}</p>
      </div>
      {cause && (
        <p className="max-w-[80ch] text-table">
          <span className="font-medium">What to do: </span>
          {cause.action}{" "}
          <HoverLink
            href={causePath(cause.id)}
            className="inline-flex items-center gap-1 text-link hover:underline"
          >
            <BookOpen className="size-3.5" aria-hidden />
            Runbook entry “{cause.id}”
          </HoverLink>
        </p>
      )}
      <SinkRemedies sink={sink} analysis={analysis} />
      {!record && (
        <p className="max-w-[80ch] text-muted-foreground text-table">
          The failure does not say which record it was. Repair the cause and restart. If it stays unclear, set
          consumer.override.max.poll.records to 1 where the workers allow it: the committed offset is then the
          record.
        </p>
      )}
      <KeyValues
        items={[
          ...(record
            ? [
                {
                  label: "Record",
                  value: (
                    <Mono className="break-all">{`${record.topic}-${record.partition}@${record.offset}`}</Mono>
                  ),
                },
              ]
            : []),
          { label: "Waiting", value: `${formatCount(waiting)} records` },
          ...(quarantined.length > 0
            ? [
                {
                  label: "On the quarantine list",
                  value: quarantined.map((position) => (
                    <Mono
                      key={`${position.topic}-${position.partition}@${position.offset}`}
                      className="block break-all"
                    >
                      {`${position.topic}-${position.partition}@${position.offset}`}
                    </Mono>
                  )),
                },
              ]
            : []),
        ]}
      />
    </div>
  );
}

function SinkRemedies({ sink, analysis }: { sink: ConnectorRef; analysis: StoppedSink }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const repairing = usePermission("dead-letters:repair");
  const operating = usePermission("connectors:operate");
  const [asked, setAsked] = useState<"quarantine" | "isolate">();
  const restart = useMutation(
    trpc.connectors.operateMany.mutationOptions({
      onSuccess: ([item]) =>
        item?.outcome === "refused"
          ? toast.error(`${sink.name} was not restarted`, { description: item.message ?? "" })
          : toast.success(`Restarting the failed tasks of ${sink.name}`),
      onError: (error) =>
        toast.error(`${sink.name} was not restarted`, { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.connectors.pathFilter()),
    }),
  );
  const { record } = analysis;
  const canQuarantine = repairing.allowed && record !== undefined;
  const palette = useMemo(
    (): PaletteAction[] =>
      canQuarantine
        ? [{ id: "quarantine", label: "Quarantine the row and go on", run: () => setAsked("quarantine") }]
        : [],
    [canQuarantine],
  );
  usePaletteActions(palette);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        variant="primary"
        blockedBecause={
          repairing.reason ?? (record ? undefined : "No record could be named; repair the cause and restart")
        }
        onClick={() => setAsked("quarantine")}
      >
        Quarantine and go on
      </Button>
      <Button
        blockedBecause={operating.reason}
        pending={restart.isPending}
        onClick={() => restart.mutate({ action: "restart-failed", connectors: [sink] })}
      >
        Fixed: restart
      </Button>
      <Button
        blockedBecause={
          repairing.reason ??
          (record ? undefined : "No record could be named, so it is not known which table is in trouble")
        }
        onClick={() => setAsked("isolate")}
      >
        Isolate the table
      </Button>
      {asked === "quarantine" && record && (
        <QuarantineDialog
          sink={sink}
          record={record}
          analysis={analysis}
          onClose={() => setAsked(undefined)}
        />
      )}
      {asked === "isolate" && record && (
        <IsolateDialog sink={sink} topic={record.topic} onClose={() => setAsked(undefined)} />
      )}
    </div>
  );
}
