"use client";

import { useQuery } from "@tanstack/react-query";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCount, formatRate } from "#domain/format/numbers.ts";
import type { Rates } from "./dead-letter-outputs.ts";
import { deadLettersPath } from "./dead-letter-paths.ts";
import { formatShare } from "./format-share.ts";

const HOURS = 24;

/** Which share of each table's records became dead letters, against the threshold. */
export function RateList() {
  const trpc = useTRPC();
  const query = useQuery(trpc.deadLetters.rates.queryOptions({ hours: HOURS }));
  return (
    <QueryState query={query} what="the rates">
      {(rates) => (
        <>
          <Alerts alerts={rates.alerts} />
          <Section
            title={`Share of each table's records in ${HOURS} h`}
            description={`The threshold is ${formatShare(rates.threshold)}. Tables without a dead letter in this time are not listed.`}
            flush
          >
            {rates.tables.length === 0 ? (
              <StateMessage
                kind="good"
                title={`No table had a dead letter in ${HOURS} h`}
                since={rates.readAt}
                className="py-8"
              />
            ) : (
              <RateTable rates={rates} />
            )}
          </Section>
        </>
      )}
    </QueryState>
  );
}

function RateTable({ rates }: { rates: Rates }) {
  return (
    <Table label="Share of records that became dead letters">
      <TableHead>
        <TableRow>
          <TableHeader>Table</TableHeader>
          <TableHeader>Sink</TableHeader>
          <TableHeader>Pipeline</TableHeader>
          <TableHeader className="text-right">Dead letters</TableHeader>
          <TableHeader className="text-right">Records</TableHeader>
          <TableHeader>Share</TableHeader>
          <TableHeader>Known since</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {rates.tables.map((rate) => (
          <TableRow key={`${rate.cluster}/${rate.connector}/${rate.table}`}>
            <TableCell>
              <HoverLink
                href={deadLettersPath({ filter: `table:${rate.table}` })}
                className="font-mono text-link hover:underline"
              >
                {rate.table || "unknown"}
              </HoverLink>
            </TableCell>
            <TableCell>
              <HoverLink
                href={connectorPath({ cluster: rate.cluster, name: rate.connector })}
                className="font-mono text-link hover:underline"
              >
                {rate.connector}
              </HoverLink>
            </TableCell>
            <TableCell className="font-mono">{rate.source ?? "not known"}</TableCell>
            <TableCell className="text-right">{formatCount(rate.deadLettered)}</TableCell>
            <TableCell className="text-right">
              {rate.processed === null ? "not known" : formatCount(rate.processed)}
            </TableCell>
            <TableCell>
              {rate.share === null ? (
                <StatusBadge status="unknown">not known</StatusBadge>
              ) : (
                <StatusBadge status={rate.isOver ? "failed" : "healthy"}>
                  {formatShare(rate.share)}
                  {rate.isOver ? ", above the threshold" : ""}
                </StatusBadge>
              )}
            </TableCell>
            <TableCell>
              <TimeStamp value={rate.since} event="numbers are known since" />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Alerts({ alerts }: { alerts: Rates["alerts"] }) {
  return alerts
    .filter((alert) => alert.clearedAt === null)
    .map((alert) => (
      <StateMessage
        key={alert.id}
        kind="failed"
        look="banner"
        since={alert.since}
        title={
          alert.kind === "flood"
            ? `${alert.table}: ${formatRate(alert.value)} dead letters, more than ${formatRate(alert.threshold)}`
            : `${alert.table}: ${formatShare(alert.value)} of its records become dead letters, more than ${formatShare(alert.threshold)}`
        }
      >
        Sink {alert.connector} of {alert.cluster}; at worst{" "}
        {alert.kind === "flood" ? formatRate(alert.worst) : formatShare(alert.worst)}.
      </StateMessage>
    ));
}
