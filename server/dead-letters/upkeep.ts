import { setTimeout as sleep } from "node:timers/promises";
import type { Deps } from "#server/deps.ts";
import { everyMs } from "#server/jobs/loop.ts";
import { applyRules } from "./apply-rules.ts";
import { cleanQuarantineLists } from "./clean-quarantine.ts";
import { expireCopies, refreshRetention } from "./expire-copies.ts";
import { expireEdits } from "./expire-edits.ts";
import { noteTraffic, thinTraffic } from "./note-traffic.ts";
import { replayByRules } from "./replay-by-rules.ts";
import { createSentSettler } from "./settle-sent.ts";
import { watchRates } from "./watch-rates.ts";

interface UpkeepLoop {
  name: string;
  run(deps: Deps, signal: AbortSignal): Promise<void>;
}

interface UpkeepJob {
  name: string;
  cron: string;
  run(deps: Deps): Promise<unknown>;
}

/** What looks after dead letters between the visits of people; each round may be done by several workers without harm. */
export const deadLetterUpkeepLoops: readonly UpkeepLoop[] = [
  loop("dead-letter-rules", 5_000, async (deps) => {
    await applyRules(deps);
  }),
  loop("dead-letter-rates", 10_000, async (deps) => {
    for (const { name } of deps.config.clusters) await noteTraffic(deps, name);
    await watchRates(deps);
  }),
  {
    name: "dead-letter-sent",
    run: async (deps, signal) => {
      const settler = createSentSettler();
      await everyMs(2_000, signal, async () => {
        await settler.round(deps, signal);
      });
    },
  },
];

export const deadLetterUpkeepJobs: readonly UpkeepJob[] = [
  { name: "dead-letters-expire", cron: "* * * * *", run: expireCopies },
  { name: "dead-letters-expire-edits", cron: "* * * * *", run: expireEdits },
  { name: "dead-letters-retention", cron: "*/5 * * * *", run: refreshRetention },
  { name: "dead-letters-clean-lists", cron: "* * * * *", run: cleanQuarantineLists },
  { name: "dead-letters-replay", cron: "* * * * *", run: replayByRules },
  { name: "dead-letters-thin", cron: "17 * * * *", run: thinTraffic },
];

function loop(name: string, everyMs: number, act: (deps: Deps) => Promise<void>): UpkeepLoop {
  return {
    name,
    run: async (deps, signal) => {
      while (!signal.aborted) {
        await act(deps);
        await sleep(everyMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
