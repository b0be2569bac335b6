import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildConnectPlugin } from "./connect-plugin.ts";
import { serveControl } from "./control.ts";
import { fetchFromMaven, fetchOpenbao } from "./downloads.ts";
import { describeEndpoints, type Endpoints, endpointsFile } from "./endpoints.ts";
import { inStartOrder, inStopOrder } from "./engine-order.ts";
import { EngineProcess, type EngineStatus } from "./engine-process.ts";
import type { LabContext } from "./engines/engine.ts";
import { findMariadb } from "./engines/mariadb.ts";
import { type EngineName, labEngines } from "./engines/roster.ts";
import { writeHeadgateConfig } from "./headgate-config.ts";
import {
  claimFolder,
  emptyFolder,
  endLeftovers,
  releaseFolder,
  requireFreeDisk,
  runDirOf,
  watchDisk,
} from "./lab-folder.ts";
import {
  defaultLabDir,
  type LabOptions,
  leastFreeBytes,
  mergeOptions,
  readSavedOptions,
  repoDir,
  saveOptions,
} from "./lab-options.ts";
import { openSecrets, writePrivate } from "./lab-secrets.ts";
import { describeTakenPorts, enginePorts, findTakenPorts, type PortName } from "./ports.ts";

export type EngineControl = {
  stop: () => Promise<void>;
  /** Resolves when the engine answers; a running one is set up again, which also unseals OpenBao. */
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

/** Starts the lab, or resumes it with its data; resolves when every engine is ready. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const dir = resolve(options.dir ?? defaultLabDir);
  claimFolder(dir);
  try {
    return await superviseLab(dir, options);
  } catch (error) {
    releaseFolder(dir);
    throw options.signal?.aborted ? new Error("the start was given up", { cause: error }) : error;
  }
}

async function superviseLab(dir: string, options: LabOptions): Promise<Lab> {
  const report = options.onProgress ?? (() => {});
  if (options.fresh) await emptyFolder(dir, report);
  else await endLeftovers(dir, report);
  const { save, ports, headgateUrl } = mergeOptions(options, readSavedOptions(dir));
  const wanted: PortName[] = options.withHeadgate ? [...enginePorts, "headgate"] : enginePorts;
  const taken = await findTakenPorts(ports, wanted);
  if (taken.length > 0) throw new Error(describeTakenPorts(taken));
  await requireFreeDisk(dir, options.minFreeBytes ?? leastFreeBytes);
  saveOptions(dir, save);
  const logFile = (name: string) => join(dir, "logs", `${name}.log`);
  await mkdir(join(dir, "logs"), { recursive: true, mode: 0o700 });
  const ctx: LabContext = {
    dir,
    repoDir,
    ports,
    listenHost: "127.0.0.1",
    rows: save.rows,
    headgateUrl,
    secrets: openSecrets(dir),
    logFile,
    mariadb: findMariadb(),
    ...(await fetchEngines(report, logFile("connect-plugin"), options.signal)),
  };
  options.signal?.throwIfAborted();

  const traffic = { rate: save.traffic };
  const processes = labEngines(ctx, () => traffic.rate).map(
    (engine) => new EngineProcess(engine, { runDir: runDirOf(dir), logFile: logFile(engine.name), report }),
  );
  const find = (name: EngineName): EngineProcess => {
    const found = processes.find((process) => process.name === name);
    if (!found) throw new Error(`The lab runs without ${name}, which is not installed`);
    return found;
  };
  const stopEngines = () => inStopOrder(processes, (process) => process.stop());
  const giveUp = () => void stopEngines().catch((error: Error) => report(error.message));
  options.signal?.addEventListener("abort", giveUp, { once: true });
  try {
    await inStartOrder(
      processes.filter(({ name }) => name !== "traffic" || traffic.rate > 0),
      (process) => {
        options.signal?.throwIfAborted();
        return process.start();
      },
    );
    options.signal?.throwIfAborted();
  } catch (error) {
    await stopEngines().catch((problem: Error) => report(problem.message));
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", giveUp);
  }

  const endpoints = describeEndpoints(ctx, save.portBase);
  await writeHeadgateConfig(endpoints, dir);
  const watch = watchDisk(dir, report);
  let stopping: Promise<void> | undefined;
  const lab: Lab = {
    dir,
    endpoints,
    engine: (name) => {
      const process = find(name);
      return {
        stop: () => process.stop(),
        // A writer without a rate has nothing to do.
        start: async () => (name === "traffic" && traffic.rate === 0 ? undefined : await process.start()),
        kill: () => process.kill(),
      };
    },
    status: async () => processes.map((process) => process.status(ports)),
    async setTraffic(rowsPerSecond) {
      const { save: changed } = mergeOptions({ traffic: rowsPerSecond }, readSavedOptions(dir));
      saveOptions(dir, changed);
      traffic.rate = rowsPerSecond;
      await find("traffic").stop();
      if (traffic.rate > 0) await find("traffic").start();
    },
    stop() {
      stopping ??= (async () => {
        watch.close();
        await control.close();
        await rm(endpointsFile(dir), { force: true });
        await stopEngines();
        releaseFolder(dir);
      })();
      return stopping;
    },
  };
  const control = await serveControl(runDirOf(dir), lab);
  // Last, for whoever waits for the file.
  writePrivate(endpointsFile(dir), `${JSON.stringify(endpoints, undefined, 2)}\n`);
  return lab;
}

async function fetchEngines(
  report: (line: string) => void,
  pluginLog: string,
  signal: AbortSignal | undefined,
) {
  const place = { repoDir, enginesDir: join(repoDir, ".headgate/engines"), report, signal };
  await mkdir(place.enginesDir, { recursive: true });
  const [[folders, connectPlugin], openbaoBinary] = await Promise.all([
    // Maven's local repository has one writer at a time, so the plugin's build waits for the fetches.
    fetchFromMaven(place).then(async (fetched) => {
      const plugin = await buildConnectPlugin({ repoDir, logFile: pluginLog, report, signal });
      return [fetched, plugin] as const;
    }),
    fetchOpenbao(place),
  ]);
  return { folderOf: (download: keyof typeof folders) => folders[download], connectPlugin, openbaoBinary };
}
