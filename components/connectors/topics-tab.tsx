"use client";

import { useQuery } from "@tanstack/react-query";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { formatDuration } from "#domain/format/durations.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { ConnectorTopic } from "./connector-outputs.ts";

export function TopicsTab({ cluster, name }: { cluster: string; name: string }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.connectors.topics.queryOptions({ cluster, name }, { meta: ASKS_OUTSIDE, staleTime: 30_000 }),
  );
  return (
    <QueryState query={query} what="the topics">
      {(topics) =>
        topics.length === 0 ? (
          <StateMessage kind="empty" title="No topics">
            The configuration names none, and Connect saw none in use.
          </StateMessage>
        ) : (
          <Section
            title="Topics"
            description={`${formatCounted(topics.length, "topic")} named or used.`}
            flush
          >
            <Table label="Topics of the connector">
              <TableHead>
                <TableRow>
                  <TableHeader>Topic</TableHeader>
                  <TableHeader>For</TableHeader>
                  <TableHeader>Used</TableHeader>
                  <TableHeader className="text-right">Partitions</TableHeader>
                  <TableHeader className="text-right">Replicas</TableHeader>
                  <TableHeader>Kept for</TableHeader>
                  <TableHeader>Compression</TableHeader>
                </TableRow>
              </TableHead>
              <TableBody>
                {topics.map((topic) => (
                  <TopicRow key={topic.name} topic={topic} />
                ))}
              </TableBody>
            </Table>
          </Section>
        )
      }
    </QueryState>
  );
}

function TopicRow({ topic }: { topic: ConnectorTopic }) {
  const { facts } = topic;
  return (
    <TableRow>
      <TableCell className="break-all font-mono">{topic.name}</TableCell>
      <TableCell className="whitespace-nowrap">{topic.purpose.replace("-", " ")}</TableCell>
      <TableCell>{topic.isUsed ? "yes" : "not yet"}</TableCell>
      {facts ? (
        <>
          <TableCell className="text-right">{facts.partitions}</TableCell>
          <TableCell className="text-right">{facts.replicationFactor}</TableCell>
          <TableCell className="whitespace-nowrap">{keptFor(facts.settings)}</TableCell>
          <TableCell>{facts.settings["compression.type"]}</TableCell>
        </>
      ) : (
        <TableCell colSpan={4} className="text-muted-foreground">
          does not exist yet
        </TableCell>
      )}
    </TableRow>
  );
}

function keptFor(settings: Record<string, string>): string {
  if (settings["cleanup.policy"] === "compact") return "the last of each key";
  const retention = Number(settings["retention.ms"]);
  return retention < 0 ? "ever" : formatDuration(retention);
}
