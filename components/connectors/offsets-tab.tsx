"use client";

import { useQuery } from "@tanstack/react-query";
import { ASKS_OUTSIDE } from "#components/live/rereads.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";

export function OffsetsTab({ cluster, name }: { cluster: string; name: string }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.connectors.offsets.queryOptions({ cluster, name }, { meta: ASKS_OUTSIDE, refetchInterval: 5_000 }),
  );
  return (
    <QueryState query={query} what="the stored position">
      {(offsets) =>
        offsets.length === 0 ? (
          <StateMessage kind="empty" title="No position is stored yet">
            A source stores one after its first events, a sink after its first commit.
          </StateMessage>
        ) : (
          <Section title="Stored position" description="Where the connector goes on after a restart." flush>
            <Table label="Stored positions">
              <TableHead>
                <TableRow>
                  <TableHeader>Of</TableHeader>
                  <TableHeader>Position</TableHeader>
                </TableRow>
              </TableHead>
              <TableBody>
                {offsets.map(({ partition, offset }) => (
                  <TableRow key={JSON.stringify(partition)}>
                    <TableCell className="break-all font-mono">{words(partition)}</TableCell>
                    <TableCell className="break-all font-mono">{offset ? words(offset) : "none"}</TableCell>
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          </Section>
        )
      }
    </QueryState>
  );
}

/** A sink's partition reads like Kafka writes it, anything else key by key. */
function words(position: Record<string, string>): string {
  const { kafka_topic: topic, kafka_partition: partition, kafka_offset: offset } = position;
  if (topic !== undefined && partition !== undefined) return `${topic} · partition ${partition}`;
  if (offset !== undefined) return offset;
  return Object.entries(position)
    .map(([key, value]) => `${key} ${value}`)
    .join(" · ");
}
