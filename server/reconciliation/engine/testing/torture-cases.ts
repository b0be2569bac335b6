// One table of cases: longer than a file should be, because a case is read next to its likes.

export type SourceEngine = "postgresql" | "mariadb";

/** Column definitions and rows as each engine writes them; what the comparison has to find. */
export interface TortureCase {
  name: string;
  /** Definitions after `create table x`, per engine that can play the source. */
  source: Partial<Record<SourceEngine, { columns: string; rows: string }>>;
  target: { columns: string; rows: string };
  /** Differences by key text, ascending; none where the ends are equal. */
  differences: readonly string[];
  /** A portable hash tells these values apart, and a second look finds them equal. */
  looksDifferent?: boolean;
}

interface Value {
  /** Type in both source engines, or one each. */
  type: string | Partial<Record<SourceEngine, string>>;
  target: string;
  source: string | Partial<Record<SourceEngine, string>>;
  there: string;
}

const engines = ["postgresql", "mariadb"] as const;

type Verdict = "same" | "same at second look" | "differs";

/** One value in one row: equal or not. */
function value(name: string, verdict: Verdict, { type, target, source, there }: Value): TortureCase {
  const of = (given: Value["type"], engine: SourceEngine) =>
    typeof given === "string" ? given : given[engine];
  return {
    name,
    source: Object.fromEntries(
      engines.flatMap((engine) => {
        const [own, written] = [of(type, engine), of(source, engine)];
        if (own === undefined || written === undefined) return [];
        return [[engine, { columns: `id bigint primary key, v ${own}`, rows: `(1, ${written})` }]];
      }),
    ),
    target: { columns: `id bigint primary key, v ${target}`, rows: `(1, ${there})` },
    differences: verdict === "differs" ? ["1"] : [],
    looksDifferent: verdict === "same at second look",
  };
}

interface Rows {
  columns: string | Partial<Record<SourceEngine, string>>;
  target: string;
  source: string;
  there: string;
  differences: readonly string[];
}

function rows(name: string, { columns, target, source, there, differences }: Rows): TortureCase {
  return {
    name,
    source: Object.fromEntries(
      engines.flatMap((engine) => {
        const own = typeof columns === "string" ? columns : columns[engine];
        return own === undefined ? [] : [[engine, { columns: own, rows: source }]];
      }),
    ),
    target: { columns: target, rows: there },
    differences,
  };
}

const text = { type: "text", target: "text" } as const;
const number = { type: "numeric(30, 10)", target: "numeric(30, 10)" } as const;
const double = { type: "double precision", target: "double precision" } as const;
const single = { type: { postgresql: "real", mariadb: "float" }, target: "real" } as const;
const moment = {
  type: { postgresql: "timestamp(6)", mariadb: "datetime(6)" },
  target: "timestamp(6)",
} as const;
const bytes = { type: { postgresql: "bytea", mariadb: "varbinary(40)" }, target: "bytea" } as const;
const json = { type: { postgresql: "jsonb", mariadb: "json" }, target: "jsonb" } as const;
const hex = (digits: string) => ({ postgresql: `'\\x${digits}'`, mariadb: `x'${digits}'` });

export const tortureCases: readonly TortureCase[] = [
  // NULL and what looks like it
  value("NULL is NULL", "same", { ...text, source: "null", there: "null" }),
  value("NULL is not the empty text", "differs", { ...text, source: "null", there: "''" }),
  value("NULL is not the word NULL", "differs", { ...text, source: "null", there: "'NULL'" }),
  value("the empty text is not a blank", "differs", { ...text, source: "''", there: "' '" }),
  value("NULL is not the control character that marks it", "differs", {
    ...text,
    source: "null",
    there: "U&'\\001e'",
  }),
  value("NULL is not zero", "differs", { type: "int", target: "int", source: "null", there: "0" }),
  value("NULL is not false", "differs", {
    type: "boolean",
    target: "boolean",
    source: "null",
    there: "false",
  }),

  // Text
  value("trailing blanks count", "differs", { ...text, source: "'a'", there: "'a '" }),
  value("leading blanks count", "differs", { ...text, source: "'a'", there: "' a'" }),
  value("case counts", "differs", { ...text, source: "'Straße'", there: "'STRASSE'" }),
  value("accents count", "differs", { ...text, source: "'resume'", there: "'résumé'" }),
  value("composed is not decomposed", "differs", {
    ...text,
    source: { postgresql: "U&'\\00e9'", mariadb: "convert(x'c3a9' using utf8mb4)" },
    there: "U&'e\\0301'",
  }),
  value("the same beyond the basic plane", "same", { ...text, source: "'𝒳🎉é'", there: "'𝒳🎉é'" }),
  value("a zero-width joiner counts", "differs", {
    ...text,
    source: { postgresql: "U&'a\\200db'", mariadb: "convert(x'61e2808d62' using utf8mb4)" },
    there: "'ab'",
  }),
  value("a NUL counts, and does not end the text", "differs", {
    type: { mariadb: "text" },
    target: "text",
    source: { mariadb: "concat('a', char(0), 'b')" },
    there: "'a'",
  }),
  value("a combining character with nothing to combine with", "same", {
    ...text,
    source: { postgresql: "U&'\\0301a'", mariadb: "convert(x'cc8161' using utf8mb4)" },
    there: "U&'\\0301a'",
  }),
  value("a tab is not blanks", "differs", {
    ...text,
    source: { postgresql: "E'a\\tb'", mariadb: "'a\\tb'" },
    there: "'a b'",
  }),
  value("line ends count", "differs", {
    ...text,
    source: { postgresql: "E'a\\r\\nb'", mariadb: "'a\\r\\nb'" },
    there: "E'a\\nb'",
  }),
  value("a backslash is itself", "same", {
    ...text,
    source: { postgresql: "'a\\b'", mariadb: "'a\\\\b'" },
    there: "'a\\b'",
  }),
  value("a last character in a long text counts", "differs", {
    ...text,
    source: "concat(repeat('x', 60000), 'y')",
    there: "repeat('x', 60000) || 'z'",
  }),
  value("padding of char(n) does not count", "same", {
    type: "char(5)",
    target: "text",
    source: "'ab'",
    there: "'ab'",
  }),
  value("the text of char(n) counts", "differs", {
    type: "char(5)",
    target: "char(5)",
    source: "'ab'",
    there: "'aB'",
  }),
  value("latin1 in the source is the same text", "same", {
    type: { mariadb: "varchar(20) character set latin1" },
    target: "text",
    source: { mariadb: "'Grüße €'" },
    there: "'Grüße €'",
  }),
  value("a collation that ignores case does not decide", "differs", {
    type: { mariadb: "varchar(20) collate utf8mb4_general_ci" },
    target: "text",
    source: { mariadb: "'abc'" },
    there: "'ABC'",
  }),
  value("an enum is its word", "same", {
    type: { mariadb: "enum('draft', 'sent')" },
    target: "text",
    source: { mariadb: "'sent'" },
    there: "'sent'",
  }),
  value("another word of the enum counts", "differs", {
    type: { mariadb: "enum('draft', 'sent')" },
    target: "text",
    source: { mariadb: "'sent'" },
    there: "'draft'",
  }),
  value("a set is its members in their order", "same", {
    type: { mariadb: "set('web', 'phone', 'mail')" },
    target: "text",
    source: { mariadb: "'mail,web'" },
    there: "'web,mail'",
  }),
  value("a missing member of a set counts", "differs", {
    type: { mariadb: "set('web', 'phone', 'mail')" },
    target: "text",
    source: { mariadb: "'web,mail'" },
    there: "'web'",
  }),

  // Numbers
  value("scale does not count where the value is the same", "same", {
    type: "numeric(12, 2)",
    target: "numeric",
    source: "1.50",
    there: "1.5",
  }),
  value("a target with more scale holds the same", "same", {
    type: "numeric(12, 2)",
    target: "numeric(20, 6)",
    source: "-7.25",
    there: "-7.250000",
  }),
  value("a target with less scale is judged by its own rounding", "same", {
    type: "numeric(12, 4)",
    target: "numeric(12, 2)",
    source: "2.3450",
    there: "2.35",
  }),
  value("the last digit of a long number counts", "differs", {
    ...number,
    source: "12345678901234567890.0000000001",
    there: "12345678901234567890.0000000002",
  }),
  value("numbers alike in their first eleven digits differ", "differs", {
    type: "bigint",
    target: "bigint",
    source: "123456789012345",
    there: "123456789012399",
  }),
  value("beyond 2^53 every digit counts", "differs", {
    type: "bigint",
    target: "bigint",
    source: "9007199254740993",
    there: "9007199254740992",
  }),
  value("an unsigned number beyond 2^63 is the same in numeric", "same", {
    type: { mariadb: "bigint unsigned" },
    target: "numeric(20, 0)",
    source: { mariadb: "18446744073709551615" },
    there: "18446744073709551615",
  }),
  value("an unsigned number that overflowed on its way differs", "differs", {
    type: { mariadb: "bigint unsigned" },
    target: "bigint",
    source: { mariadb: "18446744073709551615" },
    there: "-1",
  }),
  value("zeros shown in front do not count", "same", {
    type: { mariadb: "int(8) zerofill" },
    target: "bigint",
    source: { mariadb: "42" },
    there: "42",
  }),
  value("a small negative decimal rounds to plain zero", "same", {
    type: "numeric(12, 4)",
    target: "numeric(12, 2)",
    source: "-0.0010",
    there: "0.00",
  }),
  value("zero has no sign", "same", {
    ...double,
    source: { postgresql: "'-0'", mariadb: "-0e0" },
    there: "0",
  }),
  value("noise in the last digit of a double counts", "differs", {
    ...double,
    source: { postgresql: "0.1::float8 + 0.2::float8", mariadb: "0.1e0 + 0.2e0" },
    there: "0.3",
  }),
  value("the same double, written with noise", "same", {
    ...double,
    source: { postgresql: "0.1::float8 + 0.2::float8", mariadb: "0.1e0 + 0.2e0" },
    there: "0.30000000000000004",
  }),
  value("a very large double", "same", {
    ...double,
    source: "1.7976931348623157e308",
    there: "1.7976931348623157e308",
  }),
  value("a very small double", "same at second look", { ...double, source: "1.5e-7", there: "0.00000015" }),
  value("doubles beyond 2^53", "differs", { ...double, source: "1e22", there: "1.0000000000000002e22" }),
  value("a single-precision number is itself", "same", { ...single, source: "0.1", there: "0.1" }),
  value("single precision counts to its last bit", "differs", {
    ...single,
    source: "16777216",
    there: "16777218",
  }),
  value("a double cut to single precision by its target is equal", "same", {
    type: "double precision",
    target: "real",
    source: "0.1e0",
    there: "0.1",
  }),
  value("not a number equals itself", "same", {
    type: { postgresql: "double precision" },
    target: "double precision",
    source: "'NaN'",
    there: "'NaN'",
  }),
  value("infinity is not a large number", "differs", {
    type: { postgresql: "numeric" },
    target: "numeric",
    source: "'Infinity'",
    there: "1e300",
  }),

  // Truth and bits
  value("tinyint(1) and boolean", "same", {
    type: { mariadb: "tinyint(1)" },
    target: "boolean",
    source: { mariadb: "1" },
    there: "true",
  }),
  value("tinyint(1) and smallint", "same", {
    type: { mariadb: "tinyint(1)" },
    target: "smallint",
    source: { mariadb: "1" },
    there: "1",
  }),
  value("tinyint(1) holds more than two values", "differs", {
    type: { mariadb: "tinyint(1)" },
    target: "smallint",
    source: { mariadb: "2" },
    there: "1",
  }),
  value("bit(1) and boolean", "same", {
    type: { mariadb: "bit(1)" },
    target: "boolean",
    source: { mariadb: "b'1'" },
    there: "true",
  }),
  value("bit(1) turned over", "differs", {
    type: { mariadb: "bit(1)" },
    target: "boolean",
    source: { mariadb: "b'0'" },
    there: "true",
  }),
  value("several bits with zeros in front", "same", {
    type: { mariadb: "bit(8)" },
    target: "bit(8)",
    source: { mariadb: "b'101'" },
    there: "b'00000101'",
  }),
  value("several bits in another order", "differs", {
    type: { mariadb: "bit(8)" },
    target: "bit(8)",
    source: { mariadb: "b'101'" },
    there: "b'10100000'",
  }),

  // Time
  value("a microsecond counts", "differs", {
    ...moment,
    source: "'2026-03-29 02:30:00.000001'",
    there: "'2026-03-29 02:30:00.000002'",
  }),
  value("a time that some clocks skip is the same", "same", {
    ...moment,
    source: "'2026-03-29 02:30:00.000001'",
    there: "'2026-03-29 02:30:00.000001'",
  }),
  value("digits the target does not keep are rounded as it does", "same", {
    type: { postgresql: "timestamp(6)", mariadb: "datetime(6)" },
    target: "timestamp(3)",
    source: "'2026-01-01 23:59:59.999600'",
    there: "'2026-01-02 00:00:00.000'",
  }),
  value("an hour's shift of an instant counts", "differs", {
    type: { postgresql: "timestamptz", mariadb: "timestamp(6)" },
    target: "timestamptz",
    source: { postgresql: "'2026-07-01 10:00:00+00'", mariadb: "'2026-07-01 10:00:00'" },
    there: "'2026-07-01 10:00:00+01'",
  }),
  value("an instant is the same in any zone", "same", {
    type: { postgresql: "timestamptz", mariadb: "timestamp(6)" },
    target: "timestamptz",
    source: { postgresql: "'2026-07-01 12:00:00+02'", mariadb: "'2026-07-01 10:00:00'" },
    there: "'2026-07-01 07:00:00-03'",
  }),
  value("the last second before the zero of Unix", "same", {
    ...moment,
    source: "'1969-12-31 23:59:59.999999'",
    there: "'1969-12-31 23:59:59.999999'",
  }),
  value("a far date", "same", {
    type: "date",
    target: "date",
    source: "'9999-12-31'",
    there: "'9999-12-31'",
  }),
  value("a date before the first year", "same", {
    type: { postgresql: "date" },
    target: "date",
    source: "'0044-03-15 BC'",
    there: "'0044-03-15 BC'",
  }),
  value("infinity of time is not NULL", "differs", {
    type: { postgresql: "timestamp" },
    target: "timestamp",
    source: "'infinity'",
    there: "null",
  }),
  value("a zero date is what Debezium makes of it: NULL", "same", {
    type: { mariadb: "date" },
    target: "date",
    source: { mariadb: "'0000-00-00'" },
    there: "null",
  }),
  value("a zero date in a column without NULL is the epoch", "same", {
    type: { mariadb: "datetime(6) not null" },
    target: "timestamp(6)",
    source: { mariadb: "'0000-00-00 00:00:00'" },
    there: "'1970-01-01 00:00:00'",
  }),
  value("a date with a zero day is NULL too", "same", {
    type: { mariadb: "date" },
    target: "date",
    source: { mariadb: "'2026-05-00'" },
    there: "null",
  }),
  value("a zero date is no other date", "differs", {
    type: { mariadb: "date" },
    target: "date",
    source: { mariadb: "'0000-00-00'" },
    there: "'1970-01-01'",
  }),
  value("a year is a number", "same", {
    type: { mariadb: "year" },
    target: "int",
    source: { mariadb: "2026" },
    there: "2026",
  }),
  value("a time of day to the microsecond", "differs", {
    type: { postgresql: "time(6)", mariadb: "time(6)" },
    target: "time(6)",
    source: "'23:59:59.999999'",
    there: "'23:59:59.999998'",
  }),
  value("a time of more than a day is no time of day", "differs", {
    type: { mariadb: "time" },
    target: "time",
    source: { mariadb: "'49:00:00'" },
    there: "'01:00:00'",
  }),

  // Bytes
  value("zero bytes count", "differs", { ...bytes, source: hex("6100"), there: "'\\x61'" }),
  value("zero bytes are the same", "same", { ...bytes, source: hex("00ff00"), there: "'\\x00ff00'" }),
  value("no bytes are not NULL", "differs", { ...bytes, source: hex(""), there: "null" }),
  value("bytes that are no UTF-8", "same", { ...bytes, source: hex("c328fffe"), there: "'\\xc328fffe'" }),
  value("binary(n) keeps its zeros", "same", {
    type: { mariadb: "binary(4)" },
    target: "bytea",
    source: { mariadb: "x'61'" },
    there: "'\\x61000000'",
  }),

  // JSON
  value("the order of members does not count", "same at second look", {
    ...json,
    source: `'{"b": 1, "a": [1, 2]}'`,
    there: `'{"a": [1, 2], "b": 1}'`,
  }),
  value("the order of elements counts", "differs", { ...json, source: "'[1, 2]'", there: "'[2, 1]'" }),
  value("1.0 is 1 in JSON", "same at second look", { ...json, source: `'{"a": 1.0}'`, there: `'{"a": 1}'` }),
  value("a number is not its text in JSON", "differs", {
    ...json,
    source: `'{"a": 1}'`,
    there: `'{"a": "1"}'`,
  }),
  value("null in JSON is not SQL's NULL", "differs", { ...json, source: "'null'", there: "null" }),
  value("every digit of a long number in JSON counts", "differs", {
    ...json,
    source: `'{"a": 12345678901234567890}'`,
    there: `'{"a": 12345678901234567891}'`,
  }),
  value("JSON kept as text is compared as text", "differs", {
    type: { mariadb: "json" },
    target: "text",
    source: { mariadb: `'{"a":1}'` },
    there: `'{"a": 1}'`,
  }),
  value("a uuid in either case", "same", {
    type: "uuid",
    target: "uuid",
    source: "'B2C8D1F0-4B3A-4F53-9D7C-8A1B2C3D4E5F'",
    there: "'b2c8d1f0-4b3a-4f53-9d7c-8a1b2c3d4e5f'",
  }),

  // Rows and keys
  rows("two rows that swapped a value", {
    columns: "id bigint primary key, a int, b int",
    target: "id bigint primary key, a int, b int",
    source: "(1, 10, 7), (2, 20, 7)",
    there: "(1, 20, 7), (2, 10, 7)",
    differences: ["1", "2"],
  }),
  rows("columns that run into each other", {
    columns: "id bigint primary key, a text, b text",
    target: "id bigint primary key, a text, b text",
    source: "(1, 'ab', 'c'), (2, '1', '23')",
    there: "(1, 'a', 'bc'), (2, '12', '3')",
    differences: ["1", "2"],
  }),
  rows("a value that moved to the next column", {
    columns: "id bigint primary key, a text, b text",
    target: "id bigint primary key, a text, b text",
    source: "(1, 'x', null)",
    there: "(1, null, 'x')",
    differences: ["1"],
  }),
  {
    ...rows("a separator inside a value is no separator", {
      columns: "",
      target: "id bigint primary key, a text, b text",
      source: "",
      there: "(1, U&'x', U&'y\\001fz')",
      differences: ["1"],
    }),
    source: {
      postgresql: { columns: "id bigint primary key, a text, b text", rows: "(1, U&'x\\001fy', 'z')" },
      mariadb: {
        columns: "id bigint primary key, a text, b text",
        rows: "(1, convert(x'781f79' using utf8mb4), 'z')",
      },
    },
  },
  rows("rows beyond the other end's first and last key", {
    columns: "id bigint primary key, a int",
    target: "id bigint primary key, a int",
    source: "(-5, 1), (1, 1), (2, 1)",
    there: "(1, 1), (2, 1), (900000, 1)",
    differences: ["-5", "900000"],
  }),
  rows("the smallest and the largest key", {
    columns: "id bigint primary key, a int",
    target: "id bigint primary key, a int",
    source: "(-9223372036854775808, 1), (9223372036854775807, 1)",
    there: "(-9223372036854775808, 2), (9223372036854775807, 1)",
    differences: ["-9223372036854775808"],
  }),
  rows("an unsigned key beyond 2^63", {
    columns: { mariadb: "id bigint unsigned primary key, a int" },
    target: "id numeric(20, 0) primary key, a int",
    source: "(18446744073709551615, 1), (18446744073709551614, 1)",
    there: "(18446744073709551615, 1), (18446744073709551614, 2)",
    differences: ["18446744073709551614"],
  }),
  rows("keys of text that differ in case only are two keys", {
    columns: {
      postgresql: "k varchar(20) primary key, a int",
      mariadb: "k varchar(20) collate utf8mb4_general_ci primary key, a int",
    },
    target: "k varchar(20) primary key, a int",
    source: "('abc', 1), ('x', 1)",
    there: "('ABC', 1), ('x', 1)",
    differences: ["ABC", "abc"],
  }),
  {
    ...rows("a key with a NUL, which the target cannot hold", {
      columns: "",
      target: "k varchar(20) primary key, a int",
      source: "",
      there: "('b', 2)",
      differences: ["a\u2400b"],
    }),
    source: {
      mariadb: {
        columns: "k varchar(20) primary key, a int",
        rows: "(concat('a', char(0), 'b'), 1), ('b', 2)",
      },
    },
  },
  rows("a column computed by the source and carried to the target", {
    columns: {
      postgresql: "id bigint primary key, a int, b int generated always as (a * 2) stored",
      mariadb: "id bigint primary key, a int, b int as (a * 2)",
    },
    target: "id bigint primary key, a int, b int",
    source: "(1, 4, default), (2, 5, default)",
    there: "(1, 4, 8), (2, 5, 11)",
    differences: ["2"],
  }),
  rows("keys of text that differ in a trailing blank are two keys", {
    columns: {
      postgresql: "k varchar(20) primary key, a int",
      mariadb: "k varchar(20) collate utf8mb4_general_ci primary key, a int",
    },
    target: "k varchar(20) primary key, a int",
    source: "('a', 1), ('b', 2)",
    there: "('a ', 1), ('b', 2)",
    differences: ["a", "a "],
  }),
  rows("keys of text in an order each end sees differently", {
    columns: "k varchar(20) primary key, a int",
    target: "k varchar(20) primary key, a int",
    source: "('a-1', 1), ('a1', 2), ('B1', 3), ('a_1', 4), ('ä', 5), ('Zebra', 6)",
    there: "('a-1', 1), ('a1', 2), ('B1', 3), ('a_1', 4), ('ä', 5), ('Zebra', 7)",
    differences: ["Zebra"],
  }),
  rows("a key of several columns", {
    columns: {
      postgresql: "t int, k varchar(10), a int, primary key (t, k)",
      mariadb: "t int, k varchar(10), a int, primary key (t, k)",
    },
    target: "t int, k varchar(10), a int, primary key (t, k)",
    source: "(1, '1', 1), (1, '11', 1), (11, '1', 1), (2, 'x', 1)",
    there: "(1, '1', 1), (1, '11', 2), (11, '1', 1), (2, 'y', 1)",
    differences: ["1\u001f11", "2\u001fx", "2\u001fy"],
  }),
  rows("a key of a date and a number", {
    columns: "d date, n int, a int, primary key (d, n)",
    target: "d date, n int, a int, primary key (d, n)",
    source: "('2026-01-01', 1, 1), ('2026-01-01', 2, 1)",
    there: "('2026-01-01', 1, 1), ('2026-01-01', 2, 9)",
    differences: ["2026-01-01\u001f2"],
  }),
  rows("a key of bytes", {
    columns: { postgresql: "k bytea primary key, a int", mariadb: "k varbinary(8) primary key, a int" },
    target: "k bytea primary key, a int",
    source: "('a', 1), ('b', 1)",
    there: "('a', 1), ('b', 2)",
    differences: ["62"],
  }),
  rows("an empty source", {
    columns: "id bigint primary key, a int",
    target: "id bigint primary key, a int",
    source: "",
    there: "(1, 1)",
    differences: ["1"],
  }),
  rows("an empty target", {
    columns: "id bigint primary key, a int",
    target: "id bigint primary key, a int",
    source: "(1, 1)",
    there: "",
    differences: ["1"],
  }),
  rows("columns named as a statement names its own", {
    columns: "b bigint primary key, h int, k int, n int, r int, s int",
    target: "b bigint primary key, h int, k int, n int, r int, s int",
    source: "(1, 1, 1, 1, 1, 1), (2, 1, 2, 2, 2, 2), (100, 1, 1, 1, 1, 1)",
    there: "(1, 1, 1, 1, 1, 1), (2, 1, 2, 2, 2, 3), (100, 1, 1, 1, 1, 1)",
    differences: ["2"],
  }),
  rows("a name that needs quotes", {
    columns: {
      postgresql: 'id bigint primary key, "order" text, "p0" int',
      mariadb: "id bigint primary key, `order` text, `p0` int",
    },
    target: 'id bigint primary key, "order" text, "p0" int',
    source: "(1, 'a', 1), (2, 'b', 2)",
    there: "(1, 'a', 1), (2, 'c', 2)",
    differences: ["2"],
  }),
];
