import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";

/**
 * A pid alone may be somebody else's by now; a pid with the moment it started cannot. The lab signals nothing
 * else than a process whose both still match.
 */
export const ProcessIdentity = z.object({ pid: z.number().int().positive(), startedAt: z.string().min(1) });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

export function identityOf(pid: number): ProcessIdentity | undefined {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.startedAt;
}

export function saveIdentity(file: string, identity: ProcessIdentity): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(identity)}\n`, { mode: 0o600 });
}

export function forgetIdentity(file: string): void {
  rmSync(file, { force: true });
}

/** The recorded process, if it is still that very process; a damaged or outdated record counts as none. */
export function findLiving(file: string): ProcessIdentity | undefined {
  const identity = readIdentity(file);
  return identity && isAlive(identity) ? identity : undefined;
}

/** Asks with `signal`, insists with SIGKILL after `patienceMs`; resolves when the process is gone. */
export async function endProcess(
  identity: ProcessIdentity,
  { signal = "SIGTERM", patienceMs = 10_000 }: { signal?: NodeJS.Signals; patienceMs?: number } = {},
): Promise<void> {
  send(identity, signal);
  if (await goneWithin(identity, patienceMs)) return;
  send(identity, "SIGKILL");
  if (await goneWithin(identity, 10_000)) return;
  throw new Error(`Process ${identity.pid} did not end, not even with SIGKILL`);
}

async function goneWithin(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false;
    await pause(30);
  }
  return true;
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    return ProcessIdentity.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    return undefined;
  }
}

function startOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      return startFromStat(readFileSync(`/proc/${pid}/stat`, "utf8"), bootId());
    } catch {
      return undefined;
    }
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Start ticks count from boot, so the boot belongs to the identity. A zombie is a process that has ended. */
export function startFromStat(stat: string, boot: string): string | undefined {
  // The command in parentheses may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const ticks = fields[19];
  return state === "Z" || state === "X" || ticks === undefined ? undefined : `${boot}/${ticks}`;
}

let knownBootId: string | undefined;
function bootId(): string {
  knownBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return knownBootId;
}
