import type { RunTiming } from "../execute-run.ts";

/** The runner's waits, short enough for tests that wait for a lease to end. */
export const QUICK_TIMING: RunTiming = {
  lease: { ttlMs: 1_000, renewMs: 100 },
  retry: { attempts: 3, pauseMs: 10, settle: { firstMs: 10, maxMs: 50, giveUpAfterMs: 500 } },
  store: { firstMs: 20, maxMs: 100, giveUpAfterMs: 5_000 },
};
