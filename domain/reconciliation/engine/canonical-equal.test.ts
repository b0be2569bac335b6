import { expect, test } from "vitest";
import { canonicalEqual, differingColumns, plainDecimal } from "./canonical-equal.ts";
import type { CanonicalForm } from "./canonical-form.ts";

const json: CanonicalForm = { kind: "json" };
const double: CanonicalForm = { kind: "float", bits: 64 };
const moment: CanonicalForm = { kind: "timestamp", digits: 6, utc: true, rounded: true };
const numbers: CanonicalForm = { kind: "array", element: { kind: "decimal" } };

test.each([
  ["two NULLs", json, null, null, true],
  ["NULL and empty", { kind: "text", blankPadded: false }, null, "", false],
  ["members in another order", json, '{"a":1,"b":[2]}', '{"b":[2],"a":1.0}', true],
  ["digits beyond a double", json, "12345678901234567890", "12345678901234567891", false],
  ["a number and its text", json, "1", '"1"', false],
  ["an object that looks like a number", json, '{"digits":"1e0"}', "1", false],
  ["__proto__", json, '{"__proto__":1}', '{"__proto__":2}', false],
  ["no JSON", json, "{", "{ ", false],
  ["exponents", double, "1e21", "1e+21", true],
  ["signed zero", double, "-0", "0", true],
  ["NaN", double, "NaN", "nan", true],
  ["infinities", double, "Infinity", "-Infinity", false],
  ["the last bit", double, "0.1", "0.10000000000000002", false],
  ["a float widened", { kind: "float", bits: 32 }, "0.1", "0.10000000149011612", true],
  ["trailing zeros of a second", moment, "2026-01-01 00:00:00.120000", "2026-01-01 00:00:00.12", true],
  ["whole seconds", moment, "2026-01-01 00:00:00.000000", "2026-01-01 00:00:00", true],
  ["another era", moment, "0044-03-15 00:00:00 BC", "0044-03-15 00:00:00", false],
  ["elements by value", numbers, "{1.0,2}", "{1,2.00}", true],
  ["nesting", numbers, "{{1},2}", "{{1,2}}", false],
] as const)("%s", (_what, form, a, b, equal) => {
  expect(canonicalEqual(form, a, b)).toBe(equal);
  expect(canonicalEqual(form, b, a)).toBe(equal);
});

test.each([
  ["0.0", "0"],
  ["-0", "0"],
  ["00120", "12e1"],
  ["0.012", "12e-3"],
  [".5", "5e-1"],
  ["-1.50e3", "-15e2"],
  ["NaN", "NaN"],
])("%s is written as %s", (text, plain) => {
  expect(plainDecimal(text)).toBe(plain);
});

test("differing columns are named by their place", () => {
  expect(differingColumns([{ kind: "integer" }, json], ["1", "{}"], ["1", "[]"])).toEqual([1]);
});
