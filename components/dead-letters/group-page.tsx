"use client";

import { useQuery } from "@tanstack/react-query";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Section } from "#components/ui/section.tsx";
import { Stat } from "#components/ui/stat.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCount } from "#domain/format/numbers.ts";
import { CausePanel } from "./cause-panel.tsx";
import type { Group } from "./dead-letter-outputs.ts";
import { DEAD_LETTERS } from "./dead-letter-paths.ts";
import { formatShare } from "./format-share.ts";
import { GroupActions } from "./group-actions.tsx";
import { groupAnswer } from "./group-answer.ts";
import { GroupSamples } from "./group-samples.tsx";
import { GroupTimeline } from "./group-timeline.tsx";
import { HourBars } from "./hour-bars.tsx";
import { RecordList } from "./record-list.tsx";
import { GroupBadge } from "./state-badges.tsx";
import { WhyGrouped } from "./why-grouped.tsx";

const CRUMBS = [{ label: "Dead letters", href: DEAD_LETTERS }];

/** One cause: what it is, how much it concerns, what to do about it. */
export function GroupPage({ id }: { id: number }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.deadLetters.group.queryOptions({ id }));
  return (
    <>
      {!query.data && <PageHeader crumbs={CRUMBS} title="Failure group" />}
      <QueryState query={query} what="the failure group">
        {(group) => <GroupBody group={group} />}
      </QueryState>
    </>
  );
}

function GroupBody({ group }: { group: Group }) {
  const trpc = useTRPC();
  const { cause, table, cluster, connector, status } = group;
  const description = useQuery(trpc.deadLetters.groupDescription.queryOptions({ id: group.id }));
  const day = description.data?.shares.find((share) => share.hours === 24);
  return (
    <>
      <PageHeader
        crumbs={CRUMBS}
        title={`${cause.title}${table ? ` in ${table}` : ""}`}
        status={<GroupBadge status={status} look="pill" />}
        answer={groupAnswer(group)}
        actions={<GroupActions group={group} />}
      />
      {group.systemic && (
        <StateMessage kind="failed" look="banner" title={`${group.systemic}.`}>
          One fault is behind them: pause the sink, repair the fault, then replay.
        </StateMessage>
      )}
      <div className="grid min-w-0 grid-cols-1 gap-3 lg:grid-cols-2">
        <CausePanel cause={cause} suggestion={description.data?.suggestion} />
        <Section title="How much" description="Counted when records arrive and when they are settled.">
          <div className="flex flex-wrap gap-x-8 gap-y-3">
            <Stat label="Open" value={formatCount(group.open)} />
            <Stat label="All records" value={formatCount(group.records)} />
            <Stat label="Rows concerned" value={`≈ ${formatCount(group.keys)}`} />
            <Stat label="First seen" value={<TimeStamp value={group.firstSeen} event="first failure" />} />
            <Stat label="Last seen" value={<TimeStamp value={group.lastSeen} event="newest failure" />} />
            <Stat label="Last 24 h" value={<HourBars hours={group.hours} />} />
            <Stat
              label="Of the table's records, 24 h"
              value={day?.share === null || day === undefined ? "not known" : formatShare(day.share)}
              note={
                day?.ofDeadLetters === null || day === undefined
                  ? undefined
                  : `${formatShare(day.ofDeadLetters)} of its dead letters`
              }
            />
            <Stat
              label="Sink"
              value={
                connector ? (
                  <HoverLink
                    href={connectorPath({ cluster, name: connector })}
                    className="font-mono font-normal text-body text-link hover:underline"
                  >
                    {connector}
                  </HoverLink>
                ) : (
                  <span className="font-normal text-body text-muted-foreground">not told</span>
                )
              }
            />
            <Stat
              label="Owner"
              value={
                <span className="font-normal text-body">
                  {group.owner ?? <span className="text-muted-foreground">nobody</span>}
                </span>
              }
            />
          </div>
        </Section>
      </div>
      <GroupTimeline id={group.id} />
      <div className="grid min-w-0 grid-cols-1 gap-3 lg:grid-cols-2">
        <QueryState query={description} what="why these are one group">
          {(found) => (
            <>
              <WhyGrouped description={found} />
              <GroupSamples description={found} />
            </>
          )}
        </QueryState>
      </div>
      <RecordList group={group} />
    </>
  );
}
