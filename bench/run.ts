import { existsSync } from "node:fs";
import { writeHeadgateConfig } from "#lab/headgate-config.ts";
import { startLab } from "#lab/supervisor.ts";
import { type Bench, describeMachine, jsonLine, renderTable } from "./harness.ts";

/** `npm run bench -- <name>`: runs bench/<name>.ts on real engines. */
const name = process.argv[2] ?? "";
const file = new URL(`./${name}.ts`, import.meta.url);
if (!/^[a-z][a-z-]*$/.test(name) || ["run", "harness"].includes(name) || !existsSync(file)) {
  console.error(`There is no bench ${name || "(none named)"}. Usage: npm run bench -- foundation`);
  process.exit(2);
}
const say = (line: string) => process.stdout.write(`${line}\n`);
const dir = ".headgate/bench-lab";
const isGiven = Boolean(process.env.HEADGATE_LAB_DIR);
// What a bench imports reads it when it is loaded.
process.env.HEADGATE_LAB_DIR ||= dir;
const { bench } = (await import(file.href)) as { bench: Bench };
const lab =
  !isGiven && !bench.ownsEngines
    ? await startLab({ dir, portBase: 19_600, traffic: 0, fresh: true, onProgress: say })
    : undefined;
try {
  if (lab) await writeHeadgateConfig(lab.endpoints, dir);
  say(`${bench.name}: ${bench.about}`);
  say(`machine: ${describeMachine()}`);
  const figures = await bench.run(say);
  say(`\n${renderTable(figures)}\n`);
  say(jsonLine(bench.name, figures));
} finally {
  await lab?.stop();
}
process.exit(0);
