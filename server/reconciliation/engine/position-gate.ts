import { AppError } from "#domain/errors/app-error.ts";

/** A place in the source's log, taken after a read: the target has to have applied everything before it. */
export interface SourceMark {
  /** As the engine writes it: an LSN, a GTID, a time. */
  position: string;
  at: Date;
  /** Which server it was, where the engine tells: a place in its log means nothing on another one. */
  server?: string | undefined;
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

/** Ends a run whose source is suddenly another server: what it confirmed so far would be measured against another log. */
export function onOneServer(gate: PositionGate, before: string | undefined): PositionGate {
  let known = before;
  return {
    ...gate,
    async mark(signal) {
      const mark = await gate.mark(signal);
      if (known !== undefined && mark.server !== undefined && mark.server !== known) throw failedOver();
      known ??= mark.server;
      return mark;
    },
  };
}

export function failedOver(): AppError {
  return new AppError("conflict", "The source failed over to another server during the run: start it anew", {
    retryable: true,
  });
}

/** For two tables with no pipeline between them at work: nothing is on its way. */
export const settledGate: PositionGate = {
  kind: "settled",
  mark: async () => ({ position: "settled", at: new Date() }),
  reached: async () => ({ applied: true, waitedMs: 0 }),
};
