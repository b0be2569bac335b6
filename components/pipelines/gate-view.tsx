"use client";

import { useTick } from "#components/ui/clock.tsx";
import { Section } from "#components/ui/section.tsx";
import { type GateLane, gateView } from "#domain/pipelines/gate-view.ts";
import type { PipelineView } from "#domain/pipelines/pipeline-view.ts";
import { CanalGauge } from "./canal-gauge.tsx";
import { CanalGroup } from "./canal-group.tsx";
import { CanalLane } from "./canal-lane.tsx";
import { CanalLegend } from "./canal-legend.tsx";
import { DeadLetterBasin } from "./dead-letter-basin.tsx";
import { useHeldOrder } from "./use-held-order.ts";
import { useLaneKeys } from "./use-lane-keys.ts";

/** The canal: one lane per table, position is time, so that lag is a distance. */
export function GateView({ pipeline }: { pipeline: PipelineView }) {
  const now = useTick((ms) => Math.floor(ms / 1_000)) * 1_000;
  const view = gateView(pipeline, now);
  const { ordered, handlers: holding } = useHeldOrder(view.lanes, (lane) => lane.name);
  const [firstGroup] = view.groups;
  const { current, handlers: keys } = useLaneKeys(
    ordered[0]?.name ?? (firstGroup && `group ${firstGroup.status}`),
  );
  const ref = { cluster: pipeline.cluster, source: pipeline.source.name };
  const gateSinkOf = (lane: GateLane) => gateSink(lane, pipeline);
  return (
    <Section
      title="Gate view"
      description="Where each table's newest event stands. Left is now, at the source; further right is longer ago. The striped stretch waits to be delivered."
    >
      <CanalGauge />
      <ul aria-label="Lanes, worst first. Arrow keys move between lanes and marks." {...holding} {...keys}>
        {ordered.map((lane) => (
          <CanalLane
            key={lane.name}
            {...ref}
            lane={lane}
            gateSink={gateSinkOf(lane)}
            isCurrent={current === lane.name}
          />
        ))}
        {view.groups.map((group) => (
          <CanalGroup key={group.status} {...ref} group={group} gateSinkOf={gateSinkOf} current={current} />
        ))}
        {pipeline.deadLetters.map((letters) => (
          <DeadLetterBasin
            key={letters.topic}
            cluster={pipeline.cluster}
            letters={letters}
            isCurrent={current === `basin ${letters.topic}`}
          />
        ))}
      </ul>
      <CanalLegend />
    </Section>
  );
}

const WORST_FIRST = ["failed", "paused", "stopped", "degraded", "starting", "unknown", "healthy"] as const;

function gateSink({ name }: GateLane, { tables, sinks }: PipelineView): string | undefined {
  const readers = tables.find((table) => table.name === name)?.sinks.map((sink) => sink.name) ?? [];
  return sinks
    .filter((sink) => readers.includes(sink.name))
    .sort((a, b) => WORST_FIRST.indexOf(a.health) - WORST_FIRST.indexOf(b.health))[0]?.name;
}
