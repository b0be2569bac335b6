"use client";

import { useQuery } from "@tanstack/react-query";
import { Download, Printer } from "lucide-react";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { KeyValues } from "#components/ui/key-values.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { type Status, StatusBadge } from "#components/ui/status-badge.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatUtc } from "#domain/format/durations.ts";
import { formatCount } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import type { ReportStatus } from "#domain/reconciliation/report.ts";
import type { Report } from "./reconciliation-outputs.ts";
import { CRUMBS, reportFilePath } from "./reconciliation-paths.ts";
import { reportAnswer } from "./report-answer.ts";
import { CAUSE_WORDS, TYPE_WORDS } from "./state-words.ts";
import { useLightPrint } from "./use-light-print.ts";

type ReportedTable = Report["report"]["tables"][number];

const STATUS: Record<ReportStatus, readonly [Status, string]> = {
  ok: ["healthy", "ok"],
  row_count_mismatch: ["failed", "row count mismatch"],
  checksum_mismatch: ["failed", "checksum mismatch"],
  critical: ["failed", "critical"],
  not_verified: ["unknown", "not verified"],
};

/** How did every table of this pipeline stand when the report was made? */
export function ReportPage({ id }: { id: string }) {
  useLightPrint();
  const trpc = useTRPC();
  const query = useQuery(trpc.reconciliation.report.queryOptions({ id }));
  return (
    <>
      {!query.data && <PageHeader crumbs={CRUMBS} title="Reconciliation report" />}
      <QueryState query={query} what="the report">
        {(view) => (
          <>
            <PageHeader
              crumbs={CRUMBS}
              title={`Reconciliation of ${view.pipeline}`}
              answer={reportAnswer(view.report)}
              actions={<TakeAlong id={id} />}
            />
            {!view.isFresh && (
              <StateMessage kind="stale" look="banner" title="This report is more than a day old">
                It says how the tables stood then. What holds now is on their own pages.
              </StateMessage>
            )}
            <Head view={view} />
            <Tables tables={view.report.tables} />
            {view.report.tables
              .filter(({ discrepancies }) => discrepancies.length > 0)
              .map((table) => (
                <Rows key={`${table.source_table} ${table.target_table}`} table={table} />
              ))}
          </>
        )}
      </QueryState>
    </>
  );
}

function TakeAlong({ id }: { id: string }) {
  return (
    <div className="flex flex-wrap gap-2 print:hidden">
      <Button onClick={() => window.print()}>
        <Printer aria-hidden /> Print
      </Button>
      {(["json", "csv"] as const).map((format) => (
        <Button key={format} asChild>
          <a href={reportFilePath(id, format)} download>
            <Download aria-hidden /> {format.toUpperCase()}
          </a>
        </Button>
      ))}
    </div>
  );
}

function Head({ view: { report, cluster, generatedBy } }: { view: Report }) {
  return (
    <Section title="What was compared">
      <KeyValues
        items={[
          { label: "Source database", value: report.source_database },
          { label: "Target database", value: report.target_database },
          { label: "Cluster", value: cluster },
          {
            label: "Made",
            value: (
              <>
                by {generatedBy}, <TimeStamp value={report.generated_at} event="made" absolute />
              </>
            ),
          },
          { label: "Report", value: <Mono>{report.report_id}</Mono> },
        ]}
      />
    </Section>
  );
}

function Tables({ tables }: { tables: readonly ReportedTable[] }) {
  return (
    <Section title="Tables" flush>
      <Table label="Tables of the report">
        <TableHead>
          <TableRow>
            <TableHeader>Table</TableHeader>
            <TableHeader>State</TableHeader>
            <TableHeader className="text-right">Source rows</TableHeader>
            <TableHeader className="text-right">Target rows</TableHeader>
            <TableHeader className="text-right">Differing</TableHeader>
            <TableHeader className="text-right">Drift</TableHeader>
            <TableHeader>Verified</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {tables.map((table) => (
            <TableRow key={`${table.source_table} ${table.target_table}`} className="align-top">
              <TableCell>
                <Mono>{table.source_table}</Mono>
                <span className="block text-meta text-muted-foreground">
                  {table.target_table === "" ? "target not known" : `to ${table.target_table}`}
                </span>
              </TableCell>
              <TableCell>
                <StatusBadge status={STATUS[table.status][0]}>{STATUS[table.status][1]}</StatusBadge>
              </TableCell>
              <TableCell className="text-right">{countOf(table.source_row_count)}</TableCell>
              <TableCell className="text-right">{countOf(table.target_row_count)}</TableCell>
              <TableCell className="text-right">
                {table.status === "not_verified" ? "unknown" : formatCount(table.discrepancy_count)}
              </TableCell>
              <TableCell className="whitespace-nowrap text-right">
                {formatDrift(table.drift_percentage)}
              </TableCell>
              <TableCell>
                <Verified table={table} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {/* Below and not in a column of its own: sentences would be cut on paper and on a phone. */}
      <ul aria-label="What to do" className="border-t">
        {tables.map((table) => (
          <li
            key={`${table.source_table} ${table.target_table}`}
            className="flex flex-wrap gap-x-3 border-b px-3 py-1.5 text-table last:border-b-0"
          >
            <Mono>{table.source_table}</Mono>
            <span className="max-w-[80ch]">{table.recommended_action}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Verified({ table }: { table: ReportedTable }) {
  if (table.checked_at === null) return <>never</>;
  return (
    <>
      <span className="whitespace-nowrap">{formatUtc(table.checked_at)}</span>
      <span className="block text-meta text-muted-foreground">
        {[
          table.coverage === null ? "" : `${Number((table.coverage * 100).toPrecision(3))} % of the rows`,
          table.verified_through === null ? "" : `through ${table.verified_through}`,
        ]
          .filter((part) => part !== "")
          .join(", ")}
      </span>
    </>
  );
}

function countOf(rows: number | null): string {
  return rows === null ? "–" : formatCount(rows);
}

function Rows({ table }: { table: ReportedTable }) {
  const more = table.discrepancy_count - table.discrepancies.length;
  return (
    <Section
      title={`Differing rows of ${table.source_table}`}
      description={more > 0 ? `${formatCount(more)} more are counted and not listed.` : undefined}
      flush
    >
      <Table label={`Differing rows of ${table.source_table}`}>
        <TableHead>
          <TableRow>
            <TableHeader>Key</TableHeader>
            <TableHeader>How it differs</TableHeader>
            <TableHeader>Columns</TableHeader>
            <TableHeader>Why</TableHeader>
            <TableHeader>State</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {table.discrepancies.map((row) => {
            const key = Object.entries(row.primary_key)
              .map(([column, value]) => `${column}=${value}`)
              .join(", ");
            return (
              <TableRow key={key}>
                <TableCell>
                  <Mono>{key}</Mono>
                </TableCell>
                <TableCell>{TYPE_WORDS[row.mismatch_type]}</TableCell>
                <TableCell>
                  <Mono>{row.columns.join(", ")}</Mono>
                </TableCell>
                <TableCell>{CAUSE_WORDS[row.cause]}</TableCell>
                <TableCell>{row.state}</TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </Section>
  );
}
