import { expect, test } from "vitest";
import { ExportRecordsForm } from "./export.ts";

test.each([
  [{ format: "csv" }, { format: "csv", payload: false, selection: { filter: "" } }],
  [
    { format: "jsonl", filter: "table:orders", groups: "3,4", upTo: "900", ids: "" },
    { format: "jsonl", payload: false, selection: { filter: "table:orders", groups: [3, 4], upTo: 900 } },
  ],
  [
    { format: "csv", ids: "1, 2", filter: "x", payload: "yes" },
    { format: "csv", payload: true, selection: { ids: [1, 2] } },
  ],
])("the form %j means %j", (form, input) => {
  expect(ExportRecordsForm.parse(form)).toEqual(input);
});

test.each([{ format: "xml" }, { format: "csv", ids: "a" }, { format: "csv", upTo: "-1" }])(
  "%j is refused",
  (form) => {
    expect(ExportRecordsForm.safeParse(form).success).toBe(false);
  },
);
