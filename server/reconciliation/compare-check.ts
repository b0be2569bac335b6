import { eq } from "drizzle-orm";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import { unexplainedRows } from "#domain/reconciliation/drift.ts";
import type { Comparison } from "#domain/reconciliation/engine/comparison.ts";
import { planComparison, type SinkMapping } from "#domain/reconciliation/engine/plan-comparison.ts";
import type { PartResult, RunCheckpoint } from "#domain/reconciliation/run.ts";
import type { Deps } from "#server/deps.ts";
import { type CheckWork, fencedCheck } from "./check-lease.ts";
import { type CheckPart, checkParts, hashOfKey } from "./check-parts.ts";
import { createCheckProgress } from "./check-progress.ts";
import { type CompareResult, compareTable } from "./engine/compare-table.ts";
import type { PositionGate } from "./engine/position-gate.ts";
import { completeCheck } from "./finish-check.ts";
import { columnNames, type Ends, openEnds } from "./open-ends.ts";
import { openGate } from "./open-gate.ts";
import { readTableFacts, type TableFacts } from "./pipeline-facts.ts";
import { recordDifferences } from "./record-differences.ts";
import { whySinkIsStill } from "./sink-state.ts";
import type { StoredTable } from "./stored-table.ts";
import { openTouchedTopic, type TouchedTopic, UnreadableKey } from "./touched-keys.ts";

const SLICE_MS = 2_000;
const MAX_ROUNDS = 12;
const MAX_SUSPECTS = 50_000;

interface Opened {
  table: StoredTable;
  ends: Ends;
  facts: TableFacts;
  comparison: Comparison;
  topic: TouchedTopic;
  gate: PositionGate;
}

/** Compares what the run is to look at and writes how it ended. Throws when an end, or Headgate itself, fails. */
export async function compareCheck(work: CheckWork, table: StoredTable): Promise<void> {
  const { deps, signal } = work;
  const still = await whySinkIsStill(deps, table);
  if (still !== undefined) return completeCheck(work, table, { outcome: "not_verifiable", reason: still });
  const ends = await openEnds(deps, table);
  const [source, target] = await Promise.all([ends.source.describe(signal), ends.target.describe(signal)]);
  const facts = await readTableFacts(deps, table, {
    source: columnNames(source),
    target: columnNames(target),
  });
  const comparison = planComparison(source, target, mappingOf(facts));
  const topic = openTouchedTopic(deps, table.cluster, table.topic, comparison);
  const gate = await openGate(deps, table, ends);
  try {
    await compareScope(work, { table, ends, facts, comparison, topic, gate });
  } finally {
    await topic.close();
  }
}

/** Columns that connectors leave out or mask cannot be equal; those they cut can, and say so where they are not. */
export function mappingOf(facts: TableFacts): SinkMapping {
  return {
    ...facts.mapping,
    excluded: [
      ...facts.excluded.map(({ column, reason }) => ({ column, reason })),
      ...facts.configured
        .filter(({ effect }) => effect !== "cut")
        .map(({ column, connector, effect }) => ({
          column,
          reason: effect === "masked" ? `${connector} masks it` : `${connector} leaves it out`,
        })),
    ],
  };
}

async function compareScope(work: CheckWork, opened: Opened): Promise<void> {
  const { deps, run } = work;
  const { table, topic } = opened;
  if (run.scope === "incremental") {
    const checkpoint = run.checkpoint ?? (await begin(work, opened));
    const { touchedThrough: to } = checkpoint;
    const judged = to
      ? await topic.judge(table.touchedThrough, to, table.comparedRows)
      : { canTell: false as const, because: "the topic did not answer" };
    if (!judged.canTell) return compareScope(await widen(work, checkpoint, judged.because), opened);
    deps.log.debug({ run: run.id, events: judged.events }, "touched rows are read from the topic");
    try {
      return await compareParts({ ...work, run: { ...run, checkpoint } }, opened);
    } catch (error) {
      if (!(error instanceof UnreadableKey)) throw error;
      return compareScope(await widen(work, checkpoint, error.message), opened);
    }
  }
  return compareParts(
    { ...work, run: { ...run, checkpoint: run.checkpoint ?? (await begin(work, opened)) } },
    opened,
  );
}

/** Where touched keys of the next run begin: events from here on may not be in this comparison. */
async function begin(work: CheckWork, { topic }: Opened): Promise<RunCheckpoint> {
  const touchedThrough = work.run.scope === "keys" ? null : await topic.ends();
  const checkpoint: RunCheckpoint = { part: 0, engine: null, done: [], touchedThrough };
  await save(work, checkpoint);
  return checkpoint;
}

/** Rather read every row than trust a topic that cannot say which were touched. */
async function widen(work: CheckWork, from: RunCheckpoint, because: string): Promise<CheckWork> {
  const checkpoint: RunCheckpoint = { ...from, part: 0, engine: null, done: [] };
  const message = `Every row is read: ${because}`;
  await fencedCheck(work.deps.db, work.lease, (tx) =>
    tx
      .update(reconciliationRuns)
      .set({ scope: "full", checkpoint, message })
      .where(eq(reconciliationRuns.id, work.run.id)),
  );
  return { ...work, run: { ...work.run, scope: "full", checkpoint, message } };
}

async function compareParts(work: CheckWork, opened: Opened): Promise<void> {
  const { deps, run } = work;
  const { table, topic, comparison } = opened;
  let checkpoint = run.checkpoint ?? { part: 0, engine: null, done: [], touchedThrough: null };
  const { touchedThrough: to } = checkpoint;
  const from = table.touchedThrough;
  const parts = checkParts(deps, {
    table,
    scope: run.scope,
    keys: run.keys ?? [],
    topic,
    touched: run.scope === "incremental" && from && to ? { from, to } : null,
    startedAt: run.startedAt ?? deps.now(),
    lastBegan: await readBegin(deps, table.lastVerifiedRunId),
  });
  const progress = createCheckProgress(deps, work.lease);
  try {
    for (const [index, part] of parts.entries()) {
      if (index < checkpoint.part) continue;
      const here: RunCheckpoint = { ...checkpoint, part: index };
      const result = await comparePart(work, opened, {
        part,
        at: here,
        report: progress.reporter(part.title),
      });
      const done = [...here.done, partOf(result)];
      if (result.outcome === "not_verifiable") {
        const reason = result.reason ?? "the target did not reach the position of the check";
        return await completeCheck(work, table, { outcome: "not_verifiable", reason, done });
      }
      checkpoint = { ...here, part: index + 1, engine: null, done };
      await save(work, checkpoint);
    }
  } finally {
    await progress.stop();
  }
  await completeCheck(work, table, {
    outcome: "verified",
    done: checkpoint.done,
    unchecked: comparison.unchecked,
    touchedThrough: to,
    sourceDatabase: opened.ends.sourceDatabase.name,
    targetDatabase: opened.ends.targetDatabase.name,
  });
}

async function readBegin({ db }: Pick<Deps, "db">, runId: string | null): Promise<Date | null> {
  if (runId === null) return null;
  const [run] = await db
    .select({ startedAt: reconciliationRuns.startedAt })
    .from(reconciliationRuns)
    .where(eq(reconciliationRuns.id, runId));
  return run?.startedAt ?? null;
}

async function comparePart(
  work: CheckWork,
  { table, ends, comparison, facts, gate }: Opened,
  {
    part,
    at,
    report,
  }: { part: CheckPart; at: RunCheckpoint; report: Parameters<typeof compareTable>[0]["onProgress"] },
): Promise<CompareResult> {
  const { deps, lease, signal } = work;
  const { throttle } = table.settings;
  const before = table.comparedRows ?? 0;
  return compareTable({
    source: ends.source,
    target: ends.target,
    comparison,
    gate,
    method: part.method,
    coverage: part.coverage(signal),
    limits: {
      statementTimeoutMs: throttle.statementSeconds * 1000,
      sliceMs: SLICE_MS,
      maxRowsPerSecond: throttle.rowsPerSecond ?? undefined,
      gateTimeoutMs: work.gateTimeoutMs,
      maxRounds: MAX_ROUNDS,
      maxSuspects: MAX_SUSPECTS,
    },
    resumeFrom: at.engine ?? undefined,
    expectedDrift: before > 0 ? (unexplainedRows(table) + table.openExplained) / before : undefined,
    signal,
    onDifferences: (differences) => recordDifferences(deps, { table, comparison, facts, lease }, differences),
    onCheckpoint: (engine) => save(work, { ...at, engine }),
    onProgress: report,
  });
}

function save({ deps, lease, run }: CheckWork, checkpoint: RunCheckpoint): Promise<void> {
  return fencedCheck(deps.db, lease, async (tx) => {
    await tx.update(reconciliationRuns).set({ checkpoint }).where(eq(reconciliationRuns.id, run.id));
  });
}

function partOf(result: CompareResult): PartResult {
  const { cost, found } = result;
  return {
    sourceRows: result.rows.source,
    targetRows: result.rows.target,
    comparedKeys: result.comparedKeys,
    missingInTarget: found.missing_in_target,
    missingInSource: found.missing_in_source,
    valueMismatch: found.value_mismatch,
    inFlight: result.inFlight,
    unstable: result.unstable.count,
    unstableKeys: result.unstable.keys.map(hashOfKey),
    rowsRead: cost.source.rowsRead + cost.target.rowsRead,
    bytes: cost.source.bytesReceived + cost.target.bytesReceived,
    sourceCpuMs: cost.source.serverCpuMs ?? null,
    durationMs: cost.elapsedMs,
    statements: cost.source.statements + cost.target.statements,
    sourceChecksum: result.checksums?.source ?? null,
    targetChecksum: result.checksums?.target ?? null,
    verifiedThrough: result.verifiedThrough?.position ?? null,
    interval: result.interval ?? null,
  };
}
