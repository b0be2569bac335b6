import { expect, test } from "vitest";
import { reasonClass, rowReason } from "./reason-class.ts";

test.each([
  ["blanks at the end", "a", "a  ", "trim"],
  ["upper case", "Ada", "ADA", "case"],
  ["composed and decomposed", "\u00e9", "e\u0301", "unicode_form"],
  ["fewer decimals", "1.239", "1.24", "rounding"],
  ["a trailing zero", "1.50", "1.5", "rounding"],
  ["another number", "1", "2", "different"],
  ["digits beyond 2^53", "9007199254740993", "9007199254740992", "different"],
  ["a cent more in a large amount", "1234567890123.01", "1234567890123.00", "different"],
  ["single precision", "0.1", "0.10000000149011612", "rounding"],
  ["an exponent", "1.5e3", "1500", "rounding"],
  ["a constant hour apart", "2026-01-01 10:00:00", "2026-01-01 11:00:00", "time_offset"],
  ["a zone written otherwise", "2026-01-01 10:00:00+02:00", "2026-01-01 08:00:00Z", "time_precision"],
  ["microseconds cut", "2026-01-01 10:00:00.123456", "2026-01-01 10:00:00.123", "time_precision"],
  ["a minute apart", "2026-01-01 10:00:00", "2026-01-01 10:01:00", "different"],
  ["empty against NULL", "", null, "empty_or_null"],
  ["NULL against blanks", null, "  ", "empty_or_null"],
  ["NULL against the word", null, "NULL", "different"],
  ["members in another order", '{"a":1,"b":[2]}', '{"b":[2],"a":1}', "json_meaning"],
  ["a cut end", "a long story", "a long", "truncated"],
  ["a large value that was not sent", "x", "__debezium_unavailable_value", "unchanged_placeholder"],
  ["other words", "row 1", "row 2", "different"],
] as const)("%s", (_situation, source, target, expected) => {
  expect(reasonClass(source, target)).toBe(expected);
});

test("a row has the reason its columns share, and none when they differ", () => {
  expect(rowReason(["trim", "trim"])).toBe("trim");
  expect(rowReason(["trim", "case"])).toBe("different");
  expect(rowReason([])).toBe("different");
});
