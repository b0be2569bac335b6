import { expect, test } from "vitest";
import { ListInput } from "./list-input.ts";

test("a filter of an address loses the characters that no database can hold", () => {
  expect(ListInput.parse({ filter: "name:a\u0000b" }).filter).toBe("name:ab");
  expect(ListInput.parse({}).filter).toBe("");
});
