import { expect, test } from "vitest";
import { answerProblems, emptyGuide, readGuideDraft, withIdentity } from "./guide-draft.ts";

test("a name gives slot, publication and dead-letter topic; a database gives the prefix", () => {
  const state = withIdentity(withIdentity(emptyGuide("source", "lab"), { name: "shop-source" }), {
    databaseId: "1",
    databaseName: "shop",
  });

  expect(state.source).toMatchObject({
    name: "shop-source",
    topicPrefix: "shop",
    slotName: "headgate_shop_source",
    publicationName: "headgate_shop_source",
  });
  expect(state.sink.deadLetterTopic).toBe("dlq-shop-source");
});

test("what a person chose stays when the name changes", () => {
  const named = withIdentity(emptyGuide("source", "lab"), { name: "a" });
  const chosen = { ...named, source: { ...named.source, slotName: "mine" } };

  expect(withIdentity(chosen, { name: "b" }).source).toMatchObject({
    slotName: "mine",
    publicationName: "headgate_b",
  });
});

test("tables of another database are forgotten", () => {
  const state = withIdentity(emptyGuide("source", "lab"), { databaseId: "1", databaseName: "x" });
  const chosen = { ...state, source: { ...state.source, tables: [{ schema: "public", table: "a" }] } };

  expect(withIdentity(chosen, { name: "n" }).source.tables).toHaveLength(1);
  expect(withIdentity(chosen, { databaseId: "2" }).source.tables).toEqual([]);
});

test("problems stand once per field", () => {
  expect(answerProblems(emptyGuide("source", "lab")).map((problem) => problem.path)).toEqual(
    expect.arrayContaining(["name", "topicPrefix", "tables"]),
  );
  expect(answerProblems(emptyGuide("sink", "lab")).map((problem) => problem.path)).toEqual([
    "name",
    "topics",
  ]);
});

test("a stored draft comes back as it was, and damage is ignored", () => {
  const state = withIdentity(emptyGuide("sink", "lab"), { name: "w" });

  expect(readGuideDraft(JSON.parse(JSON.stringify(state)))).toEqual(state);
  expect(readGuideDraft({ kind: "banana" })).toBeUndefined();
});

test.each([
  ["tasks", { tasks: Number.NaN }, "A whole number from 1 to 64"],
  ["tasks", { tasks: 2.5 }, "A whole number from 1 to 64"],
  ["batchSize", { batchSize: 1e9 }, "A whole number from 1 to 10000"],
  ["deadLetterTopic", { deadLetterTopic: "x".repeat(300) }, "At most 249 characters"],
  [
    "naming.schema",
    { naming: { kind: "in-schema", schema: "postgres://u:p@h/db" } },
    "A schema's name alone",
  ],
  ["naming.schema", { naming: { kind: "in-schema", schema: "x".repeat(64) } }, "At most 63 characters"],
  ["naming.format", { naming: { kind: "custom", format: "<script>" } }, "Names and placeholders alone"],
] as const)("a sink's %s is refused in words a person understands: %o", (path, wrong, words) => {
  const state = withIdentity(emptyGuide("sink", "lab"), { name: "w" });
  const problems = answerProblems({ ...state, sink: { ...state.sink, topics: ["t"], ...wrong } });

  expect(problems).toEqual([{ path, message: expect.stringContaining(words) }]);
});
