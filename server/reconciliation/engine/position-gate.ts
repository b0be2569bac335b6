/** A place in the source's log, taken after a read: the target has to have applied everything before it. */
export interface SourceMark {
  /** As the engine writes it: an LSN, a GTID, a time. */
  position: string;
  at: Date;
  /** The gate's own notes; opaque to everybody else. */
  detail: Readonly<Record<string, string | number>>;
}

export type GateOutcome =
  | { applied: true; waitedMs: number }
  /** The pipeline is paused, broken or too far behind: nothing can be said about a suspect. */
  | { applied: false; reason: string; waitedMs: number };

/** Tells when the target has applied what the source had committed. Positions, never a fixed delay, where there are any. */
export interface PositionGate {
  readonly kind: "watermark" | "offsets" | "lag" | "settled";
  mark(signal: AbortSignal): Promise<SourceMark>;
  /** Resolves as soon as everything up to the mark is in the target, or when it is clear that it will not be in time. */
  reached(mark: SourceMark, limits: { timeoutMs: number; signal: AbortSignal }): Promise<GateOutcome>;
}

/** For two tables with no pipeline between them at work: nothing is on its way. */
export const settledGate: PositionGate = {
  kind: "settled",
  mark: async () => ({ position: "settled", at: new Date(), detail: {} }),
  reached: async () => ({ applied: true, waitedMs: 0 }),
};
