import { readHeadgateConfig } from "#server/config/headgate-config.ts";
import { createDeps, observeSettings } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";
import { createLog } from "#server/log.ts";
import { LAB_DIR } from "#server/testing/stack.ts";
import { executeCheck } from "../execute-check.ts";

/** A worker that takes one run and may be killed at any moment: `check-until-killed.ts <state database> <run>`. */
const [databaseUrl = "", runId = ""] = process.argv.slice(2);
const env = readEnv({ HEADGATE_CONFIG: `${LAB_DIR}/headgate.yaml`, DATABASE_URL: databaseUrl });
const deps = createDeps({
  databaseUrl,
  config: readHeadgateConfig(env),
  log: createLog("error", "test"),
  observe: observeSettings(env),
});
await executeCheck(deps, runId, {
  worker: "first",
  stopping: new AbortController().signal,
  timing: { ttlMs: 3_000, renewMs: 500 },
});
process.exit(0);
