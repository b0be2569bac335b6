import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import type { KafkaClient } from "#server/kafka/kafka-client.ts";
import { failedOver, type PositionGate, type SourceMark } from "./position-gate.ts";

/** Where the source's log stands, and whether the source connector has delivered up to a place in it. */
export interface SourcePosition {
  readonly kind: "watermark" | "offsets";
  mark(signal: AbortSignal): Promise<SourceMark>;
  /** Everything committed before the mark is in Kafka. */
  isDelivered(mark: SourceMark, signal: AbortSignal): Promise<boolean>;
}

export interface PipelineGateOptions {
  position: SourcePosition;
  kafka: Pick<KafkaClient, "beginOffsets" | "endOffsets" | "committedOffsets">;
  /** The table's topic. */
  topic: string;
  /** The sink's consumer group. */
  group: string;
  /** Why it takes so long, when somebody can tell: a paused sink, a failed task. */
  explainDelay(): Promise<string | undefined>;
}

const POLL_MS = 100;

/**
 * The exact gate of a pipeline: once the source connector has delivered past the mark, the topic's ends are taken; when the
 * sink's group has committed past those, the target holds everything up to the mark.
 */
export function pipelineGate({
  position,
  kafka,
  topic,
  group,
  explainDelay,
}: PipelineGateOptions): PositionGate {
  /** Partitions the sink has not finished; a partition nothing was ever written to has no commit. */
  async function isApplied(ends: ReadonlyMap<number, number>): Promise<boolean> {
    const committed = (await kafka.committedOffsets(group, [topic])).get(topic);
    return [...ends].every(([partition, end]) => (committed?.get(partition) ?? -1) >= end);
  }

  async function partitionEnds(): Promise<Map<number, number>> {
    const [{ offsets: ends, silent }, { offsets: begins }] = await Promise.all([
      kafka.endOffsets([topic]),
      kafka.beginOffsets([topic]),
    ]);
    if (silent[0]) throw silent[0];
    const begin = begins.get(topic);
    // Of an empty partition the group may never have committed anything.
    return new Map(
      [...(ends.get(topic) ?? [])].filter(([partition, end]) => end > (begin?.get(partition) ?? 0)),
    );
  }

  return {
    kind: position.kind,
    mark: (signal) => position.mark(signal),
    async reached(mark, { timeoutMs, signal }) {
      const started = performance.now();
      const waited = () => Math.round(performance.now() - started);
      let ends: Map<number, number> | undefined;
      for (;;) {
        signal.throwIfAborted();
        if (!ends && (await position.isDelivered(mark, signal))) ends = await partitionEnds();
        if (ends && (await isApplied(ends))) return { applied: true, waitedMs: waited() };
        if (waited() > timeoutMs) {
          const where = ends ? "the sink has not applied" : "the source connector has not delivered";
          const why = await explainDelay().catch(() => undefined);
          const minutes = Math.max(1, Math.round(timeoutMs / 60_000));
          const reason = `For ${minutes} min ${where} what the source had committed${why ? `: ${why}` : ""}`;
          return { applied: false, reason, waitedMs: waited() };
        }
        await delay(POLL_MS, undefined, { signal });
      }
    },
  };
}

const Emitted = z.array(z.object({ lsn: z.string(), server: z.string() })).min(1);
const Passed = z.array(z.object({ passed: z.boolean().nullable(), server: z.string() }));
/** A promoted standby keeps the identifier and begins another timeline. */
const SERVER =
  "(select system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) from pg_control_system())";

/**
 * PostgreSQL's position, proven by a message in its log. `use` lends a read-only connection; the message needs no right to write
 * and no transaction.
 */
export function postgresPosition(options: {
  use<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
  /** The source connector's replication slot. */
  slot: string;
}): SourcePosition {
  const { use, slot } = options;
  return {
    kind: "watermark",
    async mark() {
      // Of a message outside of a transaction, Debezium 3.6 stops while a read-only incremental snapshot is under way.
      const { rows } = await use((client) =>
        client.query(
          `select pg_logical_emit_message(true, 'headgate', $1)::text as lsn, ${SERVER} as server`,
          [randomUUID()],
        ),
      );
      const [emitted] = Emitted.parse(rows);
      return { position: emitted?.lsn ?? "", at: new Date(), server: emitted?.server };
    },
    async isDelivered({ position, server }) {
      const { rows } = await use((client) =>
        client.query(
          `select confirmed_flush_lsn >= $1::pg_lsn as passed, ${SERVER} as server from pg_replication_slots where slot_name = $2`,
          [position, slot],
        ),
      );
      const [found] = Passed.parse(rows);
      if (found && server !== undefined && found.server !== server) throw failedOver();
      if (found) return found.passed === true;
      throw new AppError("precondition_failed", `There is no replication slot ${slot} on the source`, {
        upstream: "PostgreSQL",
      });
    },
  };
}

/**
 * Where an engine has no position to compare: waits until what the pipeline has applied was committed after the mark, as far as
 * its clocks and a margin for their difference tell.
 */
export function lagGate(options: {
  /** Commit time of the newest change the target has applied, or now when nothing is on its way. */
  appliedThrough(signal: AbortSignal): Promise<Date | undefined>;
  skewMs: number;
}): PositionGate {
  return {
    kind: "lag",
    mark: async () => {
      const at = new Date();
      return { position: at.toISOString(), at };
    },
    async reached(mark, { timeoutMs, signal }) {
      const started = performance.now();
      for (;;) {
        const through = await options.appliedThrough(signal);
        const waitedMs = Math.round(performance.now() - started);
        if (through && through.getTime() >= mark.at.getTime() + options.skewMs)
          return { applied: true, waitedMs };
        if (waitedMs > timeoutMs)
          return { applied: false, reason: "The target has not caught up with the source in time", waitedMs };
        await delay(POLL_MS * 10, undefined, { signal });
      }
    },
  };
}
