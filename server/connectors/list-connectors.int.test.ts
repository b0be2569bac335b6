import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectorVersions } from "#db/schema/connectors.ts";
import { observedConnectors, upstreamStates } from "#db/schema/observed.ts";
import { connectorHealth } from "#domain/connectors/health.ts";
import type { ConnectState } from "#domain/connectors/schema.ts";
import {
  addToQuarantine,
  removeFromQuarantine,
  SET_ASIDE_ACTION,
  TAKE_OFF_ACTION,
} from "#domain/dead-letters/quarantine-list.ts";
import { positionText } from "#domain/dead-letters/replay-order.ts";
import { audited } from "#server/audit/audited.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { getConnector } from "./get-connector.ts";
import { listConnectors } from "./list-connectors.ts";
import { summariseConnectors } from "./summarise-connectors.ts";

let stack: Stack;
const viewer = an("viewer");
const at = new Date("2026-11-21T10:00:00Z");

const STATES: readonly ConnectState[] = [
  "UNASSIGNED",
  "RUNNING",
  "PAUSED",
  "STOPPED",
  "FAILED",
  "RESTARTING",
  "DESTROYED",
];
const TASKS: readonly (readonly ConnectState[])[] = [
  [],
  ["RUNNING"],
  ["FAILED"],
  ["RUNNING", "FAILED"],
  ["UNASSIGNED"],
  ["PAUSED"],
  ["RESTARTING", "RUNNING"],
];
const combinations = STATES.flatMap((state) => TASKS.map((tasks) => ({ state, tasks })));

function aRow(
  name: string,
  over: Partial<typeof observedConnectors.$inferInsert> = {},
): typeof observedConnectors.$inferInsert {
  return {
    cluster: "lab",
    name,
    type: "source",
    plugin: "io.debezium.connector.postgresql.PostgresConnector",
    state: "RUNNING",
    tasks: [{ id: 0, state: "RUNNING", worker: "w" }],
    config: { name, "topic.prefix": name },
    plaintextSecretKeys: [],
    worker: "w",
    fingerprint: name,
    seenAt: at,
    changedAt: at,
    stateChangedAt: at,
    ...over,
  };
}

beforeAll(async () => {
  stack = await startStack();
  const { db } = stack.deps;
  await db.insert(observedConnectors).values([
    ...combinations.map(({ state, tasks }, index) =>
      aRow(`combo-${String(index).padStart(2, "0")}`, {
        cluster: "combos",
        state,
        tasks: tasks.map((task, id) => ({ id, state: task, worker: "w" })),
      }),
    ),
    aRow("shop", { config: { name: "shop", "topic.prefix": "a.shop", "slot.name": "s" } }),
    aRow("other", { config: { name: "other", "topic.prefix": "a" } }),
    aRow("ware_house", {
      type: "sink",
      plugin: "x.JdbcSinkConnector",
      state: "PAUSED",
      tasks: [{ id: 0, state: "PAUSED", worker: "w" }],
      config: { name: "ware_house", topics: "a.shop.public.orders , a.public.x" },
      plaintextSecretKeys: ["connection.password"],
    }),
    aRow("gone", { removedAt: at }),
  ]);
  const version = { cluster: "lab", authorId: "ada", authorName: "Ada", at, origin: "created" as const };
  await db.insert(connectorVersions).values([
    { ...version, name: "shop", version: 1, config: { "topic.prefix": "a.shop", "slot.name": "older" } },
    { ...version, name: "shop", version: 2, config: { "topic.prefix": "a.shop" } },
    { ...version, name: "other", version: 1, config: { "topic.prefix": "a" } },
  ]);
  await db.insert(upstreamStates).values({
    cluster: "lab",
    upstream: "connect",
    state: "down",
    message: "Kafka Connect of lab did not answer",
    facts: {},
    lastOkAt: at,
    checkedAt: new Date(),
    since: at,
  });
});
afterAll(() => stack.stop());

const list = (filter: string, over: object = {}) =>
  listConnectors(stack.deps, viewer, { filter, sort: "name", page: 1, pageSize: 100, ...over });
const names = async (filter: string, over: object = {}) =>
  (await list(filter, over)).rows.map((row) => row.name);

test("PostgreSQL judges every combination of states as the domain does", async () => {
  const { rows } = await list("cluster:combos");

  expect(rows.map((row) => row.health)).toEqual(
    combinations.map(({ state, tasks }) => connectorHealth(state, tasks)),
  );
});

describe("filters", () => {
  test.each([
    ["cluster:lab", ["other", "shop", "ware_house"]],
    ["cluster:lab type:sink", ["ware_house"]],
    ["cluster:lab -type:sink", ["other", "shop"]],
    ["cluster:lab state:paused", ["ware_house"]],
    ["cluster:lab state:paused state:healthy", ["other", "shop", "ware_house"]],
    ["e_h", ["ware_house"]],
    ["ware jdbc", ["ware_house"]],
    ["pipeline:shop", ["shop", "ware_house"]],
    ["cluster:lab pipeline:other", ["other", "ware_house"]],
    ["changed-outside:yes", ["shop"]],
    ["cluster:lab changed-outside:no", ["other", "ware_house"]],
    ["managed:yes", ["other", "shop"]],
    ["secrets:yes", ["ware_house"]],
    ["plugin:jdbc", ["ware_house"]],
    ["gone", []],
    ["'; drop table observed_connectors; --", []],
  ])("%s", async (filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });
});

test("the list says which pipelines a sink drains, its version and what changed outside", async () => {
  const { rows } = await list("cluster:lab");

  expect(rows).toMatchObject([
    { name: "other", pipelines: ["other"], version: 1, isChangedOutside: false },
    { name: "shop", pipelines: ["shop"], version: 2, isChangedOutside: true },
    {
      name: "ware_house",
      pipelines: ["other", "shop"],
      version: null,
      isChangedOutside: false,
      hasPlaintextSecret: true,
    },
  ]);
});

test("pages and sorting are the database's, worst first by default", async () => {
  const first = await list("cluster:combos", { sort: "", pageSize: 5 });

  expect(first.total).toBe(combinations.length);
  expect(first.rows.every((row) => row.health === "failed")).toBe(true);
  expect(await names("cluster:lab", { sort: "-name", pageSize: 1, page: 2 })).toEqual(["shop"]);
});

test("a cluster that does not answer keeps its rows, with their age and the reason", async () => {
  const summary = await summariseConnectors(stack.deps, viewer);

  expect(summary.total).toBe(combinations.length + 3);
  expect(summary.clusters).toEqual([
    { cluster: "lab", state: "down", message: "Kafka Connect of lab did not answer", lastOkAt: at },
  ]);
});

test("a connector's page shows what was changed outside, key by key", async () => {
  const view = await getConnector(stack.deps, viewer, { cluster: "lab", name: "shop" });

  expect(view).toMatchObject({
    health: "healthy",
    desired: { version: 2 },
    changedOutside: [{ key: "slot.name", kind: "added", after: "s" }],
  });
});

test("what was deleted or never seen is missing", async () => {
  await expect(getConnector(stack.deps, viewer, { cluster: "lab", name: "gone" })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("nobody without a role sees the list", async () => {
  const nobody = { ...viewer, roles: [] };

  await expect(
    listConnectors(stack.deps, nobody, { filter: "", sort: "", page: 1, pageSize: 10 }),
  ).rejects.toMatchObject({ code: "forbidden" });
});

describe("a quarantine in a sink's configuration", () => {
  const given = {
    "connector.class": "x.JdbcSinkConnector",
    topics: "a.shop.public.orders",
    transforms: "unwrap",
  };
  const record = { topic: "a.shop.public.orders", partition: 0, offset: 41 };
  const patch = addToQuarantine(given, [record], "", { topic: "dlq.held", replicationFactor: 1 });
  const during = patched(given, patch);
  const planId = "6f0d5a0e-5a35-4d5a-9a49-0d6f3c1c8a11";

  async function observe(config: Record<string, string>) {
    await stack.deps.db.delete(observedConnectors).where(eq(observedConnectors.name, "held"));
    await stack.deps.db
      .insert(observedConnectors)
      .values(aRow("held", { cluster: "quarantines", type: "sink", config: { name: "held", ...config } }));
    const view = await getConnector(stack.deps, viewer, { cluster: "quarantines", name: "held" });
    const [row] = (await list("cluster:quarantines")).rows;
    return {
      ...view,
      isChangedOutside: row?.isChangedOutside,
      outside: view.changedOutside.map(({ key }) => key),
    };
  }
  const act = (action: string, change: Record<string, string | null>, plan?: string) =>
    audited(
      stack.deps.db,
      an("operator", "olga"),
      {
        action,
        subject: { cluster: "quarantines", connector: "held", ...(plan ? { plan } : {}) },
        detail: { records: [positionText(record)], patch: change },
      },
      () => Promise.resolve(),
    );

  beforeAll(async () => {
    await stack.deps.db.insert(connectorVersions).values({
      cluster: "quarantines",
      name: "held",
      version: 1,
      config: given,
      origin: "created",
      authorId: "ada",
      authorName: "Ada",
      at,
    });
  });

  test("that Headgate did not write is a change from outside", async () => {
    expect(await observe(during)).toMatchObject({
      isChangedOutside: true,
      outside: expect.arrayContaining(["transforms", "transforms.quarantine.records"]),
      quarantined: [positionText(record)],
      quarantinePlan: null,
    });
  });

  test("that Headgate wrote is told as its own, with its plan", async () => {
    await act(SET_ASIDE_ACTION, patch, planId);

    expect(await observe(during)).toMatchObject({
      isChangedOutside: false,
      outside: [],
      quarantined: [positionText(record)],
      quarantinePlan: planId,
    });
    expect((await observe(during)).changedByQuarantine.map(({ key }) => key)).toContain("errors.tolerance");
  });

  test("hides no change that somebody else made on top of it", async () => {
    expect(await observe({ ...during, "batch.size": "9" })).toMatchObject({
      isChangedOutside: true,
      outside: ["batch.size"],
    });
    expect(await observe({ ...during, transforms: `${during.transforms},mask` })).toMatchObject({
      isChangedOutside: true,
      changedOutside: [{ key: "transforms", before: "quarantine,unwrap", after: "quarantine,unwrap,mask" }],
    });
    expect(await observe({ ...during, "errors.tolerance": "none" })).toMatchObject({
      isChangedOutside: true,
      outside: ["errors.tolerance"],
    });
  });

  test("leaves only its settings once the worker has taken the list off", async () => {
    const cleaned = removeFromQuarantine(during, [record]);
    await act(TAKE_OFF_ACTION, cleaned);

    const view = await observe(patched(during, cleaned));
    expect(view).toMatchObject({ isChangedOutside: false, outside: [], quarantined: [] });
    expect(view.changedByQuarantine.map(({ key }) => key).sort()).toEqual([
      "errors.deadletterqueue.context.headers.enable",
      "errors.deadletterqueue.topic.name",
      "errors.deadletterqueue.topic.replication.factor",
      "errors.tolerance",
    ]);
  });
});

function patched(
  config: Record<string, string>,
  patch: Record<string, string | null>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...config, ...patch }).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
