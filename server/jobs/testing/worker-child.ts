import { createDeps, observeSettings } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";
import { createLog } from "#server/log.ts";
import { planKindsOf } from "#server/plans/plan-kinds.ts";
import { scratchKind } from "#server/plans/testing/scratch-kind.ts";
import { loops, recurringJobs } from "../registrations.ts";
import { runWorker } from "../run-worker.ts";

/** `node worker-child.ts <database url>`: the real worker, which knows the tests' plan kind. */
const [databaseUrl = ""] = process.argv.slice(2);
const deps = createDeps({
  databaseUrl,
  config: { clusters: [] },
  log: createLog("info", "worker"),
  observe: observeSettings(readEnv({})),
});
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
await runWorker(
  { ...deps, planKinds: planKindsOf([scratchKind]) },
  { databaseUrl, loops, recurring: recurringJobs, stopping: stop.signal },
);
process.exit(0);
