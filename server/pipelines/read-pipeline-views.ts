import { and, asc, eq, inArray, isNull, type SQL } from "drizzle-orm";
import { observedConnectors, observedPipelines, tableProgress, upstreamStates } from "#db/schema/observed.ts";
import { connectorHealth } from "#domain/connectors/health.ts";
import { rootCauseLine } from "#domain/connectors/trace.ts";
import { upstreamSight } from "#domain/observability/upstream-sight.ts";
import type { PipelineConnector, PipelineTable, PipelineView } from "#domain/pipelines/pipeline-view.ts";
import type { PipelineRef } from "#domain/pipelines/schema.ts";
import type { Deps } from "#server/deps.ts";

type ConnectorRow = Pick<
  typeof observedConnectors.$inferSelect,
  "cluster" | "name" | "state" | "trace" | "tasks" | "stateChangedAt"
>;

/** Pipelines as last observed, whole: all of them, or the one that is asked for. */
export async function readPipelineViews(
  { db, now }: Pick<Deps, "db" | "now">,
  only?: PipelineRef,
): Promise<PipelineView[]> {
  const ofPipelines =
    only && and(eq(observedPipelines.cluster, only.cluster), eq(observedPipelines.source, only.source));
  const ofLanes = only && and(eq(tableProgress.cluster, only.cluster), eq(tableProgress.source, only.source));
  const [pipelines, lanes, upstreams] = await Promise.all([
    db.select().from(observedPipelines).where(ofPipelines),
    db.select().from(tableProgress).where(ofLanes).orderBy(asc(tableProgress.name)),
    db
      .select()
      .from(upstreamStates)
      .where(inArray(upstreamStates.upstream, ["connect", "kafka"])),
  ]);
  const connectors = await readConnectors(db, only ? namesOf(pipelines) : undefined);
  const lanesBySource = Map.groupBy(lanes, ({ cluster, source }) => `${cluster}\n${source}`);
  const sight = (cluster: string, upstream: "connect" | "kafka") =>
    upstreamSight(
      upstream,
      upstreams.find((row) => row.cluster === cluster && row.upstream === upstream),
      now(),
    );
  return pipelines.map(
    ({ cluster, source, engine, prefix, sinks, deadLetters, checkpoint, snapshot, changedAt }) => {
      const connector = (name: string): PipelineConnector =>
        connectors.get(`${cluster}\n${name}`) ?? { name, health: "unknown", since: changedAt, reason: null };
      return {
        cluster,
        engine,
        prefix,
        source: connector(source),
        sinks: sinks.map(connector),
        deadLetters,
        checkpoint,
        snapshot,
        tables: (lanesBySource.get(`${cluster}\n${source}`) ?? []).map(tableOf),
        upstreams: { connect: sight(cluster, "connect"), kafka: sight(cluster, "kafka") },
      };
    },
  );
}

function namesOf(pipelines: readonly (typeof observedPipelines.$inferSelect)[]): string[] {
  return pipelines.flatMap(({ source, sinks }) => [source, ...sinks]);
}

async function readConnectors(
  db: Deps["db"],
  names: readonly string[] | undefined,
): Promise<Map<string, PipelineConnector>> {
  if (names?.length === 0) return new Map();
  const conditions: SQL[] = [isNull(observedConnectors.removedAt)];
  if (names) conditions.push(inArray(observedConnectors.name, [...names]));
  const rows = await db
    .select({
      cluster: observedConnectors.cluster,
      name: observedConnectors.name,
      state: observedConnectors.state,
      trace: observedConnectors.trace,
      tasks: observedConnectors.tasks,
      stateChangedAt: observedConnectors.stateChangedAt,
    })
    .from(observedConnectors)
    .where(and(...conditions));
  return new Map(rows.map((row) => [`${row.cluster}\n${row.name}`, sightOf(row)]));
}

function sightOf({ name, state, trace, tasks, stateChangedAt }: ConnectorRow): PipelineConnector {
  const health = connectorHealth(
    state,
    tasks.map((task) => task.state),
  );
  const failure = trace ?? tasks.find((task) => task.state === "FAILED")?.trace;
  return { name, health, since: stateChangedAt, reason: failure ? rootCauseLine(failure) : null };
}

function tableOf(row: typeof tableProgress.$inferSelect): PipelineTable {
  const { cluster: _cluster, source: _source, changedAt: _changedAt, ...table } = row;
  return table;
}
