"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { describeError } from "#components/shell/describe-error.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatUtc } from "#domain/format/durations.ts";
import { reportPath } from "./reconciliation-paths.ts";
import { reportAnswer } from "./report-answer.ts";

export interface ReportListProps {
  cluster: string;
  pipeline: string;
}

/** Reports of one pipeline, newest first, and the way to make another. */
export function ReportList({ cluster, pipeline }: ReportListProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const { reason } = usePermission("reconciliation:run");
  const query = useQuery(trpc.reconciliation.reports.queryOptions({ cluster, source: pipeline }));
  const make = useMutation(
    trpc.reconciliation.createReport.mutationOptions({
      onSuccess: ({ reportId }) => router.push(reportPath(reportId)),
      onError: (error) => toast.error("No report was made", { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.reconciliation.reports.pathFilter()),
    }),
  );
  return (
    <Section
      title={`Reports of ${pipeline}`}
      description="A report keeps how every table of the pipeline stood, with what was verified through which position; it does not change afterwards."
      actions={
        <Button
          blockedBecause={reason}
          pending={make.isPending}
          onClick={() => make.mutate({ cluster, source: pipeline })}
        >
          Make a report
        </Button>
      }
      flush
    >
      <QueryState query={query} what="the reports">
        {(reports) =>
          reports.length === 0 ? (
            <StateMessage kind="empty" title="No report was made yet">
              It takes the newest result of every table; nothing is compared for it.
            </StateMessage>
          ) : (
            <Table label={`Reports of ${pipeline}`}>
              <TableHead>
                <TableRow>
                  <TableHeader>Made</TableHeader>
                  <TableHeader>By</TableHeader>
                  <TableHeader>What it says</TableHeader>
                </TableRow>
              </TableHead>
              <TableBody>
                {reports.map((report) => (
                  <TableRow key={report.id}>
                    <TableCell>
                      <HoverLink
                        href={reportPath(report.id)}
                        className="whitespace-nowrap text-link hover:underline"
                      >
                        {formatUtc(report.generatedAt)}
                      </HoverLink>
                      {!report.isFresh && (
                        <span className="ml-2 text-meta text-muted-foreground">more than a day old</span>
                      )}
                    </TableCell>
                    <TableCell>{report.generatedBy}</TableCell>
                    <TableCell>{reportAnswer(report)}</TableCell>
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          )
        }
      </QueryState>
    </Section>
  );
}
