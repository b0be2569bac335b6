import { expect, test } from "vitest";
import { type FilterGrammar, formatFilter, parseFilter, satisfies } from "./grammar.ts";

const grammar: FilterGrammar = {
  fields: [
    { key: "state", label: "state", kind: "choice", values: ["failed", "paused", "running"] },
    { key: "table", label: "table", kind: "text" },
    { key: "lag", label: "events behind", kind: "number" },
    { key: "age", label: "since the last event", kind: "age" },
  ],
  freeText: "name",
};

test("typed tokens and free words are told apart", () => {
  const parsed = parseFilter("state:failed orders -table:public.items lag:>1000 sink", grammar);

  expect(parsed).toEqual({
    tokens: [
      { key: "state", negated: false, comparison: "=", value: "failed" },
      { key: "table", negated: true, comparison: "=", value: "public.items" },
      { key: "lag", negated: false, comparison: ">", value: "1000", amount: 1000 },
    ],
    text: "orders sink",
    dropped: [],
  });
});

test("quotes keep a value with spaces together", () => {
  expect(parseFilter('table:"order items" x', grammar).tokens).toEqual([
    { key: "table", negated: false, comparison: "=", value: "order items" },
  ]);
});

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["2h", 7_200_000],
  ["1.5d", 129_600_000],
])("an age of %s is %i ms", (value, amount) => {
  expect(parseFilter(`age:>=${value}`, grammar).tokens).toMatchObject([{ comparison: ">=", amount }]);
});

test.each([
  ["colour:red", "There is no filter colour; known are state, table, lag, age"],
  ["state:broken", "state is one of failed, paused, running"],
  ["state:", "state: needs a value"],
  ["lag:many", "lag takes a number"],
  ["age:5", "age takes an age such as 30s, 5m, 2h or 1d"],
  ["age:>999999999999d", "age takes an age such as 30s, 5m, 2h or 1d"],
  ["lag:99999999999999999999", "lag takes a number"],
])("%s is dropped with its reason", (text, reason) => {
  expect(parseFilter(text, grammar)).toEqual({ tokens: [], text: "", dropped: [{ text, reason }] });
});

test("free words are dropped with a reason where the list has no free text", () => {
  const { dropped } = parseFilter("orders", { fields: grammar.fields });

  expect(dropped).toEqual([{ text: "orders", reason: "This list takes only state, table, lag, age" }]);
});

test("choices are matched whatever their case and kept as declared", () => {
  expect(parseFilter("STATE:Failed", grammar).tokens).toMatchObject([{ key: "state", value: "failed" }]);
});

test.each(["state:failed -table:a.b lag:>=5 age:<1h", 'table:"order items" free words', ""])(
  "writing out %j parses to the same",
  (text) => {
    const parsed = parseFilter(text, grammar);

    expect(parseFilter(formatFilter(parsed), grammar)).toEqual(parsed);
  },
);

test("comparisons hold or are negated", () => {
  const token = { key: "lag", negated: false, comparison: ">", value: "5", amount: 5 } as const;

  expect(satisfies(token, 6)).toBe(true);
  expect(satisfies(token, 5)).toBe(false);
  expect(satisfies({ ...token, negated: true }, 5)).toBe(true);
});
