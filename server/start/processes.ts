import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { WORKER_PROCESS } from "./worker-process.ts";

export interface Headgate {
  url: string;
  web: ChildProcess;
  worker: ChildProcess;
  /** Resolves when one of the two ended without being asked to. */
  ended: Promise<{ process: "web" | "worker"; code: number | null }>;
  stop(): Promise<void>;
}

export interface StartOptions {
  env: Record<string, string>;
  port: number;
  host: string;
  /** Folder for web.log and worker.log; unset: to this terminal. */
  logDir?: string;
  readyWithinMs?: number;
}

/** Starts web and worker from the build, and waits until the web process says it is ready. */
export async function startHeadgate(options: StartOptions): Promise<Headgate> {
  const env: Record<string, string | undefined> = {
    ...absolutePaths({ ...process.env, ...options.env }),
    PORT: String(options.port),
    HOSTNAME: options.host,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const node = process.execPath;
  const worker = launch(
    "worker",
    node,
    ["--disable-warning=TimeoutNegativeWarning", ...WORKER_PROCESS.args, "server/jobs/worker.ts"],
    { ...WORKER_PROCESS.env, ...env },
    options.logDir,
  );
  const web = launch(
    "web",
    node,
    ["--disable-warning=TimeoutNegativeWarning", resolve(".next/standalone/server.js")],
    env,
    options.logDir,
  );
  let stopping = false;
  const ended = new Promise<{ process: "web" | "worker"; code: number | null }>((report) => {
    web.on("exit", (code) => stopping || report({ process: "web", code }));
    worker.on("exit", (code) => stopping || report({ process: "worker", code }));
  });
  const stop = async () => {
    stopping = true;
    await Promise.all([end(web), end(worker)]);
  };
  const url = `http://${options.host}:${options.port}`;
  try {
    await Promise.race([
      answers(`${url}/api/health`, options.readyWithinMs ?? 60_000),
      ended.then(({ process: name, code }) => {
        throw new Error(
          `The ${name} process ended with code ${code} while starting${hint(options.logDir, name)}`,
        );
      }),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: options.env.HEADGATE_URL ?? url, web, worker, ended, stop };
}

function launch(
  name: string,
  program: string,
  args: string[],
  env: Record<string, string | undefined>,
  logDir: string | undefined,
): ChildProcess {
  if (logDir === undefined)
    return spawn(program, args, {
      env: env as NodeJS.ProcessEnv,
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
  const file = `${logDir}/${name}.log`;
  mkdirSync(dirname(file), { recursive: true });
  const child = spawn(program, args, {
    env: env as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const log = createWriteStream(file, { flags: "a" });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  return child;
}

/** The built web server changes into its own folder, so relative paths would point elsewhere. */
function absolutePaths(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const known: Record<string, string | undefined> = {
    HEADGATE_CONFIG: "headgate.yaml",
    HEADGATE_DATA_DIR: ".headgate/data",
    ...env,
  };
  const paths = /^(HEADGATE_CONFIG|HEADGATE_DATA_DIR|VAULT_CACERT|.*_FILE)$/;
  const entries = Object.entries(known).map(([key, value]) => [
    key,
    value && paths.test(key) ? resolve(value) : value,
  ]);
  return Object.fromEntries(entries) as Record<string, string | undefined>;
}

/** SIGTERM, and SIGKILL for what is still there after ten seconds. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
    child.once("exit", () => {
      clearTimeout(force);
      done();
    });
    child.kill("SIGTERM");
  });
}

async function answers(url: string, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  let last = "no answer";
  while (Date.now() < deadline) {
    try {
      const res = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      if (res.ok) return;
      last = `${res.status} ${(await res.text()).slice(0, 300)}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((again) => setTimeout(again, 100));
  }
  throw new Error(`${url} was not ready within ${withinMs / 1000} s. Last answer: ${last}`);
}

function hint(logDir: string | undefined, name: string): string {
  return logDir === undefined ? "" : `; see ${logDir}/${name}.log`;
}
