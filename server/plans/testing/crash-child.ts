import { createDeps, observeSettings } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";
import { createLog } from "#server/log.ts";
import { executeRun } from "../execute-run.ts";
import { planKindsOf } from "../plan-kinds.ts";
import { QUICK_TIMING } from "./quick-timing.ts";
import { scratchKind } from "./scratch-kind.ts";

/** `node crash-child.ts <database url> <run id> <point> <n>`: a worker that dies the hard way when it comes to a point for the nth time. */
const [databaseUrl = "", runId = "", point, nth = "1"] = process.argv.slice(2);
const deps = createDeps({
  databaseUrl,
  config: { clusters: [] },
  log: createLog("error", "test"),
  observe: observeSettings(readEnv({})),
});
let seen = 0;
const end = await executeRun({ ...deps, planKinds: planKindsOf([scratchKind]) }, runId, {
  worker: `child ${process.pid}`,
  stopping: new AbortController().signal,
  timing: QUICK_TIMING,
  onPoint(reached) {
    if (reached !== point) return;
    seen += 1;
    if (seen === Number(nth)) process.kill(process.pid, "SIGKILL");
  },
});
process.stdout.write(`${end}\n`);
await deps.pool.end();
