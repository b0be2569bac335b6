import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** One program to run; secrets go in files or `env`, never in `args`, which everybody on the machine can read. */
export type Command = {
  file: string;
  args: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
  uid?: number;
  gid?: number;
};

const rotateAboveBytes = 20 * 1024 * 1024;

/** Opens a log for appending; a grown one moves aside, so that two files bound what an engine can write between starts. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file) && statSync(file).size > rotateAboveBytes) renameSync(file, `${file}.1`);
  return openSync(file, "a", 0o600);
}

/** The last lines of a log, or of what was written to it after a byte position. */
export function tailOf(file: string, lines = 15, from = 0): string {
  try {
    return readFileSync(file).subarray(from).toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "(no log)";
  }
}

/** Runs a program to its end with its output in `logFile`; the end of that log is in the error when it fails. */
export async function runCommand(
  command: Command,
  {
    logFile,
    timeoutMs,
    what,
    signal,
  }: { logFile: string; timeoutMs: number; what: string; signal?: AbortSignal | undefined },
): Promise<void> {
  const log = openLog(logFile);
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(command.file, command.args, {
        ...spawnPlace(command),
        stdio: ["ignore", log, log],
        timeout: timeoutMs,
        killSignal: "SIGKILL",
        ...(signal ? { signal } : {}),
      });
      child.once("error", (cause: NodeJS.ErrnoException) => {
        if (signal?.aborted) return reject(signal.reason);
        reject(
          new Error(
            cause.code === "ENOENT"
              ? `${what}: ${command.file} is not installed`
              : `${what}: ${cause.message}`,
          ),
        );
      });
      child.once("exit", (code, signal) => {
        if (code === 0) return resolve();
        const ending = signal ? `ended by ${signal} (limit ${timeoutMs / 1000} s)` : `exit code ${code}`;
        reject(new Error(`${what} failed: ${ending}\n${tailOf(logFile)}\nFull log: ${logFile}`));
      });
    });
  } finally {
    closeSync(log);
  }
}

export function spawnPlace(command: Command) {
  return {
    env: { ...process.env, ...command.env },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  };
}
