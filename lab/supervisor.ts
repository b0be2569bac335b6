import { chmodSync, existsSync, readdirSync } from "node:fs";
import { mkdir, rm, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildConnectPlugin } from "./connect-plugin.ts";
import { serveControl } from "./control.ts";
import { fetchFromMaven, fetchOpenbao } from "./downloads.ts";
import { describeEndpoints, type Endpoints, endpointsFile } from "./endpoints.ts";
import { inStartOrder, inStopOrder } from "./engine-order.ts";
import { EngineProcess, type EngineStatus } from "./engine-process.ts";
import type { LabContext } from "./engines/engine.ts";
import { type EngineName, labEngines } from "./engines/roster.ts";
import { writeHeadgateConfig } from "./headgate-config.ts";
import {
  defaultLabDir,
  isLabFolder,
  type LabOptions,
  leastFreeBytes,
  mergeOptions,
  readSavedOptions,
  repoDir,
  saveOptions,
} from "./lab-options.ts";
import { openSecrets, writePrivate } from "./lab-secrets.ts";
import { describeTakenPorts, findTakenPorts } from "./ports.ts";
import { endProcess, findLiving, forgetIdentity, identityOf, saveIdentity } from "./process-identity.ts";

export type EngineControl = {
  stop: () => Promise<void>;
  start: () => Promise<void>;
  /** SIGKILL; the engine stays down until `start`. */
  kill: () => Promise<void>;
};

/** A running lab, in this process or (see `attachLab`) in another. */
export type Lab = {
  dir: string;
  endpoints: Endpoints;
  engine: (name: EngineName) => EngineControl;
  status: () => Promise<EngineStatus[]>;
  /** Changes per second in the shop from now on; 0 stops the writer. */
  setTraffic: (rowsPerSecond: number) => Promise<void>;
  /** Ends everything this lab started; its data stays. */
  stop: () => Promise<void>;
};

const runDirOf = (dir: string) => join(dir, "run");
const supervisorFile = (dir: string) => join(runDirOf(dir), "supervisor.json");

/** Starts the lab, or resumes it with its data; resolves when every engine is ready. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const dir = resolve(options.dir ?? defaultLabDir);
  const report = options.onProgress ?? (() => {});
  const own = claim(dir);
  try {
    if (options.fresh) await emptyLab(dir, report);
    else await endLeftovers(dir, report);
    const { save, ports, headgateUrl } = mergeOptions(options, readSavedOptions(dir));
    saveOptions(dir, save);
    saveIdentity(supervisorFile(dir), own);
    chmodSync(runDirOf(dir), 0o700);
    await requireFreeDisk(dir, options.minFreeBytes ?? leastFreeBytes);
    const logFile = (name: string) => join(dir, "logs", `${name}.log`);
    await mkdir(join(dir, "logs"), { recursive: true, mode: 0o700 });
    const fetched = await fetchEngines(report, logFile("connect-plugin"));
    const ctx: LabContext = {
      dir,
      repoDir,
      ports,
      rows: save.rows,
      headgateUrl,
      secrets: openSecrets(dir),
      logFile,
      ...fetched,
    };
    let trafficRate = save.traffic;
    const processes = labEngines(ctx, () => trafficRate).map(
      (engine) => new EngineProcess(engine, { runDir: runDirOf(dir), logFile: logFile(engine.name), report }),
    );
    const taken = await findTakenPorts(
      ports,
      processes.flatMap(({ engine }) => engine.ports),
    );
    if (taken.length > 0) throw new Error(describeTakenPorts(taken));

    const inOrder = processes.map((process) => ({
      name: process.engine.name,
      after: process.engine.after,
      process,
    }));
    const watch = watchDisk(dir, report);
    let stopping: Promise<void> | undefined;
    let control: { close: () => Promise<void> } | undefined;
    const stop = () => {
      stopping ??= (async () => {
        watch.close();
        await control?.close();
        await rm(endpointsFile(dir), { force: true });
        await inStopOrder(inOrder, ({ process }) => process.stop());
        forgetIdentity(supervisorFile(dir));
      })();
      return stopping;
    };
    const find = (name: string) => {
      const found = processes.find(({ engine }) => engine.name === name);
      if (!found)
        throw new Error(
          `The lab has no engine ${name}; it has ${processes.map(({ engine }) => engine.name).join(", ")}`,
        );
      return found;
    };
    try {
      await inStartOrder(
        inOrder.filter(({ name }) => name !== "traffic" || trafficRate > 0),
        ({ process }) => process.start(),
      );
      const endpoints = describeEndpoints(ctx, save.portBase);
      await writeHeadgateConfig(endpoints, dir);
      const lab: Lab = {
        dir,
        endpoints,
        engine: (name) => {
          const found = find(name);
          return { stop: () => found.stop(), start: () => found.start(), kill: () => found.kill() };
        },
        status: async () =>
          processes.map(({ engine, state, pid, restarts }) => ({
            name: engine.name,
            state,
            pid,
            restarts,
            ports: engine.ports.map((port) => ports[port]),
            logFile: logFile(engine.name),
          })),
        async setTraffic(rowsPerSecond) {
          mergeOptions({ traffic: rowsPerSecond }, save);
          trafficRate = rowsPerSecond;
          await find("traffic").stop();
          if (trafficRate > 0) await find("traffic").start();
        },
        stop,
      };
      control = await serveControl(runDirOf(dir), lab);
      // Last, for whoever waits for the file.
      writePrivate(endpointsFile(dir), `${JSON.stringify(endpoints, undefined, 2)}\n`);
      return lab;
    } catch (error) {
      await stop().catch((problem: Error) => report(problem.message));
      throw error;
    }
  } catch (error) {
    if (findLiving(supervisorFile(dir))?.pid === process.pid) forgetIdentity(supervisorFile(dir));
    throw error;
  }
}

/** Ends a lab whose supervisor is gone; with a living one, asks it to stop. */
export async function stopLab(dir: string, report: (line: string) => void): Promise<void> {
  const supervisor = findLiving(supervisorFile(dir));
  if (supervisor && supervisor.pid !== process.pid) {
    report(`asking the supervisor (pid ${supervisor.pid}) to stop`);
    await endProcess(supervisor, { signal: "SIGTERM", patienceMs: 60_000 });
  }
  await endLeftovers(dir, report);
  await rm(endpointsFile(dir), { force: true });
  forgetIdentity(supervisorFile(dir));
}

/** Stops the lab and removes its data; only ever a folder that a lab has made. */
export async function resetLab(dir: string, report: (line: string) => void): Promise<void> {
  await stopLab(dir, report);
  await emptyLab(dir, report);
}

export function findSupervisor(dir: string): number | undefined {
  return findLiving(supervisorFile(dir))?.pid;
}

/** Engines of this lab that run without a supervisor, as a crash leaves them. */
export function findLeftovers(dir: string): string[] {
  return leftoverFiles(dir).flatMap(({ name, file }) => (findLiving(file) ? [name] : []));
}

function claim(dir: string) {
  const other = findLiving(supervisorFile(dir));
  if (other) throw new Error(`A lab already runs in ${dir} (pid ${other.pid}): see lab status, or lab stop`);
  const own = identityOf(process.pid);
  if (!own)
    throw new Error(
      "This system does not tell when a process started; the lab needs that to stop only its own",
    );
  return own;
}

async function emptyLab(dir: string, report: (line: string) => void): Promise<void> {
  await endLeftovers(dir, report);
  if (!existsSync(dir) || readdirSync(dir).length === 0) return;
  if (!isLabFolder(dir))
    throw new Error(`${dir} is not a lab's folder (no lab.json in it), so nothing was removed`);
  await rm(dir, { recursive: true });
}

function leftoverFiles(dir: string) {
  const runDir = runDirOf(dir);
  if (!existsSync(runDir)) return [];
  return readdirSync(runDir)
    .filter((file) => file.endsWith(".json") && file !== "supervisor.json")
    .map((file) => ({ name: file.slice(0, -".json".length), file: join(runDir, file) }));
}

/** What a killed supervisor left running holds the ports and the data; each record is verified before a signal. */
async function endLeftovers(dir: string, report: (line: string) => void): Promise<void> {
  const records = leftoverFiles(dir);
  const living = records.flatMap(({ name, file }) => {
    const identity = findLiving(file);
    return identity ? [{ name, identity, after: name === "connect" ? ["kafka"] : [] }] : [];
  });
  if (living.length > 0)
    report(`ending what an earlier lab left running: ${living.map(({ name }) => name).join(", ")}`);
  await inStopOrder(living, ({ name, identity }) =>
    endProcess(identity, { signal: name.startsWith("postgres-") ? "SIGINT" : "SIGTERM", patienceMs: 10_000 }),
  );
  for (const { file } of records) forgetIdentity(file);
}

async function fetchEngines(report: (line: string) => void, pluginLog: string) {
  const place = { repoDir, enginesDir: join(repoDir, ".headgate/engines"), report };
  await mkdir(place.enginesDir, { recursive: true });
  const [[folders, connectPlugin], openbaoBinary] = await Promise.all([
    fetchFromMaven(place).then(
      async (fetched) =>
        [fetched, await buildConnectPlugin({ repoDir, logFile: pluginLog, report })] as const,
    ),
    fetchOpenbao(place),
  ]);
  return { folderOf: (download: keyof typeof folders) => folders[download], connectPlugin, openbaoBinary };
}

async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

async function requireFreeDisk(dir: string, leastBytes: number): Promise<void> {
  const free = await freeBytes(dir);
  if (free >= leastBytes) return;
  throw new Error(
    `The disk that holds ${dir} is nearly full: ${gigabytes(free)} GB free, the lab needs ${gigabytes(leastBytes)} GB. Free some room, or choose another folder with --dir.`,
  );
}

function watchDisk(dir: string, report: (line: string) => void): { close: () => void } {
  let hasWarned = false;
  const timer = setInterval(async () => {
    const free = await freeBytes(dir).catch(() => Number.POSITIVE_INFINITY);
    const isShort = free < leastFreeBytes / 2;
    if (isShort && !hasWarned)
      report(`the disk is nearly full: ${gigabytes(free)} GB free for ${dir}; engines will fail when it is`);
    hasWarned = isShort;
  }, 30_000);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

const gigabytes = (bytes: number) => (bytes / 1024 ** 3).toFixed(1);
