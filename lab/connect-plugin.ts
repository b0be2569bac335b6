import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";

/** Jar of Headgate's plugin for Connect, built again when a source is newer. */
export async function buildConnectPlugin({
  repoDir,
  logFile,
  report,
  signal,
}: {
  repoDir: string;
  logFile: string;
  report: (line: string) => void;
  signal?: AbortSignal | undefined;
}): Promise<string> {
  const project = join(repoDir, "connect");
  const jar = join(project, "target/headgate-connect-0.1.0.jar");
  const changedAt = Math.max(
    await newestChange(join(project, "src/main")),
    (await stat(join(project, "pom.xml"))).mtimeMs,
  );
  if (existsSync(jar) && (await stat(jar)).mtimeMs >= changedAt) return jar;
  report("building the Connect plugin");
  await runCommand(
    { file: "mvn", args: ["-q", "-B", "-f", join(project, "pom.xml"), "package", "-DskipTests"] },
    { what: "Building the Connect plugin", logFile, timeoutMs: 600_000, signal },
  );
  if (!existsSync(jar)) throw new Error(`Maven built the Connect plugin but left no ${jar}`);
  return jar;
}

async function newestChange(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  return Math.max(0, ...times);
}
