import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { ensureBuild } from "#server/start/build.ts";
import { writeHeadgateConfig } from "./headgate-config.ts";
import { type Lab, startLab } from "./supervisor.ts";

/**
 * `npm test`: everything, in order of how soon it tells the truth. Checks and unit tests, then the real engines are started
 * (own ports, own folder) while the web app is built, then the integration tests, then the journeys in a browser.
 * `npm test -- unit|plugin|integration|e2e` runs a part.
 */
const DIR = ".headgate/test";
const PORT_BASE = Number(process.env.HEADGATE_TEST_PORT_BASE ?? 18600);
const RESULTS = ".headgate/test-results";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const part = process.argv[2] ?? "all";
const parts = ["all", "checks", "unit", "plugin", "integration", "e2e"];
if (!parts.includes(part)) {
  console.error(`Unknown part ${part}. Known: ${parts.join(", ")}`);
  process.exit(2);
}
const wants = (name: string) => part === "all" || part === name;

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
const times: { stage: string; seconds: number }[] = [];
const children = new Set<ReturnType<typeof spawn>>();
let lab: Lab | undefined;
let interrupted = false;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interrupted = true;
    for (const child of children) child.kill("SIGTERM");
  });
}

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });

try {
  if (wants("checks")) {
    await stage("imports", () => sh("node", ["lab/checks/imports.ts", "--plant"]));
    await stage("format", () => sh("biome", ["format", "."]));
    await stage("lint", () => sh("biome", ["lint", "--error-on-warnings", "."]));
    await stage("types", async () => (await sh("next", ["typegen"])) && (await sh("tsc", ["--noEmit"])));
    await stage("unused code", () => sh("knip", []));
    await stage("docs", () => sh("node", ["lab/checks/docs.ts"]));
  }
  if (wants("unit")) {
    await stage("unit and component tests", () => vitest("unit", ["--project", "unit", "--project", "dom"]));
  }
  if (wants("plugin")) {
    await stage("connect plugin", async () => {
      const ok = await sh("mvn", ["-q", "-B", "-f", "connect/pom.xml", "verify"]);
      addSurefire();
      return ok;
    });
  }
  if (wants("integration") || wants("e2e")) {
    await stage("build and engines", async () => {
      const [, started] = await Promise.all([
        wants("e2e") ? ensureBuild(say) : undefined,
        startLab({ dir: DIR, portBase: PORT_BASE, fresh: true, traffic: 3, onProgress: say }),
      ]);
      lab = started;
      await writeHeadgateConfig(lab.endpoints, DIR);
      return true;
    });
  }
  if (lab && wants("integration")) {
    await stage("integration tests", () => vitest("integration", ["--project", "integration"]));
  }
  if (lab && wants("e2e")) {
    await stage("journeys", async () => {
      const ok = await sh("playwright", ["test"], { PLAYWRIGHT_JSON_OUTPUT_NAME: `${RESULTS}/e2e.json` });
      addPlaywright();
      return ok;
    });
  }
} finally {
  await lab?.stop();
}

for (const { stage: name, seconds } of times) say(`${seconds.toFixed(1).padStart(8)} s  ${name}`);
for (const failure of failures) say(`failed: ${failure}`);
say(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(failures.length === 0 && total.failed === 0 && !interrupted ? 0 : 1);

/** A stage that fails does not hide what the later ones would say, except that nothing can follow without engines. */
async function stage(name: string, run: () => Promise<boolean>): Promise<void> {
  if (interrupted) return;
  say(`\n── ${name}`);
  const start = Date.now();
  try {
    if (!(await run())) failures.push(name);
  } catch (error) {
    failures.push(name);
    console.error(error instanceof Error ? error.message : error);
  }
  times.push({ stage: name, seconds: (Date.now() - start) / 1000 });
}

function sh(program: string, args: string[], env: Record<string, string> = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        HEADGATE_LAB_DIR: DIR,
        NEXT_TELEMETRY_DISABLED: "1",
        NO_COLOR: "1",
        NODE_OPTIONS: "--disable-warning=TimeoutNegativeWarning",
        ...env,
      },
    });
    children.add(child);
    child.on("error", (error) => {
      console.error(`${program} could not be started: ${error.message}`);
      resolve(false);
    });
    child.on("exit", (code) => {
      children.delete(child);
      resolve(code === 0);
    });
  });
}

async function vitest(name: string, args: string[]): Promise<boolean> {
  const file = `${RESULTS}/${name}.json`;
  const ok = await sh("vitest", [
    "run",
    ...args,
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  const Report = z.object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
  });
  if (existsSync(file)) {
    const report = Report.parse(JSON.parse(readFileSync(file, "utf8")));
    add({ passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests });
    if (report.numPassedTests === 0) return false;
  }
  return ok && existsSync(file);
}

function addPlaywright(): void {
  const Report = z.object({
    stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  });
  const { stats } = Report.parse(JSON.parse(readFileSync(`${RESULTS}/e2e.json`, "utf8")));
  add({ passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped });
}

function addSurefire(): void {
  const folder = "connect/target/surefire-reports";
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder).filter((name) => name.startsWith("TEST-"))) {
    const head = readFileSync(`${folder}/${file}`, "utf8").match(/<testsuite [^>]*>/)?.[0] ?? "";
    const number = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
    const failed = number("failures") + number("errors");
    add({ passed: number("tests") - failed - number("skipped"), failed, skipped: number("skipped") });
  }
}

function add(counts: Counts): void {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
