import { expect, test } from "vitest";
import { groupingText } from "./grouping.ts";
import { whyGrouped } from "./why-grouped.ts";

test("every ingredient of the fingerprint is told, and no other", () => {
  const grouping = {
    version: 1,
    stage: "TASK_PUT",
    connector: "warehouse",
    table: "public.orders",
    exceptions: ["A", "B"],
    message: "value too long",
  } as const;

  const told = whyGrouped(grouping).map(({ value }) => value);

  expect(told).toEqual(["TASK_PUT", "warehouse", "public.orders", "A → B", "value too long"]);
  expect(JSON.parse(groupingText(grouping))).toHaveLength(told.length + 1);
});

test("what the headers do not tell is said", () => {
  const [, connector, table] = whyGrouped({
    stage: "UNKNOWN",
    connector: "",
    table: "",
    exceptions: [],
    message: "",
  });

  expect(connector?.why).toContain("no connector");
  expect(table?.why).toContain("no topic");
});
