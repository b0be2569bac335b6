import { setTimeout as delay } from "node:timers/promises";
import { connectorHealth } from "#domain/connectors/health.ts";
import { deadLetterTopicOf } from "#domain/connectors/jdbc-sink.ts";
import {
  addToQuarantine,
  type ConfigPatch,
  type DeadLetterSettings,
  nextInLine,
  passedEntries,
  quarantinedBy,
  removeFromQuarantine,
  SET_ASIDE_ACTION,
  TAKE_OFF_ACTION,
} from "#domain/dead-letters/quarantine-list.ts";
import { quarantineReason } from "#domain/dead-letters/quarantine-reason.ts";
import {
  type QuarantineStep,
  type QuarantineStepOf,
  QuarantineStep as StepSchema,
} from "#domain/dead-letters/quarantine-steps.ts";
import { positionText } from "#domain/dead-letters/replay-order.ts";
import type { Position } from "#domain/dead-letters/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { audited } from "#server/audit/audited.ts";
import { stopAndWait } from "#server/connectors/steps/stop-connector.ts";
import type { Deps } from "#server/deps.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import type { PlanKind, Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import { analyseStoppedSink, waitingPositions } from "./analyse-stopped-sink.ts";
import { findReported } from "./find-reported.ts";

const LOOK_EVERY_MS = 500;
const GIVE_UP_AFTER_MS = 300_000;
/** Connect's status lags behind a restart: a failure counts once it has stood this long. */
const STEADY_MS = 2_500;
/** A long queue behind the record need not be drained: a sink that works at it for so long is past the trouble. */
const WELL_AFTER_MS = 30_000;
/**
 * A restart can fall into a rebalance and do nothing, or overtake the changed configuration and meet the record once
 * more: a failure at a record that is set aside already is answered by another restart, so often.
 */
const RESTARTS = 6;
/** Where a failure fits a record set aside as well as one that is not, the old one is ruled out by so many restarts. */
const RESTARTS_WHEN_UNCLEAR = 2;

/** Sets rows that stop a sink aside, waits until the sink is past them, and clears up. */
export const quarantinePlanKind: PlanKind = {
  kind: "dead-letters.quarantine",
  permission: "dead-letters:repair",
  approvePermission: "dead-letters:repair",
  async runStep(context, planStep) {
    const step = StepSchema.parse(planStep.input);
    if (step.do === "set-aside") return await setAside(context, step);
    if (step.do === "pass") return await pass(context, step);
    return await cleanList(context, step);
  },
  async settleStep(context, planStep) {
    return await settle(context, StepSchema.parse(planStep.input));
  },
};

export function deadLetterSettings(
  deps: Pick<Deps, "cluster">,
  cluster: string,
  name: string,
): DeadLetterSettings {
  return {
    topic: deadLetterTopicOf(name),
    replicationFactor: deps.cluster(cluster).topics.replicationFactor,
  };
}

async function setAside(
  context: StepContext,
  { cluster, name, records, reason, error }: QuarantineStepOf<"set-aside">,
): Promise<StepOutcome> {
  await quarantine(context, cluster, name, records, quarantineReason({ error, reason }));
  return {
    state: "succeeded",
    message: `${records.map(positionText).join(", ")} set aside; the failed tasks were restarted`,
  };
}

async function quarantine(
  context: StepContext,
  cluster: string,
  name: string,
  records: readonly Position[],
  reason: string,
): Promise<void> {
  const { deps } = context;
  const config = await deps.connect(cluster).config(name);
  const patch = addToQuarantine(config, records, reason, deadLetterSettings(deps, cluster, name));
  await changeConfig(context, cluster, name, patch, { action: SET_ASIDE_ACTION, records });
  await restartFailed(context, cluster, name);
}

async function changeConfig(
  { deps, actor, planId }: StepContext,
  cluster: string,
  name: string,
  patch: ConfigPatch,
  { action, records }: { action: string; records: readonly Position[] },
): Promise<void> {
  if (Object.keys(patch).length === 0) return;
  const act = {
    action,
    subject: { cluster, connector: name, plan: planId },
    detail: { records: records.map(positionText), patch },
  };
  await audited(deps.db, actor, act, () =>
    throughRebalance(() => deps.connect(cluster).patchConfig(name, patch)),
  );
}

/** A changed configuration restarts running tasks, and leaves failed ones failed. */
async function restartFailed(
  { deps, actor, planId }: StepContext,
  cluster: string,
  name: string,
): Promise<void> {
  const act = {
    action: "connector.restart",
    subject: { cluster, connector: name, plan: planId },
    detail: { scope: "failed" },
  };
  await audited(deps.db, actor, act, () =>
    throughRebalance(() => deps.connect(cluster).restart(name, { onlyFailed: true })),
  );
}

/** Until the group has committed past every record. Another row of the same kind that turns up meanwhile is set aside too, up to the agreed number. */
async function pass(context: StepContext, step: QuarantineStepOf<"pass">): Promise<StepOutcome> {
  const { deps, signal } = context;
  const { cluster, name } = step;
  const until = performance.now() + GIVE_UP_AFTER_MS;
  let records: readonly Position[] = merged(
    step.records,
    quarantinedBy(await deps.connect(cluster).config(name)),
  );
  let own = step.records.length;
  // The next bad row may lie in another partition: what waited when we began has to be delivered too.
  const ends = await endsOf(deps, cluster, name);
  let restarts = 0;
  let failedSince: number | undefined;
  let wellSince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const [waiting, notRead, health] = await Promise.all([
      notPassed(deps, cluster, name, records),
      notPassed(deps, cluster, name, ends),
      healthOf(deps, cluster, name),
    ]);
    const tail = waiting.length > 0 && health === "healthy" ? await tailOf(deps, cluster, name, waiting) : [];
    const [left, behind] = [without(waiting, tail), without(notRead, tail)];
    wellSince = left.length === 0 && health === "healthy" ? (wellSince ?? performance.now()) : undefined;
    const isCaughtUp = behind.length === 0;
    if (wellSince !== undefined && (isCaughtUp || performance.now() - wellSince > WELL_AFTER_MS))
      return {
        state: "succeeded",
        message: `${name} runs and is past ${records.length === 1 ? "the record" : `all ${records.length} records`}`,
        detail: { records: records.map(positionText) },
      };
    failedSince =
      health === "failed" || health === "degraded" ? (failedSince ?? performance.now()) : undefined;
    if (failedSince !== undefined && performance.now() - failedSince > STEADY_MS) {
      const outcome = await nextBadRecord(context, step, own, restarts);
      if ("failed" in outcome) return { state: "failed", message: outcome.failed };
      if ("again" in outcome) {
        restarts += 1;
        await restartFailed(context, cluster, name);
      } else if ("record" in outcome) {
        records = merged(records, [outcome.record]);
        own += 1;
        restarts = 0;
      }
      failedSince = undefined;
    }
    if (performance.now() > until)
      return {
        state: "failed",
        message: `${name} has not passed ${left.map(positionText).join(", ")} within ${GIVE_UP_AFTER_MS / 60_000} minutes; it is ${health}`,
      };
    await context.progress(records.length - left.length, records.length, `${name} is ${health}`);
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

type NextRecord = { record: Position } | { again: true } | { recovered: true } | { failed: string };

async function nextBadRecord(
  context: StepContext,
  step: QuarantineStepOf<"pass">,
  own: number,
  restarts: number,
): Promise<NextRecord> {
  const { cluster, name, atMost, cause, table, reason } = step;
  const analysis = await analyseStoppedSink(context.deps, context.actor, { cluster, name });
  if (analysis.state === "running") return { recovered: true };
  const why = `${analysis.cause?.title ?? "Unknown cause"}${analysis.table ? ` in ${analysis.table}` : ""}: ${analysis.message ?? ""}`;
  const { record, aside } = analysis;
  if (aside && restarts < (record ? RESTARTS_WHEN_UNCLEAR : RESTARTS)) return { again: true };
  if (aside && !record)
    return { failed: `${name} stops at ${positionText(aside)} although it is set aside. ${why}` };
  if (!record) return { failed: `${name} stopped again, and no record could be named for it. ${why}` };
  const { topic, partition, offset } = record;
  const place = { topic, partition, offset };
  if (analysis.cause?.id !== cause || analysis.table !== table)
    return {
      failed: `${name} stopped at another record, ${positionText(place)}, for another reason. ${why}`,
    };
  if (own >= atMost)
    return {
      failed: `${name} stopped at one more row, ${positionText(place)}; this plan may set ${atMost} aside. ${why}`,
    };
  const error = analysis.message ?? "";
  await quarantine(context, cluster, name, [place], quarantineReason({ error, reason }));
  return { record: place };
}

async function cleanList(
  context: StepContext,
  { cluster, name }: QuarantineStepOf<"clean-list">,
): Promise<StepOutcome> {
  const { deps } = context;
  const config = await deps.connect(cluster).config(name);
  const entries = quarantinedBy(config);
  const waiting = await notPassed(deps, cluster, name, entries);
  const tail = await tailOf(deps, cluster, name, waiting);
  if (tail.length > 0) await movePast(context, cluster, name, tail);
  else if (entries.length > 0 && (await healthOf(deps, cluster, name)) === "stopped")
    await resume(context, cluster, name); // An earlier attempt of this step ended between stopping and resuming.
  const passed = without(entries, without(waiting, tail));
  if (passed.length === 0)
    return { state: "skipped", message: "Nothing on the list has been passed yet; it is cleaned later" };
  await changeConfig(context, cluster, name, removeFromQuarantine(config, passed), {
    action: TAKE_OFF_ACTION,
    records: passed,
  });
  return {
    state: "succeeded",
    message: `${passed.length === 1 ? "One entry" : `${passed.length} entries`} taken off the list`,
  };
}

/** Records at the end of their partition that are in the dead-letter topic already. */
async function tailOf(
  deps: Deps,
  cluster: string,
  name: string,
  waiting: readonly Position[],
): Promise<Position[]> {
  const topics = [...new Set(waiting.map((record) => record.topic))];
  const config = await deps.connect(cluster).config(name);
  const deadLetterTopic = config["errors.deadletterqueue.topic.name"];
  if (topics.length === 0 || !deadLetterTopic) return [];
  const committed = await deps.kafka(cluster).committedOffsets(`connect-${name}`, topics);
  const next = nextInLine(waiting, (topic, partition) => committed.get(topic)?.get(partition));
  if (next.length === 0) return [];
  const reader = createPartitionReader({ cluster, ...deps.cluster(cluster).kafka });
  try {
    return await findReported(reader, { sink: name, topic: deadLetterTopic }, next);
  } finally {
    await reader.close();
  }
}

/**
 * Moves the group past records set aside at the end of their partition, so that no restart meets them again. Nothing else
 * lies between it and them, so nothing can be lost; a crash in between leaves the sink stopped, and the step done again
 * lets it go on.
 */
async function movePast(
  context: StepContext,
  cluster: string,
  name: string,
  records: readonly Position[],
): Promise<void> {
  const { deps, actor, planId, workerSignal } = context;
  await stopAndWait({ ...context, signal: workerSignal }, { cluster, name });
  const ends = new Map<string, Position>();
  // What followed meanwhile has moved the group by itself; it must not be moved back.
  for (const record of await notPassed(deps, cluster, name, records)) {
    const place = `${record.topic}/${record.partition}`;
    if (record.offset >= (ends.get(place)?.offset ?? 0)) ends.set(place, record);
  }
  const offsets = [...ends.values()].map(({ topic, partition, offset }) => ({
    partition: { kafka_topic: topic, kafka_partition: partition },
    offset: { kafka_offset: offset + 1 },
  }));
  try {
    if (offsets.length === 0) return;
    const act = {
      action: "connector.move-offsets",
      subject: { cluster, connector: name, plan: planId },
      detail: { past: records.map(positionText) },
    };
    await audited(deps.db, actor, act, () =>
      throughRebalance(() => deps.connect(cluster).patchOffsets(name, { offsets })),
    );
  } finally {
    await resume(context, cluster, name);
  }
}

async function resume({ deps, actor, planId }: StepContext, cluster: string, name: string): Promise<void> {
  const act = { action: "connector.resume", subject: { cluster, connector: name, plan: planId } };
  await audited(deps.db, actor, act, () => throughRebalance(() => deps.connect(cluster).resume(name)));
}

async function settle({ deps }: StepContext, step: QuarantineStep): Promise<Settlement> {
  const config = await deps.connect(step.cluster).config(step.name);
  const listed = new Set(quarantinedBy(config).map(positionText));
  // Each step looks before it acts, so doing one again is harmless: what is there already is not done twice.
  if (step.do === "clean-list")
    return listed.size === 0 ? { state: "succeeded", message: "The list is empty" } : { state: "not_done" };
  if (step.do === "set-aside") {
    const left = await notPassed(deps, step.cluster, step.name, step.records);
    const running = (await healthOf(deps, step.cluster, step.name)) === "healthy";
    return left.length === 0 && running
      ? { state: "succeeded", message: "The sink is past the records" }
      : { state: "not_done" };
  }
  return { state: "not_done" };
}

async function notPassed(
  deps: Deps,
  cluster: string,
  name: string,
  records: readonly Position[],
): Promise<Position[]> {
  if (records.length === 0) return [];
  const topics = [...new Set(records.map((record) => record.topic))];
  const committed = await deps.kafka(cluster).committedOffsets(`connect-${name}`, topics);
  const passed = new Set(passedEntries(records, (topic, partition) => committed.get(topic)?.get(partition)));
  return records.filter((record) => !passed.has(record));
}

/** The last record of each partition that the sink reads. */
async function endsOf(deps: Deps, cluster: string, name: string): Promise<Position[]> {
  const positions = await waitingPositions(deps, cluster, name, await deps.connect(cluster).config(name));
  return positions.flatMap(({ topic, partition, offset, end }) =>
    end > offset ? [{ topic, partition, offset: end - 1 }] : [],
  );
}

async function healthOf(deps: Deps, cluster: string, name: string) {
  try {
    const status = await deps.connect(cluster).status(name);
    return connectorHealth(
      status.connector.state,
      status.tasks.map((task) => task.state),
    );
  } catch (error) {
    // A worker that restarts is waited for like a task that starts.
    if (error instanceof AppError && error.retryable) return "starting";
    throw error;
  }
}

function without(records: readonly Position[], others: readonly Position[]): Position[] {
  const gone = new Set(others.map(positionText));
  return records.filter((record) => !gone.has(positionText(record)));
}

function merged(a: readonly Position[], b: readonly Position[]): Position[] {
  return [...new Map([...a, ...b].map((position) => [positionText(position), position])).values()];
}
