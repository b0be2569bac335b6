import { depsFromEnv } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";
import { loops, recurringJobs } from "./registrations.ts";
import { runWorker } from "./run-worker.ts";

/** Whoever asked for the stop gives up after ten seconds. */
const STOP_WITHIN_MS = 9_500;

const env = readEnv();
const deps = depsFromEnv(env, "worker");
const stop = new AbortController();

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    deps.log.info({ signal }, "worker is stopping");
    stop.abort();
    setTimeout(() => {
      deps.log.warn("not everything ended in time; what was running goes on in the next worker");
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
  });
}
process.on("unhandledRejection", (error) => deps.log.error({ err: error }, "unhandled rejection"));

try {
  await runWorker(deps, {
    databaseUrl: env.DATABASE_URL ?? "",
    loops,
    recurring: recurringJobs,
    stopping: stop.signal,
  });
  await deps.pool.end();
  process.exit(0);
} catch (error) {
  deps.log.fatal({ err: error }, "the worker cannot go on");
  process.exit(1);
}
