"use client";

import { Eye, Pencil } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { ConfigDiff } from "#components/ui/config-diff.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "#components/ui/tabs.tsx";
import { formatBytes } from "#domain/format/numbers.ts";
import type { DeadLetter, Revealed } from "./dead-letter-outputs.ts";
import { eventChanges, hexOf } from "./event-changes.ts";

const EditDialog = dynamic(() => import("./edit-dialog.tsx").then((module) => module.EditDialog));

export interface RecordPayloadProps {
  record: Pick<DeadLetter, "id" | "cluster" | "status">;
  revealed: Revealed | undefined;
  error: unknown;
  onReveal: () => void;
  isRevealing: boolean;
}

/** What the record holds; shown on request, and the request is in the audit trail. */
export function RecordPayload({ record, revealed, error, onReveal, isRevealing }: RecordPayloadProps) {
  const { reason } = usePermission("dead-letters:reveal");
  const repairing = usePermission("dead-letters:repair");
  const [isEditing, setEditing] = useState(false);
  const canEdit = revealed !== undefined && revealed.value.value !== null && record.status === "PENDING";
  return (
    <Section
      title="Payload"
      description={revealed ? sourceWords(revealed) : "Hidden. Who reveals it is in the audit trail."}
      actions={
        revealed ? (
          canEdit && (
            <Button size="sm" blockedBecause={repairing.reason} onClick={() => setEditing(true)}>
              <Pencil aria-hidden /> Edit and replay
            </Button>
          )
        ) : (
          <Button size="sm" blockedBecause={reason} pending={isRevealing} onClick={onReveal}>
            {!isRevealing && <Eye aria-hidden />} Reveal the payload
          </Button>
        )
      }
    >
      {error !== null && error !== undefined && !isRevealing && (
        <StateMessage kind="failed" look="banner" title="It was not revealed" className="mb-3">
          {describeError(error)}
        </StateMessage>
      )}
      {isEditing && revealed && (
        <EditDialog
          cluster={record.cluster}
          id={record.id}
          value={revealed.value.value}
          onClose={() => setEditing(false)}
        />
      )}
      {revealed ? (
        <Payload revealed={revealed} />
      ) : (
        <p className="max-w-[72ch] text-muted-foreground text-table">
          Key, value before and after, headers and raw bytes are read from Kafka when they are revealed;
          Headgate keeps none of them.
        </p>
      )}
    </Section>
  );
}

function sourceWords({ from, value }: Revealed): string {
  switch (from) {
    case "kafka":
      return `Read from Kafka now; value as ${value.format}.`;
    case "expired":
      return "Kafka no longer has this record, and no copy was kept.";
    default:
      return `From the copy that was kept beyond the topic's retention; value as ${value.format}.`;
  }
}

function Payload({ revealed }: { revealed: Revealed }) {
  const [tab, setTab] = useState("change");
  const { key, value, headers } = revealed;
  const changes = eventChanges(revealed);
  if (revealed.from === "expired")
    return <StateMessage kind="missing" title="The bytes are gone" className="py-6" />;
  return (
    <Tabs value={tab} onValueChange={setTab}>
      <TabsList>
        <TabsTrigger value="change">Before and after</TabsTrigger>
        <TabsTrigger value="decoded">Decoded</TabsTrigger>
        <TabsTrigger value="headers">Headers {headers.length}</TabsTrigger>
        <TabsTrigger value="raw">Raw</TabsTrigger>
      </TabsList>
      <TabsContent value="change" className="pt-3">
        {changes ? (
          <ConfigDiff
            changes={changes}
            label="The row before and after this change"
            beforeLabel="Before"
            afterLabel="After"
          />
        ) : (
          <p className="text-muted-foreground text-table">
            {value.problem ?? "The value is no Debezium change event, so there is no before and after."}
          </p>
        )}
      </TabsContent>
      <TabsContent value="decoded" className="flex flex-col gap-3 pt-3">
        <Part title={`Key · ${key.format}`} problem={key.problem} json={key.value} />
        <Part title={`Value · ${value.format}`} problem={value.problem} json={value.value} />
      </TabsContent>
      <TabsContent value="headers" className="pt-3">
        <Headers headers={headers} />
      </TabsContent>
      <TabsContent value="raw" className="flex flex-col gap-3 pt-3">
        <CodeBlock code={hexOf(revealed.rawKeyBase64)} label="raw bytes of the key" />
        <CodeBlock code={hexOf(revealed.rawValueBase64)} label="raw bytes of the value" />
        <p className="text-meta text-muted-foreground">
          {revealed.valueSize < 0
            ? "The value is null."
            : `The value has ${formatBytes(revealed.valueSize)}; at most the first 4 KiB are shown.`}
        </p>
      </TabsContent>
    </Tabs>
  );
}

function Part({ title, problem, json }: { title: string; problem: string | undefined; json: unknown }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h3 className="font-medium text-table">{title}</h3>
      {problem && <p className="text-degraded text-meta">{problem}</p>}
      <CodeBlock
        code={typeof json === "string" ? json : (JSON.stringify(json, null, 2) ?? "null")}
        label={title}
        wrap
      />
    </div>
  );
}

function Headers({ headers }: { headers: Revealed["headers"] }) {
  if (headers.length === 0) return <p className="text-muted-foreground text-table">It has no headers.</p>;
  return (
    <Table label="Headers">
      <TableHead>
        <TableRow>
          <TableHeader>Header</TableHeader>
          <TableHeader>Value</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {headers.map((header, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a header's name may stand there twice
          <TableRow key={index}>
            <TableCell className="whitespace-nowrap align-top font-mono">
              {header.name}
              {header.isError && (
                <span className="ml-1.5 font-sans text-meta text-muted-foreground">error</span>
              )}
            </TableCell>
            <TableCell className="max-w-0 truncate font-mono" title={header.value ?? undefined}>
              {header.value ?? <span className="font-sans text-muted-foreground italic">null</span>}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
