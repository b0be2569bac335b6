import { purgeExpiredSessions } from "#server/access/purge-expired-sessions.ts";
import { noteChainEnd } from "#server/audit/note-chain-end.ts";
import { settlePendingActs } from "#server/audit/settle-pending-acts.ts";
import { refreshChecks } from "#server/credentials/refresh-checks.ts";
import { deadLetterLoops } from "#server/dead-letters/dead-letter-loops.ts";
import { deadLetterUpkeepJobs, deadLetterUpkeepLoops } from "#server/dead-letters/upkeep.ts";
import type { Deps } from "#server/deps.ts";
import { observerLoops } from "#server/observability/observer-loops.ts";
import { expirePlans } from "#server/plans/expire-plans.ts";
import { recoverRuns } from "#server/plans/recover-runs.ts";
import { reconciliationLoops } from "#server/reconciliation/reconciliation-loops.ts";
import { everyMs, type Loop } from "./loop.ts";

/** Work that comes round by the clock; whichever worker is free does it, once. */
export interface RecurringJob {
  name: string;
  /** Minutes are the finest grain. */
  cron: string;
  run(deps: Deps): Promise<unknown>;
}

export const recurringJobs: readonly RecurringJob[] = [
  { name: "audit-settle", cron: "* * * * *", run: settlePendingActs },
  { name: "audit-note", cron: "0 * * * *", run: noteChainEnd },
  { name: "access-purge", cron: "* * * * *", run: purgeExpiredSessions },
  { name: "plans-expire", cron: "* * * * *", run: expirePlans },
  { name: "credentials-refresh", cron: "* * * * *", run: refreshChecks },
  ...deadLetterUpkeepJobs,
];

export const loops: readonly Loop[] = [
  {
    name: "recover-runs",
    run: (deps, signal) =>
      everyMs(3_000, signal, async () => {
        const queued = await recoverRuns(deps);
        if (queued > 0) deps.log.info({ queued }, "runs without a worker were queued again");
      }),
  },
  ...observerLoops,
  ...deadLetterLoops,
  ...reconciliationLoops,
  ...deadLetterUpkeepLoops,
];
