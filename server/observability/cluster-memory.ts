import type { DerivedPipeline } from "#domain/catalog/derive-pipelines.ts";
import type { Checkpoint } from "#domain/observability/checkpoint.ts";

/** What the loops of one observed cluster tell each other; gone when another worker takes over. */
export interface ClusterMemory {
  /** Counts changes of the observed connectors, so that others know when to read them again. */
  generation: number;
  pipelines: readonly DerivedPipeline[];
  /** By source connector. */
  checkpoints: Map<string, Checkpoint>;
  /** Topics Connect saw a source write, for sources whose configuration does not tell. */
  written: Map<string, readonly string[]>;
}

export function emptyMemory(): ClusterMemory {
  return { generation: 0, pipelines: [], checkpoints: new Map(), written: new Map() };
}
