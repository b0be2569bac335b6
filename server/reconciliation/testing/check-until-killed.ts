import { readHeadgateConfig } from "#server/config/headgate-config.ts";
import { createDeps, observeSettings } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";
import { createLog } from "#server/log.ts";
import { executeCheck } from "../execute-check.ts";

/** A worker that takes one run and may be killed at any moment. */
const env = readEnv({ ...process.env, HEADGATE_CONFIG: `${process.env.HEADGATE_LAB_DIR}/headgate.yaml` });
const deps = createDeps({
  databaseUrl: process.env.DATABASE_URL ?? "",
  config: readHeadgateConfig(env),
  log: createLog("error", "test"),
  observe: observeSettings(env),
});
await executeCheck(deps, process.argv[2] ?? "", {
  worker: "first",
  stopping: new AbortController().signal,
  timing: { ttlMs: 3_000, renewMs: 500 },
});
process.exit(0);
