import { and, eq, or, sql } from "drizzle-orm";
import { observedPipelines, tableProgress } from "#db/schema/observed.ts";
import { canonicalJson } from "#domain/audit/entry.ts";
import type { DerivedPipeline } from "#domain/catalog/derive-pipelines.ts";
import type { Checkpoint } from "#domain/observability/checkpoint.ts";
import type { Lane } from "#domain/observability/lane.ts";
import type { DeadLetterCount } from "#domain/observability/sink-progress.ts";
import type { SnapshotProgress } from "#domain/observability/snapshot-progress.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";

export interface PipelineReading {
  pipeline: Pick<DerivedPipeline, "source" | "engine" | "prefix" | "sinks">;
  deadLetters: DeadLetterCount[];
  checkpoint: Checkpoint | undefined;
  snapshot: SnapshotProgress | undefined;
  lanes: Lane[];
}

const ROWS_PER_STATEMENT = 200;
/** More than this at once are told as one change of the cluster. */
const NAMED_CHANGES = 10;

const excluded = (columns: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [field, sql.raw(`excluded.${column}`)]),
  );

const PIPELINE_COLUMNS = excluded({
  engine: "engine",
  prefix: "prefix",
  sinks: "sinks",
  deadLetters: "dead_letters",
  checkpoint: "checkpoint",
  snapshot: "snapshot",
  changedAt: "changed_at",
});
const LANE_COLUMNS = excluded({
  topic: "topic",
  topicExists: "topic_exists",
  state: "state",
  captured: "captured",
  retained: "retained",
  committedAt: "committed_at",
  capturedAt: "captured_at",
  lastOp: "last_op",
  position: "position",
  perSecond: "per_second",
  sinks: "sinks",
  lagEvents: "lag_events",
  waitingSince: "waiting_since",
  changedAt: "changed_at",
});

/** Stores pipelines and lanes, only what differs from what it wrote last. */
export function createProgressWriter({ db, now }: Pick<Deps, "db" | "now">, cluster: string) {
  let written = new Map<string, string>();

  /** `onlyNew`: Kafka is silent, so what is stored stays and only what nobody has seen yet is added. */
  async function write(
    readings: readonly PipelineReading[],
    { onlyNew }: { onlyNew: boolean },
  ): Promise<void> {
    const at = now();
    const next = new Map(written);
    const isNews = (key: string, row: object) => {
      if (onlyNew && next.has(key)) return false;
      const text = canonicalJson(row);
      if (next.get(key) === text) return false;
      next.set(key, text);
      return true;
    };
    const changedSources = new Set<string>();
    const pipelines = readings.flatMap(({ pipeline, deadLetters, checkpoint, snapshot }) => {
      const { source, engine, prefix, sinks } = pipeline;
      const row = {
        source,
        engine,
        prefix,
        sinks,
        deadLetters,
        checkpoint: checkpoint ?? null,
        snapshot: snapshot ?? null,
      };
      if (!isNews(source, row)) return [];
      changedSources.add(source);
      return [{ ...row, cluster, changedAt: at }];
    });
    const lanes = readings.flatMap(({ pipeline: { source }, lanes }) =>
      lanes.flatMap((lane) => {
        if (!isNews(`${source}\n${lane.name}`, lane)) return [];
        changedSources.add(source);
        return [
          {
            ...lane,
            cluster,
            source,
            committedAt: dateOf(lane.committedAt),
            capturedAt: dateOf(lane.capturedAt),
            waitingSince: dateOf(lane.waitingSince),
            changedAt: at,
          },
        ];
      }),
    );
    if (changedSources.size === 0) return;
    await db.transaction(async (tx) => {
      for (const rows of inChunks(pipelines)) {
        const insert = tx.insert(observedPipelines).values(rows);
        const target = [observedPipelines.cluster, observedPipelines.source];
        await (onlyNew
          ? insert.onConflictDoNothing({ target })
          : insert.onConflictDoUpdate({ target, set: PIPELINE_COLUMNS }));
      }
      for (const rows of inChunks(lanes)) {
        const insert = tx.insert(tableProgress).values(rows);
        const target = [tableProgress.cluster, tableProgress.source, tableProgress.name];
        await (onlyNew
          ? insert.onConflictDoNothing({ target })
          : insert.onConflictDoUpdate({ target, set: LANE_COLUMNS }));
      }
      const keys =
        changedSources.size > NAMED_CHANGES
          ? [cluster]
          : [...changedSources].map((source) => `${cluster}/${source}`);
      for (const key of keys) await notifyChange(tx, "pipelines", key);
    });
    // What was held back while Kafka was silent is written when it answers again.
    if (!onlyNew) written = next;
  }

  /** Takes out pipelines and tables that the configurations no longer name. */
  async function prune(pipelines: readonly DerivedPipeline[]): Promise<void> {
    const kept = new Set(
      pipelines.flatMap(({ source, tables }) => tables.map(({ name }) => `${source}\n${name}`)),
    );
    const sources = new Set(pipelines.map(({ source }) => source));
    const storedLanes = await db
      .select({ source: tableProgress.source, name: tableProgress.name })
      .from(tableProgress)
      .where(eq(tableProgress.cluster, cluster));
    const storedSources = await db
      .select({ source: observedPipelines.source })
      .from(observedPipelines)
      .where(eq(observedPipelines.cluster, cluster));
    const goneLanes = storedLanes.filter(({ source, name }) => !kept.has(`${source}\n${name}`));
    const goneSources = storedSources.filter(({ source }) => !sources.has(source));
    if (goneLanes.length === 0 && goneSources.length === 0) return;
    await db.transaction(async (tx) => {
      for (const lanes of inChunks(goneLanes)) {
        const each = lanes.map(({ source, name }) =>
          and(eq(tableProgress.source, source), eq(tableProgress.name, name)),
        );
        await tx.delete(tableProgress).where(and(eq(tableProgress.cluster, cluster), or(...each)));
      }
      for (const { source } of goneSources) {
        await tx
          .delete(observedPipelines)
          .where(and(eq(observedPipelines.cluster, cluster), eq(observedPipelines.source, source)));
      }
      await notifyChange(tx, "pipelines", cluster);
    });
    for (const { source, name } of goneLanes) written.delete(`${source}\n${name}`);
    for (const { source } of goneSources) written.delete(source);
  }

  return {
    write,
    prune,
    /** After a failed write nothing is certain: the next one writes everything. */
    forget: () => {
      written = new Map();
    },
  };
}

function inChunks<T>(rows: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT)
    chunks.push(rows.slice(start, start + ROWS_PER_STATEMENT));
  return chunks;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
