import { describe, expect, test } from "vitest";
import { SUPPORTED_ENGINES } from "#domain/databases/engine.ts";
import type { CanonicalForm } from "#domain/reconciliation/engine/canonical-form.ts";
import type { TypeFamily } from "#domain/reconciliation/engine/table-shape.ts";
import { cassandra } from "./cassandra.ts";
import type { Dialect, DialectColumn, DialectTable, Written } from "./dialect.ts";
import { mongodb } from "./mongodb.ts";
import { oracle } from "./oracle.ts";
import { sqlServer } from "./sql-server.ts";
import { TEXT_ONLY, textOnlySide } from "./text-only-side.ts";

function column(
  name: string,
  family: TypeFamily,
  form: CanonicalForm,
  declared = family as string,
): DialectColumn {
  return { shape: { name, declared, family, nullable: true, generated: false }, form };
}

const id = column("id", "integer", { kind: "integer" });
const body = column("body", "text", { kind: "text", blankPadded: false }, "varchar2(40)");
const amount = column("amount", "decimal", { kind: "decimal", scale: 2 });
const table = { schema: "dbo", name: "orders" };
const whole: DialectTable = { table, columns: [id, amount, body], keyLength: 1 };
const ranges = { kind: "integer-range", origin: -5n, width: 16n } as const;
const classes = { kind: "key-hash", buckets: 64 } as const;
const moment = (over: object = {}): CanonicalForm => ({
  kind: "timestamp",
  digits: 6,
  utc: false,
  rounded: true,
  ...over,
});

const shown = (written: Written) => ("text" in written ? written.text : `refused: ${written.refused}`);

describe.each(TEXT_ONLY.map((dialect) => [dialect.engine, dialect] as const))("%s", (engine, dialect) => {
  const reads = (given: DialectTable) => shown(dialect.rowsOfRange(given));

  test("a name with the engine's own quote stays one name", () => {
    const evil = `a]b"c'd`;
    const quoted = dialect.quote(evil);
    const [open, close] = [quoted[0] ?? "", quoted.at(-1) ?? ""];
    const inner = quoted.slice(1, -1);
    const doubled = engine === "mongodb" ? `\\${close}` : close + close;

    expect(open + close).toBe(engine === "sqlserver" ? "[]" : '""');
    expect(inner.replaceAll(doubled, "")).not.toContain(close);
    expect(reads({ table: { schema: evil, name: evil }, columns: [id], keyLength: 1 })).toContain(inner);
  });

  test("the table's name never ends a text in the question for its shape", () => {
    const text = shown(dialect.shape({ schema: "s'x", name: "t'y" }));

    expect(engine === "mongodb" ? JSON.parse(text) : text.split("'").length % 2).toEqual(
      engine === "mongodb" ? expect.objectContaining({ $db: "s'x", aggregate: "t'y" }) : 1,
    );
  });

  test("rows are read by parts of the key, with every column compared", () => {
    const text = reads(whole);

    for (const { shape } of whole.columns) expect(text).toContain(shape.name);
    expect(text).toMatch(/where .*(@from|:low|\?)|"filter"/);
  });

  test("a key of several columns is read by its first, and all of it", () => {
    const text = reads({
      ...whole,
      columns: [column("tenant", "integer", { kind: "integer" }), id, body],
      keyLength: 2,
    });

    expect(text).toContain("tenant");
    expect(text).toContain("id");
  });

  test("every form is written, or refused with a reason", () => {
    const forms: readonly [TypeFamily, CanonicalForm][] = [
      ["integer", { kind: "integer" }],
      ["boolean", { kind: "boolean" }],
      ["decimal", { kind: "decimal", scale: 2 }],
      ["decimal", { kind: "decimal" }],
      ["float64", { kind: "float", bits: 64 }],
      ["text", { kind: "text", blankPadded: false }],
      ["uuid", { kind: "uuid" }],
      ["date", { kind: "date" }],
      ["time", { kind: "time", digits: 6 }],
      ["timestamp", moment()],
      ["timestamptz", moment({ utc: true })],
      ["json", { kind: "json" }],
      ["binary", { kind: "binary" }],
      ["array", { kind: "array", element: { kind: "integer" } }],
      ["other", { kind: "native", type: "xml" }],
    ];
    for (const [family, form] of forms) {
      const given = column("v", family, form);
      const written = dialect.value(given);
      if ("refused" in written) expect(written.refused).toMatch(/^\S.{20,}$/);
      else expect(written.text).toContain(dialect.quote("v"));
      // One column that cannot be hashed there means that no row can.
      const buckets = dialect.bucketHashes({ table, columns: [id, given], keyLength: 1 }, classes);
      if ("refused" in written) expect(buckets).toEqual(written);
    }
  });

  test("the server's place in its log and its clock are asked for, or refused", () => {
    expect(shown(dialect.position)).toMatch(/scn|lsn|hello|^refused: Cassandra's commit logs/);
    expect(dialect.clock.length).toBeGreaterThan(5);
  });

  test("types that both ends know fall into families", () => {
    const names = {
      sqlserver: ["int", "decimal(12,2)", "nvarchar(40)", "varbinary(max)", "datetimeoffset(7)", "geography"],
      oracle: [
        "NUMBER(9)",
        "NUMBER(12,2)",
        "VARCHAR2(40 CHAR)",
        "RAW(16)",
        "TIMESTAMP(6) WITH TIME ZONE",
        "SDO_GEOMETRY",
      ],
      mongodb: ["long", "decimal", "string", "binData", "date", "javascript"],
      cassandra: ["int", "decimal", "text", "blob", "timestamp", "duration"],
    }[engine as "oracle"];
    const [, decimal, text, binary, instant, other] = names.map(dialect.familyOf);

    expect([decimal, text, binary, instant, other]).toEqual([
      "decimal",
      "text",
      "binary",
      "timestamptz",
      "other",
    ]);
  });

  test("no comparison runs: whoever asks for one is told why", async () => {
    expect(SUPPORTED_ENGINES).not.toContain(engine);
    const side = textOnlySide(engine, "dbo.orders");
    const refusal = { code: "precondition_failed", message: expect.stringContaining("tested as text only") };

    await expect(side.describe(new AbortController().signal)).rejects.toMatchObject(refusal);
    await expect(
      side.open(
        { columns: [], keyLength: 0 },
        { statementTimeoutMs: 1, signal: new AbortController().signal },
      ),
    ).rejects.toMatchObject(refusal);
  });
});

describe.each([
  ["SQL Server", sqlServer, "char(31)", "char(30)"],
  ["Oracle", oracle, "chr(31)", "chr(30)"],
] as const)("the portable hash in %s", (_name, dialect: Dialect, separator, mark) => {
  const text = shown(dialect.bucketHashes(whole, classes));

  test("joins the values with the separator, marks NULL, and ends with the lengths of free texts", () => {
    expect(text.split(separator).length - 1).toBe(3);
    expect(text.split(mark).length - 1).toBe(4);
    expect(text).toMatch(/datalength|lengthb/);
    expect(text).toMatch(/sha2?_?256/i);
  });

  test("takes eight bytes of a row, four of a key, and sums without overflowing", () => {
    expect(text).toMatch(/1, 8\)|1, 16\)/);
    expect(text).toMatch(/1, 4\)|1, 8\)/);
    expect(text).toMatch(/sum\((cast\(h as decimal\(38, 0\)\)|h)\)/);
  });

  test("cuts integer keys into the same ranges, rounded down below the origin too", () => {
    expect(shown(dialect.bucketHashes(whole, ranges))).toMatch(/floor\(|case when \[id\] < -5 then 15/);
  });

  test("rows without a key are hashed here", () => {
    const refused = dialect.bucketHashes({ ...whole, keyLength: 0 }, { kind: "row-hash", buckets: 8 });

    expect(shown(refused)).toBe("refused: Rows without a key are hashed in this process");
  });
});

test.each([
  [sqlServer, amount, "cast(cast([amount] as decimal(38, 2)) as varchar(41))"],
  [sqlServer, column("b", "binary", { kind: "binary" }), "lower(convert(varchar(max), [b], 2))"],
  [sqlServer, column("u", "uuid", { kind: "uuid" }), "lower(cast([u] as char(36)))"],
  [sqlServer, column("d", "date", { kind: "date" }), "convert(char(10), [d], 23)"],
  [
    sqlServer,
    column("t", "text", { kind: "text", blankPadded: true }),
    "rtrim(cast([t] collate Latin1_General_100_BIN2_UTF8 as varchar(max)))",
  ],
  [
    sqlServer,
    column("at", "timestamptz", moment({ utc: true, digits: 3 })),
    "convert(char(19), cast(switchoffset([at], '+00:00') as datetime2(3)), 120) + isnull(nullif(replace(rtrim(replace(substring(convert(varchar(27), cast(switchoffset([at], '+00:00') as datetime2(3)), 121), 20, 4), '0', ' ')), ' ', '0'), '.'), '')",
  ],
  [oracle, amount, `to_char(round("amount", 2), 'FM${"9".repeat(35)}0D00', 'NLS_NUMERIC_CHARACTERS=''.,''')`],
  [oracle, column("b", "binary", { kind: "binary" }, "raw(16)"), 'lower(rawtohex("b"))'],
  [
    oracle,
    column("at", "timestamp", moment()),
    `rtrim(rtrim(to_char(cast("at" as timestamp(6)), 'YYYY-MM-DD HH24:MI:SS.FF6'), '0'), '.') || case when cast("at" as timestamp(6)) < date '0001-01-01' then ' BC' end`,
  ],
])("$engine writes %#", (dialect, given, text) => {
  expect(shown(dialect.value(given))).toBe(text);
});

test("what an engine cannot do is said in its own words", () => {
  const long = column("body", "text", { kind: "text", blankPadded: false }, "varchar2(4000)");
  expect(shown(oracle.bucketHashes({ ...whole, columns: [id, long] }, classes))).toContain(
    "longer than the 4000 bytes",
  );
  expect(shown(oracle.value(column("c", "text", { kind: "text", blankPadded: false }, "clob")))).toContain(
    "no large objects",
  );
  expect(shown(sqlServer.value(column("f", "float64", { kind: "float", bits: 64 })))).toContain(
    "shortest digits",
  );
  expect(shown(mongodb.bucketHashes(whole, classes))).toContain("read by _id and hashed in this process");
  expect(shown(cassandra.bucketHashes(whole, classes))).toContain(
    "read by token range and hashed in this process",
  );
});
