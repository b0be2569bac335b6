import { createDeps, observeSettings } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";
import { createLog } from "#server/log.ts";
import { executeRun, RUN_TIMING } from "#server/plans/execute-run.ts";

/** `node replay-child.ts <database url> <clusters as JSON> <run id>`: a worker that does one run and can be killed. */
const [databaseUrl = "", clusters = "[]", runId = ""] = process.argv.slice(2);
const deps = createDeps({
  databaseUrl,
  config: { clusters: JSON.parse(clusters) },
  log: createLog("error", "test"),
  observe: observeSettings(readEnv({})),
});
const end = await executeRun(deps, runId, {
  worker: `child ${process.pid}`,
  stopping: new AbortController().signal,
  timing: { ...RUN_TIMING, lease: { ttlMs: 3_000, renewMs: 500 } },
});
process.stdout.write(`${end}\n`);
process.exit(0);
