import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { run } from "./reconciliation-load.ts";

const execute = promisify(execFile);
const MOST_OUTPUT = 1 << 30;

/** Both tables to this machine, sorted, compared line by line: what anybody with a shell can do. Returns the lines that differ. */
export async function naive(source: string, target: string, table: string): Promise<number> {
  const half = (url: string) =>
    `psql '${url}' -qXAt -c 'copy ${table} to stdout' | LC_ALL=C sort -S 512M --parallel=1`;
  const script = `set -o pipefail; LC_ALL=C comm -3 <(${half(source)}) <(${half(target)}) | wc -l`;
  const { stdout } = await execute("bash", ["-c", script]);
  return Number(stdout.trim());
}

/** Bytes the naive way moves. */
export async function naiveBytes(urls: readonly string[], table: string): Promise<number> {
  const sizes = await Promise.all(
    urls.map((url) => execute("bash", ["-c", `psql '${url}' -qXAt -c 'copy ${table} to stdout' | wc -c`])),
  );
  return sizes.reduce((total, { stdout }) => total + Number(stdout.trim()), 0);
}

export function requirePsql(): void {
  if (spawnSync("psql", ["--version"]).status !== 0)
    throw new Error("The alternative needs psql on the PATH (Debian: apt-get install postgresql-client)");
}

/** reladiff from PyPI, pinned, in an environment of its own. */
export async function installReladiff(say: (line: string) => void): Promise<string> {
  const folder = resolve(".headgate/bench/reladiff");
  const program = `${folder}/bin/reladiff`;
  if (existsSync(program)) return program;
  say("installing reladiff…");
  await execute("python3", ["-m", "venv", folder]);
  await execute(`${folder}/bin/pip`, [
    ...["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"],
    ...["-r", "bench/requirements.txt"],
  ]);
  return program;
}

/** Returns the lines it reports: one for a row on one end only, two for a changed one. */
export async function reladiff(
  program: string,
  source: string,
  target: string,
  table: string,
): Promise<number> {
  const { stdout } = await execute(
    program,
    [source, table, target, table, "-k", "id", "-c", "%", "-j", "1"],
    { maxBuffer: MOST_OUTPUT, env: { ...process.env, COLUMNS: "100000" } },
  );
  return stdout.split("\n").filter((line) => /^[+-] /.test(line)).length;
}

/** Reads both tables once, so that nobody pays for cold pages. */
export async function warmUp(urls: readonly string[], table: string): Promise<void> {
  await Promise.all(urls.map((url) => run(url, `select count(*) from ${table}`)));
}
