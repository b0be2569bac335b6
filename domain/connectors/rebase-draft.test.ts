import { expect, test } from "vitest";
import { rebaseDraft } from "./rebase-draft.ts";

test.each([
  ["theirs alone", { a: "1" }, { a: "1" }, { a: "2", b: "3" }, { a: "2", b: "3" }, []],
  ["mine alone", { a: "1" }, { a: "9" }, { a: "1" }, { a: "9" }, []],
  ["both, elsewhere", { a: "1", b: "1" }, { a: "9", b: "1" }, { a: "1", b: "7" }, { a: "9", b: "7" }, []],
  ["both, the same", { a: "1" }, { a: "5" }, { a: "5" }, { a: "5" }, []],
  [
    "both, differently",
    { a: "1" },
    { a: "9" },
    { a: "5" },
    { a: "9" },
    [{ key: "a", mine: "9", theirs: "5" }],
  ],
  [
    "I removed what they changed",
    { a: "1" },
    {},
    { a: "5" },
    {},
    [{ key: "a", mine: undefined, theirs: "5" }],
  ],
  ["I removed what they left", { a: "1", b: "2" }, { b: "2" }, { a: "1", b: "2" }, { b: "2" }, []],
  [
    "they removed what I changed",
    { a: "1" },
    { a: "9" },
    {},
    { a: "9" },
    [{ key: "a", mine: "9", theirs: undefined }],
  ],
] as const)("%s", (_case, base, mine, live, config, conflicts) => {
  expect(rebaseDraft({ ...base }, { ...mine }, { ...live })).toEqual({ config, conflicts });
});
