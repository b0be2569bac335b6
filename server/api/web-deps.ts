import "server-only";
import { type Deps, depsFromEnv } from "#server/deps.ts";
import { readEnv } from "#server/env.ts";

/** Next loads route bundles separately; the process still has one pool and one set of clients. */
const process_: { headgateDeps?: Deps } = globalThis as { headgateDeps?: Deps };

export function webDeps(): Deps {
  process_.headgateDeps ??= depsFromEnv(readEnv(), "web");
  return process_.headgateDeps;
}
