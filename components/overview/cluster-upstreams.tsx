import { Section } from "#components/ui/section.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { Upstream, UpstreamCondition } from "#domain/observability/upstream.ts";
import { UPSTREAM_NAME } from "#domain/observability/upstream-name.ts";
import { upstreamStatus } from "./attention.ts";

export interface ClusterUpstreamsProps {
  name: string;
  upstreams: readonly {
    upstream: Upstream;
    state: UpstreamCondition;
    message: string | null;
    lastOkAt: Date | null;
    facts: Record<string, string | number>;
  }[];
}

/** How each system of one cluster answers, and how old that knowledge is. */
export function ClusterUpstreams({ name, upstreams }: ClusterUpstreamsProps) {
  const silent = upstreams.filter(({ state }) => state !== "up").length;
  return (
    <Section
      flush
      title={
        <>
          Cluster <span className="font-mono">{name}</span>
        </>
      }
      description={
        silent === 0 ? "Every system answers." : `${silent} of ${upstreams.length} systems need a look.`
      }
    >
      <ul className="grid gap-px overflow-hidden rounded-b-lg bg-border sm:grid-cols-2 xl:grid-cols-4">
        {upstreams.map(({ upstream, state, message, lastOkAt, facts }) => (
          <li key={upstream} className="flex min-w-0 flex-col gap-0.5 bg-card px-3 py-2.5">
            <span className="flex items-center justify-between gap-2">
              <span className="font-medium text-table">{UPSTREAM_NAME[upstream]}</span>
              <StatusBadge status={upstreamStatus(state)} className="text-meta">
                {state}
              </StatusBadge>
            </span>
            {message && <span className="text-table">{message}</span>}
            <span className="break-words text-meta text-muted-foreground">{factsText(facts)}</span>
            <span className="text-meta text-muted-foreground">
              answered <TimeStamp value={lastOkAt} event="last answer" />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function factsText(facts: Record<string, string | number>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(" · ");
}
