import { lagRule, mustStop, STOP_SHARE } from "#domain/dead-letters/replay-input.ts";
import { findSinksNow } from "./find-sinks-now.ts";
import type { ReplayWork, SentRecords } from "./replay-work.ts";
import { sinkHealth } from "./sink-health.ts";

const LOOK_EVERY_MS = 2_000;

export interface RuleVerdict {
  do: "go" | "wait" | "stop";
  /** One sentence for people. */
  message: string;
}

const GO: RuleVerdict = { do: "go", message: "" };

/** Watches the sinks while a replay sends: too many failures, a sink that stops, a queue that only grows. */
export function createReplayRules(work: ReplayWork) {
  const atStart = new Map<string, number>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let last: RuleVerdict = GO;
  let least = Number.POSITIVE_INFINITY;
  let waitingSince: number | undefined;

  async function look(): Promise<RuleVerdict> {
    const sent = await sentPlaces(work);
    const passed = await countPassed(work, sent);
    const failed = await countFailed(work);
    if (mustStop(passed, failed)) return { do: "stop", message: tooManyFailed(passed, failed) };
    for (const sink of new Set(sent.map((place) => place.sink)))
      if ((await sinkHealth(work.context.deps, work.cluster, sink)) === "failed")
        return { do: "stop", message: stoppedSink(sink) };
    return await lagVerdict(sent);
  }

  async function lagVerdict(sent: readonly SentPlace[]): Promise<RuleVerdict> {
    if (work.targetTopic !== undefined) return GO;
    let grown: { sink: string; by: number } | undefined;
    for (const [sink, topics] of topicsOf(sent)) {
      const lag = await lagOf(work, sink, topics);
      const before = atStart.get(sink) ?? lag;
      atStart.set(sink, before);
      if (!grown || lag - before > grown.by) grown = { sink, by: lag - before };
    }
    if (!grown) return GO;
    const { sink, by } = grown;
    if (by < least || waitingSince === undefined) [least, waitingSince] = [by, performance.now()];
    const verdict = lagRule({ atStart: 0, now: by, stuckMs: performance.now() - waitingSince });
    if (verdict === "go") {
      [least, waitingSince] = [Number.POSITIVE_INFINITY, undefined];
      return GO;
    }
    return verdict === "wait"
      ? {
          do: "wait",
          message: `Waiting for ${sink}: ${by} records more lie before it than at the start`,
        }
      : {
          do: "stop",
          message: `Stopped: ${sink} does not keep up. ${by} records more lie before it than at the start, and it takes none`,
        };
  }

  return {
    /** Looks at most every two seconds. */
    async check(): Promise<RuleVerdict> {
      if (performance.now() - lookedAt < LOOK_EVERY_MS) return last;
      work.context.signal.throwIfAborted();
      last = await look();
      lookedAt = performance.now();
      return last;
    },
  };
}

export interface SentPlace {
  /** The sink that failed. */
  connector: string;
  /** The sink whose commits tell: the same one, or what took its place. */
  sink: string;
  topic: string;
  partition: number;
  count: number;
  first: number;
}

/** Where records of this replay lie that no result is known of. */
export async function sentPlaces({ context, step, cluster }: SentPlaceNeeds): Promise<SentPlace[]> {
  const { rows } = await context.deps.pool.query<{
    connector: string;
    topic: string;
    partition: number;
    count: number;
    first: string;
  }>(
    `select connector, target_topic as topic, target_partition as partition, count(*)::int as count, min(target_offset) as first
       from dead_letter_replay_items where replay_id = $1 and state = 'sent' and position < $2 group by 1, 2, 3`,
    [step.replayId, step.upTo],
  );
  if (rows.length === 0) return [];
  const sinkNow = await findSinksNow(context.deps, cluster);
  return rows.map((row) => ({
    ...row,
    sink: sinkNow(row.connector, row.topic),
    first: Number(row.first),
  }));
}

type SentPlaceNeeds = Pick<SentRecords, "context" | "step" | "cluster">;

/** How far each sink has committed, in the order of the places; -1 where it never has. */
export async function committedAt(
  { context, cluster, targetTopic }: SentRecords,
  places: readonly SentPlace[],
): Promise<number[]> {
  // Nobody is known to drain another topic: there Kafka's acknowledgement is all there is.
  if (targetTopic !== undefined) return places.map(() => Number.MAX_SAFE_INTEGER);
  const committed = new Map<string, number>();
  for (const [sink, topics] of topicsOf(places)) {
    if (sink === "") continue;
    const offsets = await context.deps.kafka(cluster).committedOffsets(`connect-${sink}`, topics);
    for (const [topic, partitions] of offsets)
      for (const [partition, offset] of partitions) committed.set(`${sink} ${topic}/${partition}`, offset);
  }
  return places.map(({ sink, topic, partition }) => committed.get(`${sink} ${topic}/${partition}`) ?? -1);
}

function topicsOf(places: readonly SentPlace[]): Map<string, string[]> {
  const topics = new Map<string, string[]>();
  for (const { sink, topic } of places) {
    const known = topics.get(sink) ?? [];
    if (!known.includes(topic)) known.push(topic);
    topics.set(sink, known);
  }
  return topics;
}

async function countPassed(work: ReplayWork, places: readonly SentPlace[]): Promise<number> {
  const { context, step } = work;
  const committed = await committedAt(work, places);
  const { rows } = await context.deps.pool.query<{ n: number }>(
    `select count(*)::int as n from dead_letter_replay_items i
       left join unnest($2::text[], $3::text[], $4::int[], $5::bigint[]) as seen(connector, topic, partition, committed)
         on seen.connector = i.connector and seen.topic = i.target_topic and seen.partition = i.target_partition
      where i.replay_id = $1 and (i.state = 'delivered' or (i.state = 'sent' and i.target_offset < seen.committed))`,
    [
      step.replayId,
      places.map((place) => place.connector),
      places.map((place) => place.topic),
      places.map((place) => place.partition),
      committed,
    ],
  );
  return rows[0]?.n ?? 0;
}

async function countFailed({ context, step }: ReplayWork): Promise<number> {
  const { rows } = await context.deps.pool.query<{ n: number }>(
    "select count(*)::int as n from dead_letter_replay_items where replay_id = $1 and state = 'failed'",
    [step.replayId],
  );
  return rows[0]?.n ?? 0;
}

async function lagOf({ context, cluster }: ReplayWork, sink: string, topics: string[]): Promise<number> {
  const kafka = context.deps.kafka(cluster);
  const [committed, { offsets: ends }] = await Promise.all([
    kafka.committedOffsets(`connect-${sink}`, topics),
    kafka.endOffsets(topics),
  ]);
  let lag = 0;
  for (const [topic, partitions] of ends)
    for (const [partition, end] of partitions)
      lag += Math.max(0, end - (committed.get(topic)?.get(partition) ?? end));
  return lag;
}

export function tooManyFailed(delivered: number, failed: number): string {
  return `Stopped: more than ${STOP_SHARE * 100} % failed again (${failed} of ${delivered + failed})`;
}

export function stoppedSink(sink: string): string {
  return `${sink} stopped while it wrote the replayed records; look at the stopped sink first`;
}
