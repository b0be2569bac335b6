import { compare, side } from "./reconciliation-load.ts";

/** One comparison in a process of its own, so that its memory and its pace are its own. Prints one line of JSON. */
const [source = "", target = "", small = "", table = "", rows = "0", touched = "0"] = process.argv.slice(2);

const ends = (name: string) => ({ source: side(source, name), target: side(target, name) });
const weightMb = () => process.memoryUsage.rss() / 2 ** 20;

// What any worker has loaded, and its pools, count as idle.
for (let round = 0; round < 5; round += 1) await compare(ends(small));
const idleMb = weightMb();
let mostMb = idleMb;
const watch = setInterval(() => {
  mostMb = Math.max(mostMb, weightMb());
}, 20);

const full = await compare(ends(table));
const incremental: number[] = [];
for (let round = 0; round < 5; round += 1) {
  const { cost, comparedKeys } = await compare(ends(table), {
    coverage: { kind: "keys", pages: touchedKeys(Number(rows), Number(touched)) },
  });
  if (comparedKeys !== Number(touched)) throw new Error(`${comparedKeys} of ${touched} keys were compared`);
  incremental.push(cost.elapsedMs);
}
clearInterval(watch);
incremental.sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    idleMb,
    addedMb: mostMb - idleMb,
    fullMs: full.cost.elapsedMs,
    incrementalMs: incremental[2],
    rows: full.rows.source,
    found: full.differences.length,
  })}\n`,
);
process.exit(0);

/** Keys from all over the table, in no order, as topics carry them. */
async function* touchedKeys(total: number, count: number): AsyncGenerator<string[]> {
  const step = Math.floor(total / count);
  const page: string[] = [];
  for (let index = 0; index < count; index += 1) page.push(String((((index * 7_919) % count) + 1) * step));
  for (let at = 0; at < page.length; at += 2_000) yield page.slice(at, at + 2_000);
}
