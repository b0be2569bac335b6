import { setTimeout as sleep } from "node:timers/promises";
import type { Deps } from "#server/deps.ts";

const SAY_EVERY_MS = 15_000;

/** Waits until the state database answers, and says meanwhile what it waits for. */
export async function waitForState(
  { pool, log }: Pick<Deps, "pool" | "log">,
  signal: AbortSignal,
): Promise<void> {
  let saidAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      await pool.query("select 1");
      if (saidAt > 0) log.info("the state database answers again");
      return;
    } catch (error) {
      if (performance.now() - saidAt > SAY_EVERY_MS) {
        const reason = error instanceof Error ? error.message || String(error) : String(error);
        log.warn({ reason }, "the state database does not answer; the worker waits for it");
        saidAt = performance.now();
      }
    }
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
}
