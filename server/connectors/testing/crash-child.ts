import { HeadgateConfig } from "#server/config/headgate-config.ts";
import { createDeps } from "#server/deps.ts";
import { createLog } from "#server/log.ts";
import { executeRun } from "#server/plans/execute-run.ts";
import { QUICK_TIMING } from "#server/plans/testing/quick-timing.ts";

/** `node crash-child.ts <database url> <clusters as JSON> <run id> <point> <n>`: a worker that dies the hard way when it comes to a point for the nth time. */
const [databaseUrl = "", clusters = "", runId = "", point, nth = "1"] = process.argv.slice(2);
const deps = createDeps({
  databaseUrl,
  config: HeadgateConfig.parse(JSON.parse(clusters)),
  log: createLog("error", "test"),
  observe: { connectMs: 1000, progressMs: 1000 },
});
let seen = 0;
const end = await executeRun(deps, runId, {
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
await deps.jobs.close();
await deps.pool.end();
