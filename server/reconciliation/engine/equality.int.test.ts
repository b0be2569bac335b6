import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareTwo, startTwoDatabases, type TwoDatabases } from "./testing/two-databases.ts";

let lab: TwoDatabases;

beforeAll(async () => {
  lab = await startTwoDatabases();
  for (const client of [lab.source, lab.target])
    await client.query(
      "create type mood as enum ('sad', 'ok', 'happy'); create domain positive as int check (value > 0)",
    );
}, 60_000);
afterAll(() => lab?.stop());

type Case = readonly [
  what: string,
  verdict: "equal" | "differ",
  sourceType: string,
  source: string,
  targetType: string,
  target: string,
];

const same = (type: string, a: string, b: string): readonly [string, string, string, string] => [
  type,
  a,
  type,
  b,
];

/** `equal` where the target's type cannot hold more, or both mean the same; everything else has to be told apart. */
const CASES: readonly Case[] = [
  ["NULL and NULL", "equal", ...same("text", "null", "null")],
  ["NULL and empty", "differ", ...same("text", "null", "''")],
  ["NULL and the word NULL", "differ", ...same("text", "null", "'NULL'")],
  ["NULL and the mark for it", "differ", ...same("text", "null", "chr(30)")],
  ["empty and blank", "differ", ...same("text", "''", "' '")],
  ["trailing blank", "differ", ...same("text", "'a'", "'a '")],
  ["padding of char(n)", "equal", "char(5)", "'ab'", "text", "'ab   '"],
  ["upper and lower case", "differ", ...same("text", "'a'", "'A'")],
  ["composed and combining", "differ", ...same("text", "U&'\\00e9'", "U&'e\\0301'")],
  ["zero-width joiner", "differ", ...same("text", "'ab'", "U&'a\\200Db'")],
  ["control characters", "differ", ...same("text", "chr(1)", "chr(2)")],
  ["emoji", "equal", ...same("text", "'👩‍🚀'", "'👩‍🚀'")],
  ["nondeterministic collation", "differ", 'text collate "ci"', "'Straße'", 'text collate "ci"', "'STRASSE'"],
  ["varchar and text", "equal", "varchar(9)", "'x'", "text", "'x'"],
  ["enum and text", "equal", "mood", "'ok'", "text", "'ok'"],
  ["enum and another", "differ", "mood", "'ok'", "text", "'sad'"],
  ["smallint and bigint", "equal", "smallint", "7", "bigint", "7"],
  ["late digits of a bigint", "differ", ...same("bigint", "123456789012345678", "123456789012345679")],
  ["beyond 2^53", "differ", ...same("bigint", "9007199254740992", "9007199254740993")],
  ["halves of a bigint", "differ", ...same("bigint", "1", "4294967296")],
  ["largest and smallest bigint", "differ", ...same("bigint", "9223372036854775807", "-9223372036854775808")],
  ["zero and NULL", "differ", ...same("int", "0", "null")],
  ["domain", "equal", "positive", "3", "int", "3"],
  ["true and false", "differ", ...same("boolean", "true", "false")],
  ["boolean and number", "equal", "boolean", "true", "smallint", "1"],
  ["sign of a numeric", "differ", ...same("numeric", "5", "-5")],
  ["scale of a numeric", "equal", ...same("numeric", "1.0", "1.000")],
  ["trailing zeros of whole tens", "differ", ...same("numeric", "10", "1")],
  ["power of ten thousand", "differ", ...same("numeric", "5", "50000")],
  ["many digits", "differ", ...same("numeric", "0.12345678901234567890123", "0.12345678901234567890124")],
  ["target keeps two digits", "equal", "numeric", "1.005", "numeric(9,2)", "1.01"],
  ["target keeps two digits, another", "differ", "numeric", "1.005", "numeric(9,2)", "1.00"],
  ["numeric NaN and NULL", "differ", ...same("numeric", "'NaN'", "null")],
  ["numeric NaN and infinity", "differ", ...same("numeric", "'NaN'", "'Infinity'")],
  ["numeric infinities", "differ", ...same("numeric", "'Infinity'", "'-Infinity'")],
  ["numeric written as double", "equal", "numeric(9,2)", "0.1", "float8", "0.1"],
  ["numeric written as text", "equal", "numeric(9,2)", "0.10", "text", "'0.10'"],
  ["float NaN", "equal", ...same("float8", "'NaN'", "'NaN'")],
  ["float NaN and NULL", "differ", ...same("float8", "'NaN'", "null")],
  ["signed zero", "equal", ...same("float8", "'-0'", "0")],
  ["float infinities", "differ", ...same("float8", "'Infinity'", "'-Infinity'")],
  ["last bit of a double", "differ", ...same("float8", "0.1", "0.10000000000000002")],
  ["smallest double", "differ", ...same("float8", "5e-324", "0")],
  ["real and double", "equal", "float4", "0.1", "float8", "0.1::float4::float8"],
  [
    "microseconds",
    "differ",
    ...same("timestamptz", "'2026-01-01 00:00:00.000001+00'", "'2026-01-01 00:00:00.000002+00'"),
  ],
  [
    "one instant in two zones",
    "equal",
    ...same("timestamptz", "'2026-01-01 12:00+02'", "'2026-01-01 10:00+00'"),
  ],
  ["an hour apart", "differ", ...same("timestamptz", "'2026-01-01 12:00+00'", "'2026-01-01 13:00+00'")],
  ["infinity and minus infinity", "differ", ...same("timestamptz", "'infinity'", "'-infinity'")],
  ["infinity and NULL", "differ", ...same("timestamp", "'infinity'", "null")],
  ["before Christ", "differ", ...same("timestamp", "'0044-03-15 BC'", "'0044-03-15'")],
  [
    "before Christ, equal",
    "equal",
    ...same("timestamptz", "'0044-03-15 12:00:00.5 BC'", "'0044-03-15 12:00:00.5 BC'"),
  ],
  ["far year", "differ", ...same("timestamp", "'12026-01-01'", "'2026-01-01'")],
  [
    "target keeps milliseconds",
    "equal",
    "timestamp",
    "'2026-01-01 00:00:00.1236'",
    "timestamp(3)",
    "'2026-01-01 00:00:00.124'",
  ],
  ["timestamp in a clock change", "differ", ...same("timestamp", "'2026-03-29 02:30'", "'2026-03-29 03:30'")],
  ["dates before Christ", "differ", ...same("date", "'0044-03-15 BC'", "'0044-03-15'")],
  ["last date there is", "equal", ...same("date", "'5874897-12-31'", "'5874897-12-31'")],
  ["date infinity", "differ", ...same("date", "'infinity'", "null")],
  ["end of the day", "differ", ...same("time", "'24:00'", "'00:00'")],
  ["microseconds of a time", "differ", ...same("time", "'00:00:00.000001'", "'00:00'")],
  ["time with zone", "equal", "timetz", "'12:00+02'", "timetz", "'10:00+00'"],
  ["interval", "differ", ...same("interval", "'1 month'", "'30 days'")],
  ["jsonb members in another order", "equal", ...same("jsonb", `'{"a":1,"b":2}'`, `'{"b":2,"a":1}'`)],
  ["json members in another order", "equal", ...same("json", `'{"a":1,"b":2}'`, `'{"b":2, "a":1}'`)],
  ["jsonb and json", "equal", "jsonb", `'{"b":2,"a":1}'`, "json", `'{"a": 1, "b": 2}'`],
  ["json and jsonb", "equal", "json", `'{"b":2,"a":1.0}'`, "jsonb", `'{"a":1.0,"b":2}'`],
  ["json number's writing", "equal", ...same("jsonb", `'{"a":1.0}'`, `'{"a":1}'`)],
  ["json sign", "differ", ...same("jsonb", "'[5]'", "'[-5]'")],
  ["json nesting", "differ", ...same("jsonb", "'[[1],2]'", "'[[1,2]]'")],
  ["json large numbers", "differ", ...same("jsonb", "'[12345678901234567890]'", "'[12345678901234567891]'")],
  ["json null and NULL", "differ", ...same("jsonb", "'null'", "null")],
  ["json text and number", "differ", ...same("jsonb", `'"1"'`, "'1'")],
  ["json with a NUL", "equal", "json", `'"\\u0000"'`, "json", `'"\\u0000"'`],
  ["json with a NUL, another", "differ", "json", `'"\\u0000"'`, "json", `'"\\u0001"'`],
  ["json __proto__", "differ", ...same("jsonb", `'{"__proto__":{"a":1}}'`, `'{"__proto__":{"a":2}}'`)],
  ["json array order", "differ", ...same("jsonb", "'[1,2]'", "'[2,1]'")],
  ["bytes with zeros", "differ", ...same("bytea", "'\\x0000'", "'\\x00'")],
  ["empty bytes and NULL", "differ", ...same("bytea", "''", "null")],
  ["array element", "differ", ...same("text[]", "array['a','b']", "array['a','c']")],
  ["array NULL and the word", "differ", ...same("text[]", "array[null]::text[]", "array['NULL']")],
  ["array with a separator", "differ", ...same("text[]", "array['a,b']", "array['a','b']")],
  ["array nesting", "differ", ...same("int[]", "array[[1,2],[3,4]]", "array[1,2,3,4]")],
  ["empty array and NULL", "differ", ...same("int[]", "'{}'", "null")],
  ["int array and bigint array", "equal", "int[]", "array[1,2]", "bigint[]", "array[1,2]"],
  ["numeric array by value", "equal", ...same("numeric[]", "array[1.0,2]", "array[1,2.00]")],
  [
    "uuid",
    "differ",
    ...same("uuid", "'b2c8d1f0-4b3a-4f53-9d7c-8a1b2c3d4e5f'", "'b2c8d1f0-4b3a-4f53-9d7c-8a1b2c3d4e5e'"),
  ],
  [
    "uuid as text",
    "equal",
    "uuid",
    "'B2C8D1F0-4b3a-4f53-9d7c-8a1b2c3d4e5f'",
    "text",
    "'b2c8d1f0-4b3a-4f53-9d7c-8a1b2c3d4e5f'",
  ],
  ["inet as text", "equal", "inet", "'10.0.0.1'", "text", "'10.0.0.1'"],
  ["bits", "differ", ...same("bit(4)", "'1010'", "'1011'")],
  ["point", "differ", ...same("point", "'(1,2)'", "'(2,1)'")],
  ["xml", "differ", ...same("xml", "'<a/>'", "'<b/>'")],
  ["range", "differ", ...same("int4range", "'[1,3)'", "'[1,4)'")],
  ["tsvector", "differ", ...same("tsvector", "'a b'", "'a c'")],
  ["money", "differ", ...same("money", "'1.00'", "'-1.00'")],
];

describe.each(["native", "sha256"] as const)("with the %s hash", (hash) => {
  const side = (end: "source" | "target", table: string) => {
    const own = lab.side(end, table);
    return hash === "native" ? own : { ...own, engine: end };
  };

  test.each(CASES)("%s: %s", async (what, verdict, sourceType, source, targetType, target) => {
    const table = `${hash}_${CASES.findIndex(([name]) => name === what)}`;
    for (const [client, type, value] of [
      [lab.source, sourceType, source],
      [lab.target, targetType, target],
    ] as const) {
      await client.query(
        `create collation if not exists ci (provider = icu, locale = 'und-u-ks-level1', deterministic = false); create table ${table} (id int primary key, v ${type}, w int not null)`,
      );
      await client.query(`insert into ${table} select i, ${value}, i from generate_series(1, 3) i`);
    }

    const { found, differences } = await compareTwo({
      source: side("source", table),
      target: side("target", table),
    });

    expect(found.value_mismatch).toBe(verdict === "equal" ? 0 : 3);
    for (const { columns } of differences) expect(columns).toEqual(["v"]);
  });
});

test("two rows that swap a value, and two columns that swap theirs, are found", async () => {
  for (const client of [lab.source, lab.target])
    await client.query(
      "create table swapped (id int primary key, a int, b int, c numeric, d numeric); insert into swapped select i, i, i + 1, i, i from generate_series(1, 50) i",
    );
  await lab.target.query(`update swapped set a = 21 where id = 20; update swapped set a = 20 where id = 21;
    update swapped set a = b, b = a where id = 30; update swapped set c = c * 10000, d = d * 10000 where id = 40`);

  const { differences } = await compareTwo({
    source: lab.side("source", "swapped"),
    target: lab.side("target", "swapped"),
  });

  expect(differences.map(({ key }) => key).sort()).toEqual(["20", "21", "30", "40"]);
});

test("generated columns, columns of one end only and names in capitals are told, not guessed", async () => {
  await lab.source.query(
    `create table shapes ("ID" int primary key, "Name" text, only_here int, sum int generated always as (only_here + 1) stored)`,
  );
  await lab.target.query(`create table shapes (id int primary key, name text, sum int, "extra col" text)`);
  await lab.source.query(`insert into shapes values (1, 'x', 4)`);
  await lab.target.query(`insert into shapes values (1, 'x', 6, 'y')`);

  const result = await compareTwo({
    source: lab.side("source", "shapes"),
    target: lab.side("target", "shapes"),
  });

  expect(result.unchecked.map(({ column }) => column)).toEqual(["only_here", "extra col"]);
  expect(result.differences.map(({ columns }) => columns)).toEqual([["sum"]]);
});
