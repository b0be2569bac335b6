import { chmodSync, existsSync, readdirSync } from "node:fs";
import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { endpointsFile } from "./endpoints.ts";
import { inStopOrder } from "./engine-order.ts";
import { isLabFolder, leastFreeBytes } from "./lab-options.ts";
import { endProcess, findLiving, forgetIdentity, identityOf, saveIdentity } from "./process-identity.ts";

type Report = (line: string) => void;

/** Folder with the identities of what runs: one file per engine and one for the supervisor. */
export const runDirOf = (dir: string) => join(dir, "run");
const supervisorFile = (dir: string) => join(runDirOf(dir), "supervisor.json");

export function findSupervisor(dir: string): number | undefined {
  return findLiving(supervisorFile(dir))?.pid;
}

/** Makes this process the folder's supervisor, or says who is. */
export function claimFolder(dir: string): void {
  const other = findSupervisor(dir);
  if (other) throw new Error(`A lab already runs in ${dir} (pid ${other}): see lab status, or lab stop`);
  const own = identityOf(process.pid);
  if (!own)
    throw new Error(
      "This system does not tell when a process started; the lab needs that to stop only its own",
    );
  saveIdentity(supervisorFile(dir), own);
  chmodSync(runDirOf(dir), 0o700);
}

export function releaseFolder(dir: string): void {
  if (findSupervisor(dir) === process.pid) forgetIdentity(supervisorFile(dir));
}

/** Engines of this lab that run without a supervisor, as a crash leaves them. */
export function findLeftovers(dir: string): string[] {
  return engineRecords(dir).flatMap(({ name, file }) => (findLiving(file) ? [name] : []));
}

/** What a killed supervisor left running holds the ports and the data; each record is verified before a signal. */
export async function endLeftovers(dir: string, report: Report): Promise<void> {
  const records = engineRecords(dir);
  const living = records.flatMap(({ name, file }) => {
    const identity = findLiving(file);
    return identity ? [{ name, identity, after: name === "connect" ? ["kafka"] : [] }] : [];
  });
  if (living.length > 0) {
    report(`ending what an earlier lab left running: ${living.map(({ name }) => name).join(", ")}`);
  }
  await inStopOrder(living, ({ name, identity }) =>
    endProcess(identity, {
      signal: name.startsWith("postgres-") ? "SIGINT" : "SIGTERM",
      patienceMs: 10_000,
    }),
  );
  for (const { file } of records) forgetIdentity(file);
}

/** Asks a living supervisor to stop its lab; ends the engines of one that is gone. */
export async function stopLab(dir: string, report: Report): Promise<void> {
  const supervisor = findLiving(supervisorFile(dir));
  if (supervisor && supervisor.pid !== process.pid) {
    report(`asking the supervisor (pid ${supervisor.pid}) to stop`);
    await endProcess(supervisor, { signal: "SIGTERM", patienceMs: 60_000 });
  }
  await endLeftovers(dir, report);
  await rm(endpointsFile(dir), { force: true });
  forgetIdentity(supervisorFile(dir));
}

/** Removes a stopped lab's data; only ever a folder that a lab has made. */
export async function emptyFolder(dir: string, report: Report): Promise<void> {
  await endLeftovers(dir, report);
  if (!existsSync(dir)) return;
  const contents = readdirSync(dir).filter((entry) => entry !== "run");
  if (contents.length === 0) return;
  if (!isLabFolder(dir))
    throw new Error(`${dir} is not a lab's folder (no lab.json in it), so nothing was removed`);
  // The record of what runs goes last: an interrupted removal is still known to be a lab's.
  for (const entry of contents.filter((name) => name !== "lab.json")) {
    await rm(join(dir, entry), { recursive: true });
  }
  await rm(join(dir, "lab.json"));
}

/** Stops the lab and removes it altogether. */
export async function resetLab(dir: string, report: Report): Promise<void> {
  await stopLab(dir, report);
  await emptyFolder(dir, report);
  await rm(dir, { recursive: true });
}

export async function requireFreeDisk(dir: string, leastBytes: number): Promise<void> {
  const free = await freeBytes(dir);
  if (free >= leastBytes) return;
  throw new Error(
    `The disk that holds ${dir} is nearly full: ${gigabytes(free)} GB free, the lab needs ${gigabytes(leastBytes)} GB. Free some room, or choose another folder with --dir.`,
  );
}

/** Says once when the room gets short while the lab runs, before the engines fail of it. */
export function watchDisk(dir: string, report: Report): { close: () => void } {
  let hasWarned = false;
  const timer = setInterval(async () => {
    const free = await freeBytes(dir).catch(() => Number.POSITIVE_INFINITY);
    const isShort = free < leastFreeBytes / 2;
    if (isShort && !hasWarned)
      report(
        `the disk is nearly full: ${gigabytes(free)} GB free for ${dir}; the engines fail when nothing is left`,
      );
    hasWarned = isShort;
  }, 30_000);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

function engineRecords(dir: string) {
  const runDir = runDirOf(dir);
  if (!existsSync(runDir)) return [];
  return readdirSync(runDir)
    .filter((file) => file.endsWith(".json") && file !== "supervisor.json")
    .map((file) => ({ name: file.slice(0, -".json".length), file: join(runDir, file) }));
}

async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

const gigabytes = (bytes: number) => (bytes / 1024 ** 3).toFixed(1);
