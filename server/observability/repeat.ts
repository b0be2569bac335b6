import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "#server/log.ts";

export interface Repeated {
  name: string;
  everyMs: number;
  run(signal: AbortSignal): Promise<void>;
}

/** Runs until aborted; a failure is logged once per wording and the next round goes on as usual. */
export async function repeat(log: Log, signal: AbortSignal, { name, everyMs, run }: Repeated): Promise<void> {
  let lastFailure: string | undefined;
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      await run(signal);
      if (lastFailure !== undefined) log.info({ loop: name }, "observer works again");
      lastFailure = undefined;
    } catch (error) {
      if (signal.aborted) return;
      const failure = error instanceof Error ? error.message : String(error);
      if (failure !== lastFailure) log.error({ loop: name, err: error }, "observer could not finish a round");
      lastFailure = failure;
    }
    await pause(Math.max(0, everyMs - (performance.now() - startedAt)), signal);
  }
}

export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
