"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Section } from "#components/ui/section.tsx";
import { Stat } from "#components/ui/stat.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import type { DriftCause } from "#domain/reconciliation/schema.ts";
import { isJudged } from "#domain/reconciliation/table-state.ts";
import { CheckSelection } from "./check-selection.tsx";
import { DiscrepancyList } from "./discrepancy-list.tsx";
import { DriftHistory } from "./drift-history.tsx";
import { KeySpreadPanel } from "./key-spread.tsx";
import type { CheckedTable } from "./reconciliation-outputs.ts";
import { CRUMBS, checkedTablePath, checkPath, tableLettersPath } from "./reconciliation-paths.ts";
import { ReportList } from "./report-list.tsx";
import { RunList } from "./run-list.tsx";
import { CAUSE_WORDS, TABLE_STATUS, TABLE_WORDS } from "./state-words.ts";

const SettingsForm = dynamic(() => import("./settings-form.tsx").then((module) => module.SettingsForm));

const OTHER_TABS = ["runs", "reports", "settings"] as const;

/** Is this table equal to its source, since when, and if not: what differs and why? */
export function CheckedTablePage({ id }: { id: number }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.reconciliation.table.queryOptions({ id }));
  const params = useSearchParams();
  const wanted = params.get("tab");
  const tab = OTHER_TABS.find((other) => other === wanted) ?? "rows";
  const path = checkedTablePath(id);
  return (
    <>
      {!query.data && <PageHeader crumbs={CRUMBS} title="Checked table" />}
      <QueryState query={query} what="the table">
        {(table) => (
          <>
            <PageHeader
              crumbs={CRUMBS}
              title={table.table}
              mono
              status={
                <StatusBadge status={TABLE_STATUS[table.verdict.state]} look="pill">
                  {TABLE_WORDS[table.verdict.state]}
                </StatusBadge>
              }
              answer={`${table.verdict.words}. ${table.recommendedAction}`}
              actions={<CheckSelection tables={[table]} hasKey />}
              tabs={[
                { label: "Differing rows", href: path, count: table.openUnexplained + table.openExplained },
                { label: "Checks", href: `${path}?tab=runs` as typeof path },
                { label: "Reports", href: `${path}?tab=reports` as typeof path },
                { label: "Settings", href: `${path}?tab=settings` as typeof path },
              ]}
              currentTab={tab === "rows" ? path : (`${path}?tab=${tab}` as typeof path)}
            />
            <Numbers table={table} />
            {tab === "rows" && (
              <>
                <DriftHistory table={table} />
                <Causes table={table} />
                {table.openUnexplained + table.openExplained > 0 && <KeySpreadPanel tableId={id} />}
                <DiscrepancyList tableId={id} verdict={table.verdict} />
              </>
            )}
            {tab === "runs" && <RunList tableId={id} />}
            {tab === "reports" && <ReportList cluster={table.cluster} pipeline={table.pipeline} />}
            {tab === "settings" && <SettingsForm key={table.id} table={table} />}
          </>
        )}
      </QueryState>
    </>
  );
}

function Numbers({ table }: { table: CheckedTable }) {
  const { verdict, types, running } = table;
  const never = table.verifiedAt === null;
  return (
    <div className="grid grid-cols-2 gap-4 rounded-lg border bg-card p-3 sm:grid-cols-3 xl:grid-cols-6">
      <Stat
        label="Unexplained drift"
        value={formatDrift(isJudged(verdict.state) ? verdict.unexplainedPercent : null)}
        note={
          never
            ? "never compared"
            : `${formatCounted(table.openUnexplained, "row")}${isJudged(verdict.state) ? "" : " when it was last compared"}`
        }
      />
      <Stat
        label="Explained"
        value={never ? "–" : formatCount(table.openExplained)}
        note={
          table.ignored > 0 ? (
            <HoverLink
              href={`${checkedTablePath(table.id)}?q=state:ignored` as ReturnType<typeof checkedTablePath>}
              className="text-link hover:underline"
            >
              {formatCount(table.ignored)} ignored by decision
            </HoverLink>
          ) : (
            "none ignored by decision"
          )
        }
      />
      <Stat
        label="How they differ"
        value={never ? "–" : formatCount(types.missingInTarget + types.missingInSource + types.valueMismatch)}
        note={
          never
            ? undefined
            : `${types.missingInTarget} missing in target · ${types.missingInSource} in source · ${types.valueMismatch} changed`
        }
      />
      <Stat
        label="Compared rows"
        value={table.comparedRows === null ? "–" : formatCount(table.comparedRows)}
        note={<RowCounts table={table} />}
      />
      <Stat
        label="Last compared"
        value={
          <span className="text-title">
            {table.verifiedAt ? <TimeStamp value={table.verifiedAt} event="last comparison" /> : "never"}
          </span>
        }
        note={table.verifiedThrough ? `through ${table.verifiedThrough}` : undefined}
      />
      <Stat
        label={running ? "Running" : "Next check"}
        value={
          <span className="text-title">
            {running ? (
              <HoverLink href={checkPath(running.id)} className="text-link hover:underline">
                {running.state}
              </HoverLink>
            ) : table.nextRunAt ? (
              <TimeStamp value={table.nextRunAt} event="next check" />
            ) : (
              "none"
            )}
          </span>
        }
        note={table.heldBecause ?? undefined}
      />
    </div>
  );
}

/** Every check compares, only a full one counts: beside a later verdict the counts say how old they are. */
function RowCounts({ table: { sourceRows, targetRows, counted } }: { table: CheckedTable }) {
  if (sourceRows === null || !counted) return null;
  const event = counted.through ? `full check through ${counted.through}` : "full check";
  return (
    <>
      source {formatCount(sourceRows)}, target {formatCount(targetRows ?? 0)} at the full check{" "}
      <TimeStamp value={counted.at} event={event} />
    </>
  );
}

/** From all differing rows down to those nothing explains. */
function Causes({ table }: { table: CheckedTable }) {
  const causes = (Object.entries(table.causes) as [DriftCause, number][]).filter(([, rows]) => rows > 0);
  const total = causes.reduce((sum, [, rows]) => sum + rows, 0);
  if (total === 0) return null;
  const ordered = causes.sort(([a], [b]) => Number(a === "unexplained") - Number(b === "unexplained"));
  return (
    <Section
      title="Why they differ"
      description={[
        `${formatCounted(total, "differing row")}, less what is explained.`,
        table.columns.length > 0
          ? `Columns that differ: ${[...new Set(table.columns.map(({ column }) => column))].join(", ")}.`
          : "",
      ].join(" ")}
    >
      <ul className="flex flex-col gap-1.5">
        {ordered.map(([cause, rows]) => (
          <li
            key={cause}
            className="grid grid-cols-[12rem_minmax(0,1fr)_6rem] items-center gap-3 text-table max-sm:grid-cols-[8rem_minmax(0,1fr)_4rem]"
          >
            <span className="flex flex-wrap gap-x-2">
              <HoverLink
                href={`${checkedTablePath(table.id)}?q=${encodeURIComponent(`cause:${cause}`)}`}
                className="text-link hover:underline"
              >
                {CAUSE_WORDS[cause]}
              </HoverLink>
              {cause === "dead_letter" && (
                <HoverLink
                  href={tableLettersPath(table)}
                  className="text-meta text-muted-foreground hover:underline"
                >
                  the letters
                </HoverLink>
              )}
            </span>
            <span aria-hidden className="h-2 rounded-full bg-muted">
              <span
                className={`block h-full rounded-full ${cause === "unexplained" ? "bg-failed" : "bg-series-1"}`}
                style={{ width: `${Math.max(1, (rows / total) * 100)}%` }}
              />
            </span>
            <span className="text-right tabular-nums">{formatCount(rows)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
