import { setTimeout as sleep } from "node:timers/promises";
import type { Deps } from "#server/deps.ts";

/** Work that lives as long as the worker. It resolves after the signal is aborted; when it throws it is started again. */
export interface Loop {
  name: string;
  run(deps: Deps, signal: AbortSignal): Promise<void>;
}

export interface LoopTiming {
  firstMs: number;
  maxMs: number;
  /** A loop that lived this long was well: the next pause is short again. */
  wellAfterMs: number;
}

export const LOOP_TIMING: LoopTiming = { firstMs: 1_000, maxMs: 30_000, wellAfterMs: 60_000 };

/** Keeps a loop alive until the signal is aborted. The same failure is logged once, not at every attempt. */
export async function keepLoopAlive(
  deps: Deps,
  loop: Loop,
  { signal, timing }: { signal: AbortSignal; timing: LoopTiming },
): Promise<void> {
  const log = deps.log.child({ loop: loop.name });
  let pauseMs = timing.firstMs;
  let lastFailure = "";
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      await loop.run(deps, signal);
      if (!signal.aborted) log.warn("a loop ended by itself; starting it again");
      lastFailure = "";
    } catch (error) {
      if (signal.aborted) return;
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== lastFailure)
        log.error({ err: error }, "a loop failed; it is started again until it works");
      lastFailure = failure;
    }
    if (performance.now() - startedAt > timing.wellAfterMs) pauseMs = timing.firstMs;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, timing.maxMs);
  }
}

/** The body of a loop that does one thing every so often. */
export async function everyMs(ms: number, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await act();
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
