import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const CruiseReport = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

const FOLDERS = ["app", "bench", "components", "db", "domain", "e2e", "lab", "server"];

/** One planted violation per rule: a rule that catches nothing is no rule. Removed again at once. */
const PLANTED: { rule: string; file: string; text: string }[] = [
  { rule: "domain-is-pure", file: "domain/planted.ts", text: 'import "node:fs";' },
  {
    rule: "browser-code-never-loads-the-server",
    file: "components/planted.ts",
    text: 'import "#server/log.ts";',
  },
  { rule: "pages-use-the-api", file: "app/planted.ts", text: 'import "#server/log.ts";' },
  {
    rule: "services-do-not-know-trpc",
    file: "server/plans/planted.ts",
    text: 'import "#server/api/trpc.ts";',
  },
  { rule: "services-do-not-know-next", file: "server/plans/planted.ts", text: 'import "next/headers";' },
  {
    rule: "only-the-entry-reads-env",
    file: "server/plans/planted.ts",
    text: 'import { readEnv } from "#server/env.ts"; readEnv();',
  },
  { rule: "adapters-stand-alone", file: "server/kafka-connect/planted.ts", text: 'import "#db/client.ts";' },
  { rule: "one-way-to-the-database", file: "e2e/planted.ts", text: 'import "#db/client.ts";' },
  { rule: "journeys-know-no-internals", file: "e2e/planted.ts", text: 'import "#server/log.ts";' },
  {
    rule: "nothing-imports-observability",
    file: "server/plans/planted.ts",
    text: 'import "#server/observability/planted.ts";',
  },
  {
    rule: "foundations-import-no-module",
    file: "server/audit/planted.ts",
    text: 'import "#server/connectors/planted.ts";',
  },
  { rule: "no-cycles", file: "domain/planted.ts", text: 'import "./planted-too.ts";' },
];
const COMPANIONS = [
  { file: "server/observability/planted.ts", text: "export {};" },
  { file: "server/connectors/planted.ts", text: "export {};" },
  { file: "domain/planted-too.ts", text: 'import "./planted.ts";' },
];

// A run that was cut off must not leave its plants behind: the next one would fail at them.
removePlants();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    removePlants();
    process.exit(1);
  });
}

const real = cruise(FOLDERS);
if (real.summary.totalCruised < 20)
  fail(`only ${real.summary.totalCruised} modules were looked at: the parser is not working`);
if (real.summary.violations.length > 0) {
  for (const { rule, from, to } of real.summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
  fail(`${real.summary.violations.length} forbidden imports; docs/architecture.md says what may import what`);
}
if (process.argv.includes("--plant")) checkRules();
console.log(`imports: ${real.summary.totalCruised} modules, no forbidden import`);

function checkRules(): void {
  for (const { rule, file, text } of PLANTED) {
    const files = [{ file, text: `${text}\n` }, ...COMPANIONS];
    for (const item of files) {
      mkdirSync(dirname(item.file), { recursive: true });
      writeFileSync(item.file, item.text);
    }
    try {
      const found = cruise(files.map((item) => item.file)).summary.violations.some(
        (hit) => hit.rule.name === rule,
      );
      if (!found) fail(`the rule ${rule} did not catch its planted violation in ${file}`);
    } finally {
      for (const item of files) rmSync(item.file, { force: true });
    }
  }
  console.log(`imports: ${PLANTED.length} rules caught their planted violation`);
}

function removePlants(): void {
  for (const { file } of [...PLANTED, ...COMPANIONS]) rmSync(file, { force: true });
}

function cruise(paths: string[]): z.infer<typeof CruiseReport> {
  const existing = paths.filter((path) => execFileSync("ls", ["-d", path], { stdio: "pipe" }).length > 0);
  const run = spawnSync(
    "node_modules/.bin/depcruise",
    ["--config", ".dependency-cruiser.mjs", "--output-type", "json", ...existing],
    { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
  );
  try {
    return CruiseReport.parse(JSON.parse(run.stdout));
  } catch {
    return fail(`dependency-cruiser did not answer: ${run.stderr.slice(0, 2000)}`);
  }
}

function fail(text: string): never {
  console.error(`imports: ${text}`);
  process.exit(1);
}
