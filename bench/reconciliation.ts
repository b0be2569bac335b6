import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startLivePipeline } from "#server/reconciliation/engine/testing/live-pipeline.ts";
import { WORKER_PROCESS } from "#server/start/worker-process.ts";
import { startStack } from "#server/testing/stack.ts";
import { type Bench, type Figure, percentile } from "./harness.ts";
import { compare, createPair, fill, LIMITS, type Pair, plant, side } from "./reconciliation-load.ts";
import { againstMariadb } from "./reconciliation-mariadb.ts";
import {
  installReladiff,
  naive,
  naiveBytes,
  reladiff,
  requirePsql,
  warmUp,
} from "./reconciliation-rivals.ts";

const ROWS = Number(process.argv[3] ?? 1_000_000);
/** 0 leaves out the large table and the live pipeline. */
const MANY_ROWS = Number(process.argv[4] ?? 10 * ROWS);
const LIVE_RUNS = 5;
const ROUNDS = 5;
const MOST_BEHIND = 1;

export const bench: Bench = {
  name: "reconciliation",
  about: `${ROWS} rows against COPY + sort + comm and reladiff, ${MANY_ROWS} rows incrementally, a live pipeline with a paused sink`,
  async run(say) {
    requirePsql();
    const program = await installReladiff(say);
    const pair = await createPair();
    try {
      say(`filling ${ROWS} rows on both ends…`);
      await fill(pair, "rows", ROWS);
      const figures = await againstRivals(pair, program, say);
      figures.push(...(await againstMariadb(ROWS, say)));
      if (MANY_ROWS === 0) return figures;
      say(`filling ${MANY_ROWS} rows on both ends…`);
      await fill(pair, "many", MANY_ROWS);
      figures.push(...(await manyRows(pair, say)));
      figures.push(...(await liveWriters(say)));
      return figures;
    } finally {
      await pair.drop();
    }
  },
};

/** Same table, same minute, one after the other: ratios are all that counts on a shared machine. */
async function againstRivals(pair: Pair, program: string, say: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  const urls = [pair.source, pair.target];
  let planted = 0;
  for (const [name, wanted] of [
    ["d0", 0],
    ["d100", 100],
    ["d10k", Math.min(10_000, ROWS / 10)],
  ] as const) {
    if (wanted > 0) await plant(pair, "rows", ROWS, { wanted, parity: name === "d100" ? 0 : 1 });
    planted += wanted;
    await warmUp(urls, "rows");
    const [ours, theirs, shell]: [number[], number[], number[]] = [[], [], []];
    let bytes = 0;
    const acts = [
      async () => {
        const { found, cost } = await compare({
          source: side(pair.source, "rows"),
          target: side(pair.target, "rows"),
        });
        const total = found.missing_in_source + found.missing_in_target + found.value_mismatch;
        if (total !== planted) throw new Error(`${total} of ${planted} differences were found`);
        bytes = cost.source.bytesReceived + cost.target.bytesReceived;
        ours.push(cost.elapsedMs);
      },
      async () => shell.push(await timed(() => naive(pair.source, pair.target, "rows"))),
    ];
    for (let round = 0; round < ROUNDS; round += 1)
      for (const act of round % 2 === 0 ? acts : acts.toReversed()) await act();
    for (let round = 0; round < (wanted > 100 ? 1 : 3); round += 1)
      theirs.push(await timed(() => reladiff(program, pair.source, pair.target, "rows")));
    const [own, naively, rival] = [ours, shell, theirs].map((values) => percentile(values, 0.5)) as [
      number,
      number,
      number,
    ];
    say(
      `${name}: ${Math.round(own)} ms, COPY + sort + comm ${Math.round(naively)} ms, reladiff ${Math.round(rival)} ms; ${(bytes / 1e6).toFixed(1)} MB; ${planted} found`,
    );
    const against = (what: string, value: number, atMost?: number): Figure => ({
      name: `pg_1m_${name}_vs_${what}`,
      value,
      unit: "×",
      ...(atMost === undefined ? {} : { limit: { atMost } }),
    });
    figures.push(against("naive", own / naively, { d0: 0.5, d100: 0.5, d10k: 0.75 }[name]));
    if (name !== "d100") figures.push(against("reladiff", own / rival, name === "d0" ? 0.35 : 0.1));
    if (name === "d100")
      figures.push({
        name: "bytes_d100_vs_naive",
        value: bytes / (await naiveBytes(urls, "rows")),
        unit: "×",
        limit: { atMost: 0.015 },
      });
  }
  return figures;
}

async function manyRows(pair: Pair, say: (line: string) => void): Promise<Figure[]> {
  await fill(pair, "few", 1_000);
  await plant(pair, "many", MANY_ROWS, { wanted: 100, parity: 0 });
  const touched = MANY_ROWS / 1_000;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...[...WORKER_PROCESS.args, "bench/reconciliation-child.ts", pair.source, pair.target],
      ...["few", "many", String(MANY_ROWS), String(touched)],
    ],
    { env: { ...WORKER_PROCESS.env, ...process.env } },
  );
  const child = JSON.parse(stdout) as Record<string, number>;
  const { fullMs = 0, incrementalMs = 0, addedMb = 0, idleMb = 0, found } = child;
  if (found !== 100) throw new Error(`${found} of 100 differences were found in ${MANY_ROWS} rows`);
  say(
    `${MANY_ROWS} rows: full ${Math.round(fullMs)} ms, ${touched} touched keys ${Math.round(incrementalMs)} ms, idle ${Math.round(idleMb)} MB`,
  );
  return [
    { name: "incremental_vs_full", value: incrementalMs / fullMs, unit: "×", limit: { atMost: 0.02 } },
    { name: "added_mb", value: addedMb, unit: "MB", limit: { atMost: 128 } },
  ];
}

/** A real pipeline, writers at work, the sink paused every few seconds, 30 planted rows a run. */
async function liveWriters(say: (line: string) => void): Promise<Figure[]> {
  const stack = await startStack();
  try {
    say("starting a pipeline with writers…");
    const pipeline = await startLivePipeline(stack.deps, { rows: 100_000, rowsPerSecond: 2_200 });
    try {
      const [started, before] = [performance.now(), pipeline.written()];
      let [falsePositives, missed, inFlight, behind] = [0, 0, 0, 0];
      for (let round = 0; round < LIVE_RUNS; ) {
        const planted = new Set(await pipeline.plant(round + 1));
        const result = await compare(pipeline, { gate: pipeline.gate, limits: LIMITS });
        if (result.outcome !== "verified") {
          // On a busy machine the sink may be minutes behind; a check that proves nothing tells nothing.
          if (++behind > MOST_BEHIND || result.differences.length > 0) throw new Error(result.reason);
          say(`live run ${round + 1}, once more: ${result.reason}`);
          await pipeline.unplant();
          continue;
        }
        round += 1;
        const told = new Set(result.differences.map(({ kind, key }) => `${kind} ${key}`));
        falsePositives += [...told].filter((difference) => !planted.has(difference)).length;
        missed += [...planted].filter((difference) => !told.has(difference)).length;
        inFlight += result.inFlight;
        say(
          `live run ${round}: ${told.size} told, ${result.inFlight} on their way, ${result.unstable.count} unstable, ${result.cost.elapsedMs} ms of which ${result.cost.waitedMs} waiting`,
        );
        await pipeline.unplant();
      }
      const seconds = (performance.now() - started) / 1_000;
      return [
        {
          name: "false_positives",
          value: falsePositives,
          unit: "rows",
          limit: { atMost: 0 },
          note: `${inFlight} rows were on their way`,
        },
        { name: "missed", value: missed, unit: "rows", limit: { atMost: 0 } },
        {
          name: "live_row_writes_per_s",
          value: (pipeline.written() - before) / seconds,
          unit: "rows/s",
          limit: { atLeast: 2_000 },
        },
      ];
    } finally {
      await pipeline.stop();
    }
  } finally {
    await stack.stop();
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}
