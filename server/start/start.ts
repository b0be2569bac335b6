import { existsSync } from "node:fs";
import { readEnv } from "#server/env.ts";
import { ensureBuild } from "./build.ts";
import { type EmbeddedState, startEmbeddedState } from "./embedded-state.ts";
import { requireFreePort } from "./ports.ts";
import { startHeadgate } from "./processes.ts";

/** `npm start`: web and worker against the engines of headgate.yaml or the environment. */
const say = (line: string) => process.stdout.write(`${line}\n`);

let state: EmbeddedState | undefined;
try {
  // The environment wins over the file, so that one setting can be tried without editing it.
  if (existsSync(".env")) process.loadEnvFile(".env");
  const env = readEnv();
  await requireFreePort(env.PORT, env.HEADGATE_HOST, "PORT");
  if (!env.DATABASE_URL) {
    const port = env.PORT + 1;
    await requireFreePort(
      port,
      "127.0.0.1",
      "PORT (the embedded PostgreSQL takes the next one) or DATABASE_URL",
    );
    say(`DATABASE_URL is not set: starting an embedded PostgreSQL under ${env.HEADGATE_DATA_DIR}`);
    state = await startEmbeddedState(env.HEADGATE_DATA_DIR, port);
  }
  await ensureBuild(say);
  const headgate = await startHeadgate({
    env: state ? { DATABASE_URL: state.url } : {},
    port: env.PORT,
    host: env.HEADGATE_HOST,
  });
  say(`Headgate is ready at ${env.HEADGATE_URL}`);
  const stopped = new Promise<"asked">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve("asked"));
  });
  const why = await Promise.race([stopped, headgate.ended]);
  if (why !== "asked") {
    say(`The ${why.process} process ended with code ${why.code}; stopping.`);
    process.exitCode = 1;
  }
  await headgate.stop();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await state?.stop();
}
