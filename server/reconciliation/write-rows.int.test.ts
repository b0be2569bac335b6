import { afterAll, beforeAll, expect, test } from "vitest";
import { layoutOf } from "#domain/reconciliation/engine/comparison.ts";
import { planComparison } from "#domain/reconciliation/engine/plan-comparison.ts";
import { startTwoDatabases, type TwoDatabases } from "./engine/testing/two-databases.ts";
import { rowsOfReader, withReader } from "./read-both-rows.ts";
import { hashOfRow } from "./record-differences.ts";
import { changeRow } from "./write-rows.ts";

let lab: TwoDatabases;
const { signal } = new AbortController();
beforeAll(async () => {
  lab = await startTwoDatabases();
}, 60_000);
afterAll(() => lab?.stop());

/** Repairs the row `engineKey` of a table, found as it is now, and tells what is said of it. */
async function repair(table: string, engineKey: string, isDelete = false) {
  const [source, shape] = [lab.side("source", table), lab.side("target", table)];
  const described = await shape.describe(signal);
  const comparison = planComparison(await source.describe(signal), described);
  const read = (end: "source" | "target") =>
    withReader(lab.side(end, table), layoutOf(comparison, end), signal, async (reader) =>
      (await rowsOfReader(reader, [engineKey])).get(engineKey),
    );
  const [row] = (await read("source")) ?? [];
  const [there] = (await read("target")) ?? [];
  const item = {
    position: 0,
    discrepancyId: 1,
    type: isDelete ? ("missing_in_source" as const) : ("value_mismatch" as const),
    targetHash: hashOfRow(there),
    key: { id: engineKey },
    keyText: `id=${engineKey}`,
    engineKey,
    state: "open" as const,
  };
  await lab.target.query("begin");
  const said = await withReader(shape, layoutOf(comparison, "target"), signal, (target) =>
    changeRow({ table, comparison, shape: described, client: lab.target, target }, item, row),
  );
  await lab.target.query("commit");
  return { said, rows: (await lab.target.query(`select * from ${table} order by 1`)).rows };
}

async function tables(name: string, columns: { source: string; target: string }) {
  await lab.source.query(`create table ${name} (${columns.source})`);
  await lab.target.query(`create table ${name} (${columns.target})`);
}

test("a row is updated, and deleted where the source has none", async () => {
  await tables("plain", { source: "id int primary key, name text", target: "id int primary key, name text" });
  await lab.source.query("insert into plain values (1, 'right')");
  await lab.target.query("insert into plain values (1, 'wrong'), (2, 'extra')");

  expect(await repair("plain", "1")).toMatchObject({ said: { done: "Updated on the target" } });
  expect(await repair("plain", "2", true)).toEqual({
    said: { done: "Deleted from the target" },
    rows: [{ id: 1, name: "right" }],
  });
});

test("a key that the target writes in another way is not said to be repaired", async () => {
  const columns = {
    source: "id char(4) primary key, name text",
    target: "id varchar(4) primary key, name text",
  };
  await tables("padded", columns);
  await lab.source.query("insert into padded values ('ab', 'right')");
  await lab.target.query("insert into padded values ('ab  ', 'wrong'), ('cd  ', 'extra')");
  const skipped = { skipped: expect.stringContaining("writes this key in another way") };
  const rows = [
    { id: "ab  ", name: "wrong" },
    { id: "cd  ", name: "extra" },
  ];

  expect(await repair("padded", "ab")).toEqual({ said: skipped, rows });
  expect(await repair("padded", "cd", true)).toEqual({ said: skipped, rows });
});

test("of several rows that mean one key none is taken for it", async () => {
  const columns = {
    source: "id char(4) primary key, name text",
    target: "id varchar(4) primary key, name text",
  };
  await tables("doubled", columns);
  await lab.source.query("insert into doubled values ('ab', 'right')");
  await lab.target.query("insert into doubled values ('ab', 'wrong'), ('ab  ', 'wrong')");

  expect((await repair("doubled", "ab")).said).toEqual({
    skipped: "The target has several rows with this key",
  });
});

test("a row that a trigger keeps as it is was neither updated nor deleted", async () => {
  await tables("kept", { source: "id int primary key, name text", target: "id int primary key, name text" });
  await lab.source.query("insert into kept values (1, 'right')");
  await lab.target.query("insert into kept values (1, 'wrong'), (2, 'extra')");
  await lab.target.query(
    "create function keep() returns trigger language plpgsql as $$ begin return null; end $$; create trigger keep before update or delete on kept for each row execute function keep()",
  );
  const skipped = { skipped: expect.stringContaining("did not change") };

  expect((await repair("kept", "1")).said).toEqual(skipped);
  expect((await repair("kept", "2", true)).said).toEqual(skipped);
});
