import { setTimeout as sleep } from "node:timers/promises";
import type { Deps } from "#server/deps.ts";
import { endIgnoring, findTables } from "./find-tables.ts";
import { recoverChecks } from "./queue-check.ts";
import { scheduleChecks } from "./schedule-checks.ts";

interface ReconciliationLoop {
  name: string;
  run(deps: Deps, signal: AbortSignal): Promise<void>;
}

const FIND_EVERY_MS = 10_000;
const SCHEDULE_EVERY_MS = 5_000;
const RECOVER_EVERY_MS = 3_000;

/** What the worker runs for reconciliation: finding tables, starting what is due, taking up what was left. */
export const reconciliationLoops: readonly ReconciliationLoop[] = [
  {
    name: "reconciliation-tables",
    run: (deps, signal) =>
      every(FIND_EVERY_MS, signal, async () => {
        await findTables(deps);
        await endIgnoring(deps);
      }),
  },
  {
    name: "reconciliation-schedule",
    run: (deps, signal) =>
      every(SCHEDULE_EVERY_MS, signal, async () => {
        const queued = await scheduleChecks(deps);
        if (queued > 0) deps.log.info({ queued }, "reconciliation runs were started by the clock");
      }),
  },
  {
    name: "reconciliation-recover",
    run: (deps, signal) => every(RECOVER_EVERY_MS, signal, () => recoverChecks(deps)),
  },
];

async function every(ms: number, signal: AbortSignal, act: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await act();
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
