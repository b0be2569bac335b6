import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Actor } from "#domain/access/permissions.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import { createDeps, type Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import { createLog } from "#server/log.ts";
import { emptyMemory } from "#server/observability/cluster-memory.ts";
import { createConnectObserver } from "#server/observability/observe-connect.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { getConnector } from "./get-connector.ts";
import { getConnectorOffsets } from "./get-connector-offsets.ts";
import { getConnectorTopics } from "./get-connector-topics.ts";
import { listLeftovers } from "./list-leftovers.ts";
import { listPlugins } from "./list-plugins.ts";
import { listSourceTopics } from "./list-source-topics.ts";
import { pluginKeys } from "./plugin-keys.ts";
import { proposeCreate } from "./propose-create.ts";
import { CLUSTER, cleanUp, shopSource, warehouseSink } from "./testing/lab-pipeline.ts";
import { validateConfig } from "./validate-config.ts";

let stack: Stack;
const taken = uniqueName("it-taken");
const engineer = an("engineer");
const aRef = { cluster: CLUSTER, name: taken };

beforeAll(async () => {
  stack = await startStack();
  const { deps } = stack;
  const config = shopSource(deps, taken, ["products"]);
  await throughRebalance(() => deps.connect(CLUSTER).create(taken, config, "STOPPED"));
  const observe = createConnectObserver(deps, CLUSTER, emptyMemory());
  // Connect lists a new connector before it knows its status.
  await vi.waitFor(async () => {
    await observe();
    await getConnector(deps, engineer, { cluster: CLUSTER, name: taken });
  }, 30_000);
});
afterAll(async () => {
  await cleanUp(stack.deps, [taken]);
  await stack.stop();
});

const validate = (name: string, config: Record<string, string>, deps: Deps = stack.deps) =>
  validateConfig(deps, engineer, { cluster: CLUSTER, name, config, exists: false });
const errorsAt = (findings: { path: string; severity: string }[]) =>
  findings.filter((finding) => finding.severity === "error").map((finding) => finding.path);

function elsewhere(change: { connect?: string; brokers?: string[]; vault?: string }): Deps {
  const config = {
    clusters: stack.deps.config.clusters.map((cluster) => ({
      ...cluster,
      kafka: { ...cluster.kafka, brokers: change.brokers ?? cluster.kafka.brokers },
      connect: { ...cluster.connect, url: change.connect ?? cluster.connect.url },
      ...(cluster.vault
        ? { vault: { ...cluster.vault, address: change.vault ?? cluster.vault.address } }
        : {}),
    })),
  };
  return createDeps({
    databaseUrl: stack.databaseUrl,
    config,
    log: createLog("error", "test"),
    observe: { connectMs: 1000, progressMs: 1000 },
  });
}

test("the guide's configuration has nothing wrong on the real engines", async () => {
  const name = uniqueName("it-fine");

  expect(await validate(name, shopSource(stack.deps, name, ["products", "orders"]))).toEqual({
    findings: [],
    unchecked: [],
  });
});

test("errors of all layers come at once, each at its key", async () => {
  const { findings } = await validate(taken, {
    ...shopSource(stack.deps, taken, ["products"]),
    "table.include.list": "products",
    "max.batch.size": "many",
    "snapshot.mode": "sometimes",
  });

  expect([...new Set(errorsAt(findings))].sort()).toEqual(
    [
      "max.batch.size",
      "name",
      "publication.name",
      "slot.name",
      "snapshot.mode",
      "table.include.list",
      "topic.prefix",
    ].sort(),
  );
  expect(findings.find((finding) => finding.path === "snapshot.mode")?.source).toBe("connect");
});

describe("the source's own refusals land at their field in plain words, with nothing resolved in them", () => {
  test.each([
    [
      "a wrong password",
      { "database.password": "${vault:secret/connectors/library:password}" },
      "database.hostname",
      /refused the user and password/,
    ],
    ["a closed port", { "database.port": "1" }, "database.hostname", /Nothing answers/],
    [
      "a missing database",
      { "database.dbname": "nowhere" },
      "database.hostname",
      /does not exist|refused|Unable/i,
    ],
  ])("%s", async (_case, change, path, message) => {
    const name = uniqueName("it-bad");

    const { findings } = await validate(name, { ...shopSource(stack.deps, name, ["products"]), ...change });

    expect(findings).toEqual([
      expect.objectContaining({ path, source: "connect", message: expect.stringMatching(message) }),
    ]);
    expect(JSON.stringify(findings)).not.toMatch(/shop_connector|library_connector/);
  });

  test.each([
    ["a secret that is not there", "${vault:secret/connectors/nowhere:password}", /nowhere/],
    ["a key the secret does not have", "${vault:secret/connectors/shop:passwort}", /passwort/],
    [
      "a secret the connectors may not read",
      "${vault:secret/headgate/shop:password}",
      /does not let the connectors/,
    ],
  ])("a reference to %s", async (_case, reference, message) => {
    const name = uniqueName("it-ref");

    const { findings } = await validate(name, {
      ...shopSource(stack.deps, name, ["products"]),
      "database.password": reference,
    });

    expect(findings).toEqual([
      expect.objectContaining({
        path: "database.password",
        severity: "error",
        message: expect.stringMatching(message),
      }),
    ]);
  });

  test("a plugin that is not installed", async () => {
    const { findings } = await validate(uniqueName("it-plugin"), {
      "connector.class": "org.example.Nothing",
    });

    expect(findings).toMatchObject([{ path: "connector.class", severity: "error", source: "connect" }]);
  });
});

describe("the gate stands before Connect", () => {
  test("a literal secret never leaves: Connect's log and Vault see nothing of it", async () => {
    const name = uniqueName("it-gate");
    const config = {
      ...shopSource(stack.deps, name, ["products"]),
      "database.password": "hunter2-plain",
      "sasl.jaas.config": "x",
    };

    const { findings, unchecked } = await validate(name, config, elsewhere({}));

    expect(errorsAt(findings)).toEqual(["database.password", "sasl.jaas.config"]);
    expect(unchecked).toMatchObject([{ message: expect.stringContaining("never sees") }]);
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  });

  test("also before a plan", async () => {
    const name = uniqueName("it-gate");
    const config = {
      ...warehouseSink(stack.deps, name, "public", ["x"]),
      "connection.password": "hunter2-plain",
    };

    await expect(
      proposeCreate(stack.deps, engineer, { cluster: CLUSTER, name, config }),
    ).rejects.toMatchObject({
      code: "invalid",
      problems: expect.arrayContaining([
        expect.objectContaining({ path: "connection.password" }),
        expect.objectContaining({ path: "topics" }),
      ]),
    });
  });
});

describe("outages", () => {
  test("Connect away is said by name", async () => {
    const deps = elsewhere({ connect: "http://127.0.0.1:1" });

    await expect(
      validate(uniqueName("it-away"), shopSource(deps, "x", ["products"]), deps),
    ).rejects.toMatchObject({
      code: "upstream_unavailable",
      message: "Kafka Connect of lab did not answer",
    });
    await deps.pool.end();
  });

  test("Kafka away leaves the rest checked, and stops a plan", async () => {
    const deps = elsewhere({ brokers: ["127.0.0.1:1"] });
    const name = uniqueName("it-away");
    const config = {
      ...shopSource(deps, name, ["products"]),
      "signal.kafka.bootstrap.servers": stack.deps.config.clusters[0]?.kafka.brokers[0] ?? "",
    };

    expect(await validate(name, config, deps)).toEqual({
      findings: [],
      unchecked: [expect.objectContaining({ upstream: "Kafka", blocks: true })],
    });
    await expect(proposeCreate(deps, engineer, { cluster: CLUSTER, name, config })).rejects.toMatchObject({
      code: "upstream_unavailable",
    });
    await deps.pool.end();
  });
});

test("Vault away stops a plan, by name", async () => {
  const deps = elsewhere({ vault: "http://127.0.0.1:1" });
  const name = uniqueName("it-away");
  // Not asked about before: an answer is kept for a moment.
  const config = {
    ...shopSource(deps, name, ["products"]),
    "database.user": "${vault:secret/connectors/shop?version=1:username}",
  };

  expect((await validate(name, config, deps)).unchecked).toMatchObject([{ upstream: "Vault", blocks: true }]);
  await expect(proposeCreate(deps, engineer, { cluster: CLUSTER, name, config })).rejects.toMatchObject({
    code: "upstream_unavailable",
    upstream: "Vault",
  });
  await deps.pool.end();
});

test("only who may configure validates, for it dials the database", async () => {
  await expect(
    validateConfig(stack.deps, an("operator"), { cluster: CLUSTER, name: "x", config: {}, exists: false }),
  ).rejects.toMatchObject({ code: "forbidden" });
});

test.each([
  [
    "connectors.validate",
    (actor: Actor) => validateConfig(stack.deps, actor, { ...aRef, config: {}, exists: false }),
  ],
  ["connectors.offsets", (actor: Actor) => getConnectorOffsets(stack.deps, actor, aRef)],
  ["connectors.topics", (actor: Actor) => getConnectorTopics(stack.deps, actor, aRef)],
  ["connectors.leftovers", (actor: Actor) => listLeftovers(stack.deps, actor, aRef)],
  ["connectors.sourceTopics", (actor: Actor) => listSourceTopics(stack.deps, actor, aRef)],
  ["connectors.plugins", (actor: Actor) => listPlugins(stack.deps, actor, aRef)],
  ["connectors.pluginKeys", (actor: Actor) => pluginKeys(stack.deps, actor, { ...aRef, plugin: "x" })],
])("%s dials out, so it is refused after many in a minute", async (call, ask) => {
  const hasty = an("engineer", uniqueName("hasty"));
  for (let turn = 0; turn < 30; turn += 1) await limitExpensive(stack.deps, hasty, call);

  await expect(ask(hasty)).rejects.toMatchObject({ code: "too_many_requests" });
});

test("the catalogue has every key with its documentation, and defaults without secrets", async () => {
  const keys = await pluginKeys(stack.deps, an("viewer"), {
    cluster: CLUSTER,
    plugin: "io.debezium.connector.postgresql.PostgresConnector",
  });

  expect(keys.length).toBeGreaterThan(100);
  expect(keys.find((key) => key.name === "snapshot.mode")).toMatchObject({
    type: "STRING",
    default: "initial",
    documentation: expect.stringContaining("snapshot"),
  });
  expect(keys.find((key) => key.name === "database.password")).toMatchObject({
    type: "PASSWORD",
    default: null,
  });
});
