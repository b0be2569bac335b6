/** Over 400 lines: kinds of keys, parts of tables, and the ways a run ends early, each on the same pair of databases. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keyText } from "#domain/reconciliation/engine/key-text.ts";
import type { Checkpoint } from "./compare-table.ts";
import { type PositionGate, settledGate } from "./position-gate.ts";
import {
  compareTwo,
  QUICK_LIMITS,
  shown,
  startTwoDatabases,
  type TwoDatabases,
} from "./testing/two-databases.ts";

let lab: TwoDatabases;

beforeAll(async () => {
  lab = await startTwoDatabases();
}, 60_000);
afterAll(() => lab?.stop());

const ends = (table: string) => ({ source: lab.side("source", table), target: lab.side("target", table) });

async function onBoth(sql: string): Promise<void> {
  await Promise.all([lab.source.query(sql), lab.target.query(sql)]);
}

/** 20,000 rows on both ends; in the target three are gone, three changed, three more. */
async function plant(table: string, columns: string, keyOf: (row: string) => string, key: string) {
  await onBoth(
    `create table ${table} (${columns}); insert into ${table} select ${keyOf("i")}, i, 'row ' || i from generate_series(1, 20000) i; analyze ${table}`,
  );
  const is = (row: number) => `(${key}) = (${keyOf(String(row))})`;
  await lab.target.query(`delete from ${table} where ${is(7)} or ${is(10_000)} or ${is(20_000)}`);
  await lab.target.query(`update ${table} set n = n + 1 where ${is(8)} or ${is(12_345)}`);
  await lab.target.query(`update ${table} set s = null where ${is(15_000)}`);
  await lab.target.query(
    `insert into ${table} select ${keyOf("i")}, i, 'extra' from generate_series(30001, 30003) i`,
  );
}

const KINDS = { missing_in_target: 3, missing_in_source: 3, value_mismatch: 3 };

describe("every planted difference is found, whatever the key", () => {
  test.each([
    ["k_int", "id int primary key", (row: string) => row, "id"],
    ["k_gapped", "id bigint primary key", (row: string) => `${row}::bigint * 1000003 - 5000000000`, "id"],
    ["k_beyond", "id bigint primary key", (row: string) => `9007199254740992 + ${row}`, "id"],
    [
      "k_extreme",
      "id bigint primary key",
      (row: string) =>
        `case when ${row} % 2 = 0 then 9223372036854775807 - ${row} else -9223372036854775808 + ${row} end`,
      "id",
    ],
    ["k_uuid", "id uuid primary key", (row: string) => `md5((${row})::text)::uuid`, "id"],
    ["k_text", "id text primary key", (row: string) => `'Ä' || (${row}) || ' ''x'`, "id"],
    ["k_icu", `id text collate "und-x-icu" primary key`, (row: string) => `'k-' || (${row})`, "id"],
    ["k_char", "id char(9) primary key", (row: string) => `(${row})::text`, "id"],
    ["k_date", "id date primary key", (row: string) => `date '1900-01-01' + (${row})::int`, "id"],
    [
      "k_ts",
      "id timestamptz primary key",
      (row: string) => `timestamptz '2026-01-01 00:00:00.000001+00' + (${row}) * interval '1 ms'`,
      "id",
    ],
    ["k_numeric", "id numeric(20,3) primary key", (row: string) => `(${row})::numeric / 8`, "id"],
    ["k_binary", "id bytea primary key", (row: string) => `decode(md5((${row})::text), 'hex')`, "id"],
    ["k_two", "a int, b text, primary key (a, b)", (row: string) => `(${row}) % 97, 'b' || (${row})`, "a, b"],
    [
      "k_two_text",
      "a text, b date, primary key (a, b)",
      (row: string) => `'a' || (${row}) % 97, date '2000-01-01' + (${row})::int`,
      "a, b",
    ],
  ])(
    "%s",
    async (table, key, keyOf, names) => {
      await plant(
        table,
        `${key}, n int, s text`.replace(/^(.*?), (primary key \(.*?\)), (.*)$/, "$1, $3, $2"),
        keyOf,
        names,
      );

      const result = await compareTwo(ends(table));

      expect(result).toMatchObject({ outcome: "verified", hash: "native", found: KINDS });
      expect(new Set(shown(result.differences)).size).toBe(9);
      expect(result.rows).toEqual({ source: 20_000, target: 20_000 });
      const changed = result.differences.filter(({ kind }) => kind === "value_mismatch");
      expect(changed.map(({ columns }) => columns[0]).sort()).toEqual(["n", "n", "s"]);
    },
    60_000,
  );
});

test("a key far beyond the others, past 2^53, costs no other its place", async () => {
  await plant("outlying", "id bigint primary key, n int, s text", (row) => row, "id");
  const far = [2n ** 60n, 2n ** 60n + 1n, 2n ** 53n + 1n];
  await lab.source.query(`insert into outlying select k, 0, 'far' from unnest('{${far}}'::int8[]) k`);
  await lab.target.query(`insert into outlying values (${far[0]}, 0, 'far'), (${far[1]}, 1, 'far')`);

  const { found, differences } = await compareTwo(ends("outlying"));

  expect(found).toEqual({ missing_in_target: 4, missing_in_source: 3, value_mismatch: 4 });
  expect(shown(differences)).toEqual(
    expect.arrayContaining([`value_mismatch ${far[1]}`, `missing_in_target ${far[2]}`]),
  );
});

test("the portable hash finds the same as the native one", async () => {
  await plant("p_int", "id int primary key, n int, s text", (row) => row, "id");
  const portable = (end: "source" | "target") => {
    const side = lab.side(end, "p_int");
    // Another engine's name keeps the two from using PostgreSQL's own hash.
    return { ...side, engine: end };
  };

  const result = await compareTwo({ source: portable("source"), target: portable("target") });

  expect(result).toMatchObject({ hash: "sha256", found: KINDS });
  expect(shown(result.differences)).toEqual(shown((await compareTwo(ends("p_int"))).differences));
});

test("rows without a key are compared as a multiset", async () => {
  await onBoth(
    "create table no_key (n int, s text); insert into no_key select i % 500, 'x' from generate_series(1, 2000) i",
  );
  await lab.target.query(
    "insert into no_key values (3, 'x'), (3, 'x'); delete from no_key where n = 9; insert into no_key values (null, null)",
  );

  const { found, differences } = await compareTwo(ends("no_key"));

  expect(found).toEqual({ missing_in_target: 1, missing_in_source: 2, value_mismatch: 0 });
  expect(differences.map(({ kind, duplicates }) => [kind, duplicates]).sort()).toEqual([
    ["missing_in_source", 0],
    ["missing_in_source", 2],
    ["missing_in_target", 0],
  ]);
});

test("a key that the target holds twice is a finding of its own", async () => {
  await onBoth(
    "create table twice (id int, v text); insert into twice select i, 'v' from generate_series(1, 100) i",
  );
  await lab.source.query("alter table twice add primary key (id)");
  await lab.target.query("insert into twice values (5, 'v'), (6, 'w')");

  const { differences } = await compareTwo(ends("twice"));

  expect(differences.map(({ key, kind, duplicates }) => [key, kind, duplicates]).sort()).toEqual([
    ["5", "value_mismatch", 1],
    ["6", "value_mismatch", 1],
  ]);
});

test("a key that is unique on neither end hides no rows in pairs", async () => {
  await onBoth(
    "create table pairs (id int, v text); insert into pairs select i, 'v' from generate_series(1, 100) i",
  );
  await lab.source.query("insert into pairs values (7, 'a'), (7, 'a')");
  await lab.target.query("insert into pairs values (7, 'b'), (7, 'b')");

  for (const source of [lab.side("source", "pairs"), { ...lab.side("source", "pairs"), engine: "another" }]) {
    const target = lab.side("target", "pairs");
    const { differences } = await compareTwo({ source, target }, { mapping: { key: ["id"] } });
    expect(shown(differences)).toEqual(["value_mismatch 7"]);
  }
});

test.each(["native", "sha256"] as const)(
  "a table of three hundred columns, with the %s hash",
  async (hash) => {
    const table = `wide_${hash}`;
    const names = Array.from({ length: 300 }, (_name, place) => `c${place}`);
    await onBoth(`create table ${table} (id int primary key, ${names.map((name) => `${name} text`).join(", ")});
    insert into ${table} (id, c7, c299) select i, 'a', 'z' from generate_series(1, 50) i`);
    await lab.target.query(`update ${table} set c298 = 'z', c299 = null where id = 30`);

    const { source, target } = ends(table);
    const result = await compareTwo({
      source: hash === "native" ? source : { ...source, engine: "another" },
      target,
    });

    expect(result.hash).toBe(hash);
    expect(result.differences.map(({ key, columns }) => [key, columns])).toEqual([["30", ["c298", "c299"]]]);
  },
);

test("empty tables are equal; one empty end misses every row", async () => {
  await onBoth("create table empties (id int primary key, v text)");
  expect((await compareTwo(ends("empties"))).found).toEqual({
    missing_in_target: 0,
    missing_in_source: 0,
    value_mismatch: 0,
  });
  await lab.source.query("insert into empties select i, 'v' from generate_series(1, 7000) i");

  expect((await compareTwo(ends("empties"))).found.missing_in_target).toBe(7000);
});

test("counting finds missing and extra rows and no changed values", async () => {
  await plant("counted", "id int primary key, n int, s text", (row) => row, "id");

  const result = await compareTwo(ends("counted"), { method: "row_count" });

  expect(result.found).toEqual({ missing_in_target: 3, missing_in_source: 3, value_mismatch: 0 });
});

test("given keys, slices and windows look at their part and no other", async () => {
  await onBoth(
    "create table parts (id int primary key, at timestamptz, v text); insert into parts select i, timestamptz '2026-11-01' + i * interval '1 minute', 'v' from generate_series(1, 10000) i; analyze parts",
  );
  await lab.target.query(
    "update parts set v = 'w' where id in (10, 5000, 9990); delete from parts where id = 20",
  );
  async function* pages() {
    yield ["10", "11", "20"];
    yield ["777777"];
  }

  const keys = await compareTwo(ends("parts"), { coverage: { kind: "keys", pages: pages() } });
  const slices = await Promise.all(
    [0, 1, 2, 3].map((part) => compareTwo(ends("parts"), { coverage: { kind: "slice", part, of: 4 } })),
  );
  const from = new Date("2026-11-01T00:00:00Z");
  const window = await compareTwo(ends("parts"), {
    method: "timestamp_window",
    coverage: { kind: "window", column: "at", from, to: new Date(from.getTime() + 60_000 * 100) },
  });

  expect(shown(keys.differences)).toEqual(["missing_in_target 20", "value_mismatch 10"]);
  expect(slices.flatMap(({ differences }) => shown(differences)).sort()).toEqual([
    "missing_in_target 20",
    "value_mismatch 10",
    "value_mismatch 5000",
    "value_mismatch 9990",
  ]);
  expect(slices.reduce((sum, { rows }) => sum + rows.source, 0)).toBe(10_000);
  expect(shown(window.differences)).toEqual(["missing_in_target 20", "value_mismatch 10"]);
});

test("a sample says how many rows it saw and in what interval the share lies", async () => {
  await onBoth(
    "create table sampled (id int primary key, v int); insert into sampled select i, i from generate_series(1, 20000) i; analyze sampled",
  );
  await lab.target.query("update sampled set v = -1 where id % 10 = 0");

  const result = await compareTwo(ends("sampled"), {
    method: "sample",
    coverage: { kind: "sample", rows: 4000, seed: 3 },
  });

  expect(result.comparedKeys).toBeGreaterThan(3_000);
  expect(result.comparedKeys).toBeLessThan(5_000);
  expect(result.interval?.low).toBeLessThan(0.1);
  expect(result.interval?.high).toBeGreaterThan(0.1);
});

const MANY_SLICES = { ...QUICK_LIMITS, sliceMs: 0.5 };

test("a run that was killed goes on where it was and ends with the same result", async () => {
  await plant("resumed", "id int primary key, n int, s text", (row) => row, "id");
  const whole = await compareTwo(ends("resumed"), { limits: MANY_SLICES });
  const stop = new AbortController();
  let last: Checkpoint | undefined;
  let parts = 0;
  const killed = compareTwo(ends("resumed"), {
    limits: MANY_SLICES,
    signal: stop.signal,
    onCheckpoint: async (checkpoint) => {
      last = JSON.parse(JSON.stringify(checkpoint)) as Checkpoint;
      parts += 1;
      if (parts === 9) stop.abort(new Error("killed"));
    },
  });
  await expect(killed).rejects.toThrow("killed");

  const resumed = await compareTwo(ends("resumed"), { limits: MANY_SLICES, resumeFrom: last });

  expect(whole.plan.slices).toBeGreaterThan(12);
  expect(resumed.checkpoints.length).toBe(whole.checkpoints.length - 9);
  expect(resumed).toMatchObject({ rows: whole.rows, found: whole.found, checksums: whole.checksums });
  expect(shown(resumed.differences)).toEqual(shown(whole.differences));
});

test("what a gate could not judge on the way is not forgotten by a run that goes on", async () => {
  await plant("given_up", "id int primary key, n int, s text", (row) => row, "id");
  const limits = { ...MANY_SLICES, maxSuspects: 1 };
  let asked = 0;
  const gate: PositionGate = {
    ...settledGate,
    reached: async () => {
      asked += 1;
      return asked === 1
        ? { applied: false, reason: "the sink is paused", waitedMs: 0 }
        : { applied: true, waitedMs: 0 };
    },
  };

  const first = await compareTwo(ends("given_up"), { limits, gate });
  const resumed = await compareTwo(ends("given_up"), { limits, resumeFrom: last(first.checkpoints) });

  expect(first).toMatchObject({ outcome: "not_verifiable", reason: "the sink is paused" });
  expect(asked).toBe(1);
  expect(resumed).toMatchObject({ outcome: "verified", found: KINDS });
});

test("keys that are told twice, in a part or after a stop, are judged once", async () => {
  await plant("told_twice", "id int primary key, n int, s text", (row) => row, "id");
  const coverage = () => ({
    kind: "keys" as const,
    pages: pagesOf([["7", "8", "9"], ["8"], Array.from({ length: 6_000 }, (_key, id) => String(id)), ["8"]]),
  });
  const stop = new AbortController();
  let before: Checkpoint | undefined;
  const stopped = compareTwo(ends("told_twice"), {
    coverage: coverage(),
    signal: stop.signal,
    onCheckpoint: async (checkpoint) => {
      before = checkpoint;
    },
    onProgress: ({ phase }) => {
      if (phase === "confirming") stop.abort(new Error("stopped"));
    },
  });
  await expect(stopped).rejects.toThrow("stopped");

  const { found, differences, unstable } = await compareTwo(ends("told_twice"), {
    coverage: coverage(),
    resumeFrom: before,
  });

  expect(found).toEqual({ missing_in_target: 1, missing_in_source: 0, value_mismatch: 1 });
  expect(differences.map(({ key, duplicates }) => [key, duplicates])).toEqual([
    ["7", 0],
    ["8", 0],
  ]);
  expect(unstable.count).toBe(0);
});

async function* pagesOf(pages: string[][]): AsyncGenerator<string[]> {
  yield* pages;
}

function last(checkpoints: readonly unknown[]): Checkpoint | undefined {
  return checkpoints.at(-1) as Checkpoint | undefined;
}

test("progress of another comparison is refused", async () => {
  await onBoth("create table other (id int primary key)");
  const { checkpoints } = await compareTwo(ends("other"));
  const resumeFrom = checkpoints[0] as Checkpoint;

  await expect(compareTwo(ends("other"), { method: "row_count", resumeFrom })).rejects.toThrow(
    "start the run anew",
  );
});

test("a connection cut in the middle fails the run and reports nothing", async () => {
  await plant("cut", "id int primary key, n int, s text", (row) => row, "id");
  let told = 0;
  const running = compareTwo(ends("cut"), {
    limits: MANY_SLICES,
    onDifferences: async (found) => {
      told += found.length;
    },
    onCheckpoint: async () => {
      await lab.target.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
    },
  });

  await expect(running).rejects.toMatchObject({ code: "upstream_unavailable", retryable: true });
  expect(told).toBe(0);
});

test("a column dropped during the run ends it in words", async () => {
  await plant("dropping", "id int primary key, n int, s text", (row) => row, "id");
  const running = compareTwo(ends("dropping"), {
    limits: MANY_SLICES,
    onCheckpoint: async () => {
      await lab.target.query("alter table dropping drop column if exists s");
    },
  });

  await expect(running).rejects.toMatchObject({
    code: "conflict",
    message: "The columns of public.dropping changed during the run",
  });
});

test("a missing table, no common column and a statement that takes too long are said so", async () => {
  await lab.source.query("create table lonely (id int primary key)");
  await lab.source.query("create view slow as select 1 as id, pg_sleep(5)::text as v");
  await lab.target.query("create table slow (id int, v text)");

  await expect(compareTwo(ends("lonely"))).rejects.toMatchObject({ code: "not_found" });
  await expect(
    compareTwo(ends("slow"), { limits: { ...QUICK_LIMITS, statementTimeoutMs: 200 } }),
  ).rejects.toMatchObject({ code: "upstream_rejected", retryable: true });
});

test("an abort ends the statements on both ends", async () => {
  await onBoth(
    "create table aborted (id int primary key, v text); insert into aborted select i, 'v' from generate_series(1, 100000) i",
  );
  const stop = new AbortController();
  const running = compareTwo(ends("aborted"), {
    signal: stop.signal,
    limits: { ...MANY_SLICES, maxRowsPerSecond: 100 },
    onCheckpoint: async () => stop.abort(new Error("called off")),
  });

  await expect(running).rejects.toThrow("called off");
  await expect
    .poll(async () => {
      const { rows } = await lab.source.query(
        "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
      return rows.length;
    })
    .toBe(0);
});

test("keys are written so that no two look alike", () => {
  expect(keyText(["a\u001f", "b"])).not.toBe(keyText(["a", "\u001fb"]));
  expect(keyText(["a\\", "u"])).not.toBe(keyText(["a", "\\u"]));
});
