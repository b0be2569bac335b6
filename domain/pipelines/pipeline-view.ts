import type { Engine } from "../catalog/derive-pipelines.ts";
import type { Health } from "../connectors/health.ts";
import type { Checkpoint } from "../observability/checkpoint.ts";
import type { DeadLetterCount, SinkProgress } from "../observability/sink-progress.ts";
import type { SnapshotProgress } from "../observability/snapshot-progress.ts";
import type { TableState } from "../observability/table-state.ts";
import type { UpstreamSight } from "../observability/upstream-sight.ts";

/** Worst first. */
export const FLOW_STATUSES = ["failed", "degraded", "held", "unknown", "working", "healthy"] as const;
export type FlowStatus = (typeof FLOW_STATUSES)[number];

/** A connector of the pipeline as last seen. */
export interface PipelineConnector {
  name: string;
  health: Health;
  /** Since when it is in this state. */
  since: Date;
  /** Root cause of a failure in one line, without row data. */
  reason: string | null;
}

/** One captured table: its lane. */
export interface PipelineTable {
  name: string;
  topic: string;
  topicExists: boolean;
  state: TableState | null;
  captured: number | null;
  retained: number | null;
  /** When the source committed the newest captured event. */
  committedAt: Date | null;
  /** When that event was written to Kafka. */
  capturedAt: Date | null;
  lastOp: string | null;
  position: string | null;
  perSecond: number | null;
  lagEvents: number | null;
  waitingSince: Date | null;
  sinks: SinkProgress[];
}

export interface PipelineView {
  cluster: string;
  engine: Engine;
  prefix: string;
  source: PipelineConnector;
  sinks: PipelineConnector[];
  deadLetters: DeadLetterCount[];
  checkpoint: Checkpoint | null;
  snapshot: SnapshotProgress | null;
  tables: PipelineTable[];
  /** How fresh all this is. */
  upstreams: { connect: UpstreamSight; kafka: UpstreamSight };
}
