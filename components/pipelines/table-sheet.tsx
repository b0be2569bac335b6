"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Count } from "#components/ui/count.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import {
  Sheet,
  SheetBody,
  SheetContent,
  SheetDescription,
  SheetHeader,
  SheetTitle,
} from "#components/ui/sheet.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatDuration } from "#domain/format/durations.ts";
import { formatCount, formatRate } from "#domain/format/numbers.ts";
import type { TableRef } from "#domain/pipelines/schema.ts";
import { LagWords } from "./lag-words.tsx";
import type { TableView } from "./pipeline-outputs.ts";

/** One table beside the canal: every number of its lane, and of each sink that reads it. */
export function TableSheet({ onClose, ...ref }: TableRef & { onClose: () => void }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.pipelines.table.queryOptions(ref));
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <SheetContent>
        <SheetHeader>
          <SheetTitle className="font-mono">{ref.table}</SheetTitle>
          <SheetDescription>
            {query.data ? (
              <StatusBadge status={query.data.verdict.status}>{query.data.verdict.words}</StatusBadge>
            ) : (
              `Table of ${ref.source}`
            )}
          </SheetDescription>
        </SheetHeader>
        <SheetBody className="flex flex-col gap-5">
          <QueryState query={query} what={`the table ${ref.table}`}>
            {(table) => <TableFacts table={table} />}
          </QueryState>
        </SheetBody>
      </SheetContent>
    </Sheet>
  );
}

function TableFacts({ table }: { table: TableView }) {
  const captureMs =
    table.committedAt && table.capturedAt ? table.capturedAt.getTime() - table.committedAt.getTime() : null;
  return (
    <>
      <KeyValues
        items={[
          { label: "Source", value: <ConnectorLink cluster={table.cluster} name={table.source.name} /> },
          { label: "Topic", value: <Mono className="break-all">{table.topic}</Mono> },
          { label: "Phase", value: table.state ?? "not begun" },
          { label: "Captured", value: <Count value={table.captured} unit="events" /> },
          { label: "Still in the topic", value: <Count value={table.retained} unit="events" /> },
          {
            label: "Throughput",
            value: table.perSecond === null ? <Count value={null} /> : formatRate(table.perSecond),
          },
          {
            label: "Last commit",
            value: <TimeStamp value={table.committedAt} event="in the source" absolute />,
          },
          {
            label: "Last event",
            value: <TimeStamp value={table.capturedAt} event="written to Kafka" absolute />,
          },
          {
            label: "From commit to topic",
            value: captureMs === null ? <Count value={null} /> : formatDuration(Math.max(0, captureMs)),
          },
          { label: "Last change", value: table.lastOp ? (OPERATIONS[table.lastOp] ?? table.lastOp) : "none" },
          { label: "Log position", value: table.position ? <Mono>{table.position}</Mono> : "none" },
          {
            label: "Snapshot scan",
            value: table.scan
              ? `${table.scan.rows === null ? "" : `${formatCount(table.scan.rows)} rows, `}${table.scan.status}`
              : "none reported",
          },
        ]}
      />
      {table.sinks.length === 0 && (
        <p className="text-muted-foreground text-table">No sink reads this topic.</p>
      )}
      {table.sinks.map((sink) => (
        <section
          key={sink.name}
          aria-label={`Delivered by ${sink.name}`}
          className="flex flex-col gap-2 border-t pt-3"
        >
          <h3 className="font-semibold text-table">
            Delivered by <ConnectorLink cluster={table.cluster} name={sink.name} />
          </h3>
          <KeyValues
            items={[
              {
                label: "Target",
                value: sink.target ? <Mono>{sink.target}</Mono> : "decided when the task runs",
              },
              { label: "Key", value: sink.key ? <Mono>{sink.key}</Mono> : "none" },
              { label: "Delivered", value: <Count value={sink.delivered} unit="events" /> },
              {
                label: "Lag",
                value: (
                  <LagWords
                    events={sink.lagEvents}
                    since={sink.waitingSince === null ? null : new Date(sink.waitingSince)}
                  />
                ),
              },
              {
                label: "Newest delivered",
                value: (
                  <TimeStamp
                    value={sink.deliveredAt === null ? null : new Date(sink.deliveredAt)}
                    event="committed in the source"
                    absolute
                  />
                ),
              },
              {
                label: "Throughput",
                value: sink.perSecond === null ? <Count value={null} /> : formatRate(sink.perSecond),
              },
              ...(sink.lost > 0
                ? [{ label: "Gone unread", value: <Count value={sink.lost} unit="events" /> }]
                : []),
            ]}
          />
        </section>
      ))}
    </>
  );
}

const OPERATIONS: Record<string, string> = {
  c: "insert",
  u: "update",
  d: "delete",
  r: "read by a snapshot",
  t: "truncate",
  m: "message",
};

function ConnectorLink({ cluster, name }: { cluster: string; name: string }) {
  return (
    <Link href={connectorPath({ cluster, name })} className="break-all font-mono text-link hover:underline">
      {name}
    </Link>
  );
}
