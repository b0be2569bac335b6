import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const MARKER = ".next/headgate-build";
const SOURCES = [
  "app",
  "components",
  "db",
  "domain",
  "server",
  "package-lock.json",
  "next.config.ts",
  "proxy.ts",
];

/** Builds the web app unless the last complete build is of exactly these sources. */
export async function ensureBuild(say: (line: string) => void): Promise<void> {
  const digest = sourceDigest();
  const standalone = ".next/standalone/server.js";
  if (existsSync(MARKER) && existsSync(standalone) && readFileSync(MARKER, "utf8") === digest) return;
  say("Building the web app …");
  await run("node_modules/.bin/next", ["build"], ".headgate/build.log");
  cpSync(".next/static", ".next/standalone/.next/static", { recursive: true });
  if (existsSync("public")) cpSync("public", ".next/standalone/public", { recursive: true });
  writeFileSync(MARKER, digest);
}

function sourceDigest(): string {
  const hash = createHash("sha256");
  for (const path of SOURCES) {
    if (!existsSync(path)) continue;
    for (const file of filesOf(path)) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash.update(file).update("\0").update(readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex");
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function run(program: string, args: string[], logFile: string): Promise<void> {
  mkdirSync(dirname(logFile), { recursive: true });
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines: string[] = [];
    const keep = (chunk: Buffer) => lines.push(chunk.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", reject);
    child.on("exit", (code) => {
      writeFileSync(logFile, lines.join(""));
      if (code === 0) resolve();
      else reject(new Error(`The build failed; ${logFile} has its output:\n${lines.join("").slice(-3000)}`));
    });
  });
}
