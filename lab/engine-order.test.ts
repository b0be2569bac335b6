import { expect, test } from "vitest";
import { inStartOrder, inStopOrder } from "./engine-order.ts";

const engines = [
  { name: "connect", after: ["kafka", "vault"] },
  { name: "kafka", after: [] },
  { name: "vault", after: [] },
  { name: "traffic", after: ["source"] },
  { name: "source", after: [] },
];

const later = () => new Promise((done) => setImmediate(done));

test("an engine starts when those it needs have started", async () => {
  const events: string[] = [];

  await inStartOrder(engines, async ({ name }) => {
    events.push(`begin ${name}`);
    await later();
    events.push(`end ${name}`);
  });

  expect(events.indexOf("begin connect")).toBeGreaterThan(events.indexOf("end kafka"));
  expect(events.indexOf("begin connect")).toBeGreaterThan(events.indexOf("end vault"));
  expect(events.indexOf("begin vault")).toBeLessThan(events.indexOf("end kafka"));
  expect(events).toHaveLength(10);
});

test("an engine ends after those that need it", async () => {
  const events: string[] = [];

  await inStopOrder(engines, async ({ name }) => {
    await later();
    events.push(name);
  });

  expect(events.indexOf("kafka")).toBeGreaterThan(events.indexOf("connect"));
  expect(events.indexOf("source")).toBeGreaterThan(events.indexOf("traffic"));
  expect(events).toHaveLength(5);
});

test("the first failure is told, and what waits does not begin", async () => {
  const begun: string[] = [];

  const starting = inStartOrder(engines, async ({ name }) => {
    begun.push(name);
    if (name === "kafka") throw new Error("kafka: port taken");
    await later();
  });

  await expect(starting).rejects.toThrow("kafka: port taken");
  expect(begun).not.toContain("connect");
  expect(begun).not.toContain("traffic");
});

test("an engine that does not end keeps none of the others up", async () => {
  const ended: string[] = [];

  const stopping = inStopOrder(engines, async ({ name }) => {
    if (name === "connect") throw new Error("connect does not end");
    ended.push(name);
  });

  await expect(stopping).rejects.toThrow("connect does not end");
  expect(ended.toSorted()).toEqual(["kafka", "source", "traffic", "vault"]);
});
