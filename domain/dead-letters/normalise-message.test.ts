import { expect, test } from "vitest";
import { normaliseMessage } from "./normalise-message.ts";

test.each([
  [
    "a constraint keeps its name and loses the row",
    'ERROR: new row for relation "customers" violates check constraint "customers_name_ok"\n  Detail: Failing row contains (100006, bad, ada@example.org, 2026-11-20 10:00:00).',
    'ERROR: new row for relation "customers" violates check constraint "customers_name_ok" Detail: Failing row contains (…)',
  ],
  [
    "a missing value keeps its column",
    'null value in column "email" of relation "customers" violates not-null constraint',
    'null value in column "email" of relation "customers" violates not-null constraint',
  ],
  [
    "what was typed wrongly goes, the type stays",
    'invalid input syntax for type integer: "12abc"',
    'invalid input syntax for type integer: "…"',
  ],
  ["numbers go", "Error deserializing Avro message for id 4711", "Error deserializing Avro message for id #"],
  ["types keep their digits", "cannot cast int8 to varchar", "cannot cast int8 to varchar"],
  [
    "positions go",
    "Quarantined by Headgate: shop.public.customers-1@33585: row breaks a constraint",
    "Quarantined by Headgate: #: row breaks a constraint",
  ],
  [
    "identifiers and moments go",
    "row 7f9c24e5-0000-4000-8000-1234567890ab at 2026-11-20T10:00:00.123Z: Duplicate entry 'ada@example.org' for key 'customers.email'",
    "row … at …: Duplicate entry '…' for key 'customers.email'",
  ],
  [
    "bytes in JSON errors go",
    `Unrecognized token 'hunter2': was expecting (JSON String)\n at [Source: (byte[])"hunter2"; line: 1, column: 9]`,
    `Unrecognized token '…': was expecting (JSON String) at [Source: (byte[])"…"; line: #, column: #]`,
  ],
  [
    "what a transform could not cast goes",
    "Value (Ada Lovelace (London), 12) was out of range for requested data type",
    "Value (…) was out of range for requested data type",
  ],
  [
    "what a transform could not read as a moment goes, its pattern stays",
    "Could not parse timestamp: value (ada@example.org) does not match pattern (yyyy-MM-dd)",
    "Could not parse timestamp: value (…) does not match pattern (yyyy-MM-dd)",
  ],
  [
    "what could not be converted goes, its class stays",
    "Unable to convert ada@example.org (class java.lang.String) to Schema{INT32}",
    "Unable to convert … (class java.lang.String) to Schema{INT32}",
  ],
])("%s", (_case, message, expected) => {
  expect(normaliseMessage(message)).toBe(expected);
});

test("two rows that break the same constraint look alike", () => {
  const broken = (row: string) =>
    normaliseMessage(
      `new row for relation "t" violates check constraint "c"\n  Detail: Failing row contains ${row}.`,
    );

  expect(broken("(1, a)")).toBe(broken("(2, 'b), (c')"));
});

test("a message of a megabyte costs milliseconds", () => {
  const started = performance.now();

  normaliseMessage(`values (${"'x',".repeat(250_000)}`);

  expect(performance.now() - started).toBeLessThan(200);
});
