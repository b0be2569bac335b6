import { existsSync } from "node:fs";
import { type Bench, describeMachine, jsonLine, renderTable } from "./harness.ts";

/** `npm run bench -- <name>`: runs bench/<name>.ts on real engines. */
const name = process.argv[2] ?? "";
const file = new URL(`./${name}.ts`, import.meta.url);
if (!/^[a-z][a-z-]*$/.test(name) || ["run", "harness"].includes(name) || !existsSync(file)) {
  console.error(`There is no bench ${name || "(none named)"}. Usage: npm run bench -- foundation`);
  process.exit(2);
}
const { bench } = (await import(file.href)) as { bench: Bench };
const say = (line: string) => process.stdout.write(`${line}\n`);
say(`${bench.name}: ${bench.about}`);
say(`machine: ${describeMachine()}`);
const figures = await bench.run(say);
say(`\n${renderTable(figures)}\n`);
say(jsonLine(bench.name, figures));
process.exit(0);
