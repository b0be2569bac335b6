import Link from "next/link";
import type { ReactNode } from "react";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { HealthBadge } from "#components/connectors/health-badge.tsx";
import { sinkLettersPath } from "#components/dead-letters/dead-letter-paths.ts";
import { cn } from "#components/ui/cn.ts";
import { Count } from "#components/ui/count.tsx";
import { Mono } from "#components/ui/mono.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCounted, formatRate } from "#domain/format/numbers.ts";
import type { PipelineConnector, PipelineView } from "#domain/pipelines/pipeline-view.ts";
import { isHeld } from "#domain/pipelines/table-verdict.ts";
import { ENGINE_NAME } from "./engine-name.ts";
import { LagWords } from "./lag-words.tsx";
import { pipelineTotals, sinkTotals } from "./stations.ts";

/** The four stations of the canal with their live numbers: source → topics → sinks → targets. */
export function PipelineStations({ pipeline }: { pipeline: PipelineView }) {
  const { cluster, engine, prefix, source, sinks, deadLetters, checkpoint, tables } = pipeline;
  const totals = pipelineTotals(pipeline);
  const dead = deadLetters.reduce((total, { count }) => total + (count ?? 0), 0);
  return (
    <ol
      className="grid gap-2 md:grid-cols-2 md:gap-x-5 xl:grid-cols-[1.1fr_1.1fr_1.3fr_1fr]"
      aria-label="Stations of the pipeline"
    >
      <Station title="Source" note={ENGINE_NAME[engine]}>
        <ConnectorLine cluster={cluster} connector={source} />
        <Fact label="Log position">
          {checkpoint?.position ? (
            <Mono className="break-all">{checkpoint.position}</Mono>
          ) : (
            <span className="text-muted-foreground">none stored yet</span>
          )}
        </Fact>
        <Fact label="Last commit">
          <TimeStamp value={totals.newestCommitAt} event="newest captured commit in the source" />
        </Fact>
      </Station>
      <Station title="Topics" note={formatCounted(tables.length, "table")} inlet={inletOf([source])}>
        <Fact label="Prefix">
          <Mono className="break-all">{prefix || "none"}</Mono>
        </Fact>
        <Fact label="Captured">
          <Count value={totals.captured} unit={totals.captured === 1 ? "event" : "events"} />
          {totals.perSecond !== null && totals.perSecond > 0 && (
            <span className="text-muted-foreground">
              {" "}
              · {formatRate(Math.round(totals.perSecond * 10) / 10)}
            </span>
          )}
        </Fact>
        <Fact label="Last event">
          <TimeStamp value={totals.newestEventAt} event="newest event written to Kafka" />
        </Fact>
      </Station>
      <Station
        title="Sinks"
        note={sinks.length === 0 ? "none" : formatCounted(sinks.length, "connector")}
        inlet={sinks.length === 0 ? "dry" : "flowing"}
      >
        {sinks.length === 0 && (
          <p className="text-muted-foreground">No sink reads these topics: changes are kept in Kafka only.</p>
        )}
        {sinks.map((sink) => (
          <SinkLine key={sink.name} pipeline={pipeline} sink={sink} />
        ))}
        {deadLetters.length > 0 && (
          <Fact label="Dead letters">
            <Link
              href={sinkLettersPath(
                cluster,
                deadLetters.flatMap((letters) => letters.sinks),
              )}
              className={cn("text-link hover:underline", dead > 0 && "font-medium text-degraded")}
            >
              <Count value={deadLetters.some(({ count }) => count !== null) ? dead : null} />
            </Link>
          </Fact>
        )}
      </Station>
      <Station title="Targets" note={formatCounted(totals.targets, "table")} inlet={inletOf(sinks)}>
        <Fact label="Delivered">
          <Count value={totals.delivered} unit={totals.delivered === 1 ? "event" : "events"} />
        </Fact>
        <Fact label="Lag">
          <LagWords events={totals.lagEvents} since={totals.waitingSince} unknown={totals.lagUnknown} />
        </Fact>
      </Station>
    </ol>
  );
}

type Inlet = "flowing" | "held" | "broken" | "dry";

const INLET: Record<Inlet, string> = {
  flowing: "bg-series-1",
  held: "bg-held [mask-image:linear-gradient(90deg,#000_35%,transparent_35%_65%,#000_65%)]",
  broken: "bg-failed [mask-image:linear-gradient(90deg,#000_35%,transparent_35%_65%,#000_65%)]",
  dry: "bg-border",
};

/** What comes in from the station before: worst of its connectors. */
function inletOf(connectors: readonly PipelineConnector[]): Inlet {
  if (connectors.length === 0) return "dry";
  if (connectors.some(({ health }) => health === "failed")) return "broken";
  return connectors.every(({ health }) => isHeld(health)) ? "held" : "flowing";
}

function Station({
  title,
  note,
  inlet,
  children,
}: {
  title: string;
  note: string;
  inlet?: Inlet;
  children: ReactNode;
}) {
  return (
    <li className="relative flex min-w-0 flex-col gap-1 rounded-lg border bg-card px-3 py-2 text-table">
      {inlet && (
        <span
          aria-hidden
          className={cn("absolute top-4 -left-5.25 h-1.5 w-5.25 max-xl:hidden", INLET[inlet])}
        />
      )}
      <h2 className="flex items-baseline justify-between gap-2">
        <span className="font-semibold">{title}</span>
        <span className="truncate text-meta text-muted-foreground">{note}</span>
      </h2>
      {children}
    </li>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline gap-2">
      <span className="w-20 shrink-0 text-muted-foreground">{label}</span>
      <span className="min-w-0">{children}</span>
    </div>
  );
}

function ConnectorLine({ cluster, connector }: { cluster: string; connector: PipelineConnector }) {
  const { name, health, since, reason } = connector;
  return (
    <>
      <div className="flex min-w-0 flex-wrap items-center gap-x-2">
        <Link
          href={connectorPath({ cluster, name })}
          className="min-w-0 truncate font-mono text-link hover:underline"
          title={name}
        >
          {name}
        </Link>
        <HealthBadge health={health} />
        <span className="text-meta text-muted-foreground">
          <TimeStamp value={since} event="in this state since" />
        </span>
      </div>
      {reason && health !== "healthy" && <p className="break-words text-failed">{reason}</p>}
    </>
  );
}

function SinkLine({ pipeline, sink }: { pipeline: PipelineView; sink: PipelineConnector }) {
  const { delivered, lagEvents, waitingSince } = sinkTotals(pipeline, sink.name);
  return (
    <div className="flex min-w-0 flex-col">
      <ConnectorLine cluster={pipeline.cluster} connector={sink} />
      <Fact label="Delivered">
        <Count value={delivered} /> <span className="text-muted-foreground">· lag </span>
        <LagWords events={lagEvents} since={waitingSince} />
      </Fact>
    </div>
  );
}
