import mysql from "mysql2/promise";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MariadbSource, startMariadbSource } from "#server/testing/mariadb-source.ts";
import type { Checkpoint } from "./compare-table.ts";
import { mariadbSide } from "./mariadb-side.ts";
import { postgresPosition } from "./pipeline-gate.ts";
import type { PositionGate } from "./position-gate.ts";
import {
  type Compared,
  compareTwo,
  QUICK_LIMITS,
  shown,
  startTwoDatabases,
  type TwoDatabases,
} from "./testing/two-databases.ts";

const signal = new AbortController().signal;
const MANY_SLICES = { ...QUICK_LIMITS, sliceMs: 0.5 };

let lab: TwoDatabases;
let mariadb: MariadbSource;
beforeAll(async () => {
  [lab, mariadb] = await Promise.all([startTwoDatabases(), startMariadbSource()]);
}, 60_000);
afterAll(() => Promise.all([lab?.stop(), mariadb?.stop()]));

const ends = (table: string) => ({ source: lab.side("source", table), target: lab.side("target", table) });

/** 20,000 rows on both ends, of which the target lacks one and has another changed. */
async function plant(table: string): Promise<void> {
  for (const client of [lab.source, lab.target])
    await client.query(
      `create table ${table} (id int primary key, v text); insert into ${table} select i, 'v' from generate_series(1, 20000) i; analyze ${table}`,
    );
  await lab.target.query(`delete from ${table} where id = 7; update ${table} set v = 'w' where id = 15000`);
}

const PLANTED = ["missing_in_target 7", "value_mismatch 15000"];

/** Compares, and does something to an end after the first part. */
async function disturbed(
  table: string,
  disturb: () => Promise<unknown>,
): Promise<Compared & { told: number }> {
  let [told, isDone] = [0, false];
  const result = await compareTwo(ends(table), {
    limits: MANY_SLICES,
    onDifferences: async (found) => {
      told += found.length;
    },
    onCheckpoint: async () => {
      if (isDone) return;
      isDone = true;
      await disturb();
    },
  });
  return { ...result, told };
}

describe("something changes during the run", () => {
  test("a column added on both ends is no difference, and hides none", async () => {
    await plant("growing");

    const result = await disturbed("growing", () =>
      Promise.all([
        lab.source.query("alter table growing add more text default 'a'"),
        lab.target.query("alter table growing add more text default 'b'"),
      ]),
    );

    expect(result).toMatchObject({ outcome: "verified", told: 2 });
  });

  test("a column of the source that grows wider stays comparable", async () => {
    await plant("widening");

    const result = await disturbed("widening", () =>
      lab.source.query("alter table widening alter column id type bigint"),
    );

    expect(result).toMatchObject({ outcome: "verified", told: 2 });
  });

  test("a target table that is dropped ends the run in words", async () => {
    await plant("dropped");

    await expect(disturbed("dropped", () => lab.target.query("drop table dropped"))).rejects.toMatchObject({
      code: "not_found",
      message: "There is no table public.dropped",
    });
  });
});

test("a target that is hours behind proves nothing and is accused of nothing", async () => {
  await plant("behind");
  const gate: PositionGate = {
    kind: "offsets",
    mark: async () => ({ position: "0/1", at: new Date() }),
    reached: async () => ({ applied: false, reason: "the target is 3 h behind", waitedMs: 1 }),
  };

  const result = await compareTwo(ends("behind"), { gate });

  expect(result).toMatchObject({
    outcome: "not_verifiable",
    reason: "the target is 3 h behind",
    verifiedThrough: undefined,
    differences: [],
  });
});

describe("the source fails over", () => {
  const position = (use: () => pg.ClientBase) =>
    postgresPosition({ use: (work) => work(use()), slot: "no_such_slot" });
  const gateOf = (use: () => pg.ClientBase): PositionGate => ({
    kind: "watermark",
    mark: (stop) => position(use).mark(stop),
    reached: async () => ({ applied: true, waitedMs: 0 }),
  });
  const refusal = { code: "conflict", retryable: true, message: expect.stringContaining("failed over") };

  test("a place in the log of one server is not looked for in another's", async () => {
    const slot = `hg_${crypto.randomUUID().slice(0, 8)}`;
    await lab.target.query("select pg_create_physical_replication_slot($1)", [slot]);
    try {
      const mark = await position(() => lab.source).mark(signal);
      const there = postgresPosition({ use: (work) => work(lab.target), slot });

      await expect(there.isDelivered(mark, signal)).rejects.toMatchObject(refusal);
    } finally {
      await lab.target.query("select pg_drop_replication_slot($1)", [slot]);
    }
  });

  test("another system identifier ends the run, and a resumed one does not go on", async () => {
    await plant("failing");
    let server = lab.source;
    let checkpoint: Checkpoint | undefined;
    const running = compareTwo(ends("failing"), {
      gate: gateOf(() => server),
      limits: MANY_SLICES,
      onCheckpoint: async (given) => {
        checkpoint = given;
        server = lab.target;
      },
    });
    await expect(running).rejects.toMatchObject(refusal);

    const resumed = compareTwo(ends("failing"), {
      gate: gateOf(() => lab.target),
      limits: MANY_SLICES,
      resumeFrom: checkpoint,
    });
    await expect(resumed).rejects.toMatchObject(refusal);
    const anew = await compareTwo(ends("failing"), { gate: gateOf(() => lab.target) });
    expect(shown(anew.differences)).toEqual(PLANTED);
  });
});

test("temporary files that may grow no further end the run in words, to be tried again", async () => {
  await lab.source.query(
    "create view spilling as with x as materialized (select i as id, repeat('x', 1500) as v from generate_series(1, 50000) i) select * from x",
  );
  await lab.target.query("create table spilling (id int primary key, v text)");
  await lab.source.query(
    `do $$ begin execute format('alter database %I set temp_file_limit = ''1MB''', current_database()); end $$`,
  );
  try {
    await expect(compareTwo(ends("spilling"))).rejects.toMatchObject({
      code: "upstream_unavailable",
      retryable: true,
      message: expect.stringContaining("temporary file size exceeds"),
    });
  } finally {
    await lab.source.query(
      `do $$ begin execute format('alter database %I reset temp_file_limit', current_database()); end $$`,
    );
  }
});

describe("MariaDB as the source", () => {
  const source = (table: string) =>
    mariadbSide({
      table: { schema: mariadb.name, name: table },
      connect: () =>
        mysql.createConnection({
          host: mariadb.host,
          port: mariadb.port,
          ...mariadb.readonly,
          supportBigNumbers: true,
          bigNumberStrings: true,
          dateStrings: true,
        }),
    });

  async function plantThere(table: string): Promise<void> {
    await plant(table);
    await mariadb.admin.query(
      `create table ${table} (id int primary key, v text); insert into ${table} select seq, 'v' from seq_1_to_20000; analyze table ${table}`,
    );
  }

  test.each([
    [
      "a connection that is cut",
      "cut",
      async () => {
        const [threads] = await mariadb.admin.query<mysql.RowDataPacket[]>(
          "select id from information_schema.processlist where user = ?",
          [mariadb.readonly.user],
        );
        for (const { id } of threads) await mariadb.admin.query(`kill ${id}`);
      },
      { code: "upstream_unavailable", retryable: true },
    ],
    [
      "a column that is dropped",
      "column",
      () => mariadb.admin.query("alter table m_column drop column v"),
      {
        code: "conflict",
        message: expect.stringMatching(/^The columns of .*m_column changed during the run$/),
      },
    ],
    [
      "a table that is dropped",
      "table",
      () => mariadb.admin.query("drop table m_table"),
      { code: "not_found", message: expect.stringMatching(/^There is no table .*m_table$/) },
    ],
  ] as const)(
    "%s in the middle ends the run in words, and nothing is told",
    async (_what, name, disturb, end) => {
      const table = `m_${name}`;
      await plantThere(table);
      let [told, isDone] = [0, false];
      const running = compareTwo(
        { source: source(table), target: lab.side("target", table) },
        {
          limits: MANY_SLICES,
          onDifferences: async (found) => {
            told += found.length;
          },
          onCheckpoint: async () => {
            if (!isDone) await disturb();
            isDone = true;
          },
        },
      );

      await expect(running).rejects.toMatchObject(end);
      expect(told).toBe(0);
    },
  );

  test("a statement over its time ends the run in words", async () => {
    await mariadb.admin.query("create view m_slow as select seq as id, sleep(0.05) as v from seq_1_to_1000");
    await lab.target.query("create table m_slow (id int primary key, v int)");

    const running = compareTwo(
      { source: source("m_slow"), target: lab.side("target", "m_slow") },
      { limits: { ...QUICK_LIMITS, statementTimeoutMs: 200 } },
    );

    await expect(running).rejects.toMatchObject({ code: "upstream_rejected", retryable: true });
  });
});
