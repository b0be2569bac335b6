"use client";

import { useQuery } from "@tanstack/react-query";
import { HealthBadge } from "#components/connectors/health-badge.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import { BROKEN_CONNECTORS } from "./broken-connectors.ts";

/** What will not mend itself, worst first. */
export function NeedsAPerson() {
  const trpc = useTRPC();
  const broken = useQuery(trpc.connectors.list.queryOptions(BROKEN_CONNECTORS));
  return (
    <Section title="Needs a person" flush>
      <div className="p-0">
        <QueryState query={broken} what="broken connectors">
          {({ rows, total }) =>
            total === 0 ? (
              <StateMessage
                kind="good"
                title="Nothing waits for you"
                since={new Date(broken.dataUpdatedAt)}
                className="py-8"
              >
                No connector has failed or lost tasks.
              </StateMessage>
            ) : (
              <Table label="Connectors that need a person">
                <TableHead>
                  <TableRow>
                    <TableHeader>Connector</TableHeader>
                    <TableHeader>State</TableHeader>
                    <TableHeader>Cluster</TableHeader>
                    <TableHeader>Since</TableHeader>
                  </TableRow>
                </TableHead>
                <TableBody>
                  {rows.map((row) => (
                    <TableRow key={`${row.cluster}/${row.name}`}>
                      <TableCell>
                        <Mono>{row.name}</Mono>
                      </TableCell>
                      <TableCell>
                        <HealthBadge
                          health={row.health}
                          detail={`${row.tasks.failed} of ${formatCounted(row.tasks.total, "task")}`}
                        />
                      </TableCell>
                      <TableCell>{row.cluster}</TableCell>
                      <TableCell>
                        <TimeStamp value={row.since} event="state changed" inRow />
                      </TableCell>
                    </TableRow>
                  ))}
                </TableBody>
              </Table>
            )
          }
        </QueryState>
      </div>
    </Section>
  );
}
