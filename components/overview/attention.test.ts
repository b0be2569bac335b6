import { expect, test } from "vitest";
import { type AttentionFacts, attentionItems } from "./attention.ts";

const since = new Date("2026-11-21T10:00:00Z");
const nothing: AttentionFacts = {
  clusters: [],
  pipelines: [],
  connectors: [],
  secretsInTheOpen: 0,
  runsThatNeedAttention: 0,
  plansToDecide: 0,
  deadLetters: 0,
  floods: [],
  driftingTables: 0,
};
const brokenSink = {
  cluster: "eu",
  name: "warehouse-sink",
  health: "failed" as const,
  tasks: { total: 1, failed: 1 },
  pipelines: ["shop-source"],
  since,
};

test("nothing wrong, nothing listed", () => {
  expect(attentionItems(nothing)).toEqual([]);
});

test("upstreams that are up are not mentioned, the others with their own sentence", () => {
  const items = attentionItems({
    ...nothing,
    clusters: [
      {
        name: "eu",
        upstreams: [
          { upstream: "connect", state: "up", message: null, since },
          { upstream: "vault", state: "sealed", message: "Vault is sealed", since },
        ],
      },
    ],
  });

  expect(items).toMatchObject([{ kind: "Vault", title: "eu", status: "failed", words: "Vault is sealed" }]);
});

test("a broken sink that its pipeline already names is said once", () => {
  const pipelines = [
    {
      cluster: "eu",
      source: "shop-source",
      status: "failed" as const,
      words: "Sink warehouse-sink failed 4 min ago.",
      waitingSince: since,
    },
  ];

  const items = attentionItems({ ...nothing, pipelines, connectors: [brokenSink] });

  expect(items.map((item) => item.kind)).toEqual(["pipeline"]);
});

test("a broken connector that no listed pipeline names stands for itself", () => {
  expect(attentionItems({ ...nothing, connectors: [brokenSink] })).toMatchObject([
    { kind: "connector", title: "warehouse-sink", words: "1 of 1 task failed.", since },
  ]);
});

test("worst first, and what only waits comes last", () => {
  const items = attentionItems({
    ...nothing,
    plansToDecide: 2,
    secretsInTheOpen: 1,
    connectors: [brokenSink],
  });

  expect(items.map((item) => item.status)).toEqual(["failed", "degraded", "held"]);
});

test("dead letters wait for a person, and a flood of them comes first", () => {
  const items = attentionItems({
    ...nothing,
    deadLetters: 1_204,
    floods: [{ group: 7, table: "public.orders", text: "40 % of public.orders became dead letters" }],
  });

  expect(items).toMatchObject([
    { title: "public.orders", status: "failed", href: "/dead-letters/groups/7" },
    { title: "1,204 records", status: "degraded", href: "/dead-letters" },
  ]);
});
