import { createServer, connect as dial, type Socket } from "node:net";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { observedConnectors, observedPipelines, tableProgress, upstreamStates } from "#db/schema/observed.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Upstream } from "#domain/observability/upstream.ts";
import type { ClusterSettings } from "#server/config/headgate-config.ts";
import { CLUSTER, cleanUp, shopSource, sql, warehouseSink } from "#server/connectors/testing/lab-pipeline.ts";
import { createDeps, type Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import { createLog } from "#server/log.ts";
import { type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { observerLoops } from "./observer-loops.ts";

let stack: Stack;
const source = uniqueName("it-obs");
const sink = `${source}-sink`;
const schema = source.replaceAll("-", "_");
const observing: { stop: AbortController; done: Promise<void> }[] = [];

beforeAll(async () => {
  stack = await startStack();
  await sql("warehouse", `create schema "${schema}" authorization warehouse_connector`);
  const connect = stack.deps.connect(CLUSTER);
  const config = shopSource(stack.deps, source, ["customers", "sessions"]);
  await throughRebalance(() => connect.create(source, config));
  const topics = ["customers", "sessions"].map((table) => `${source}.public.${table}`);
  await throughRebalance(() => connect.create(sink, warehouseSink(stack.deps, sink, schema, topics)));
});

afterAll(async () => {
  for (const { stop } of observing) stop.abort();
  await Promise.all(observing.map(({ done }) => done));
  await cleanUp(stack.deps, [sink, source], [schema]);
  await stack.stop();
});

function observe(deps: Deps): AbortController {
  const stop = new AbortController();
  const done = Promise.all(observerLoops.map((loop) => loop.run(deps, stop.signal))).then(() => undefined);
  observing.push({ stop, done });
  return stop;
}

async function stateOf(upstream: Upstream, cluster = CLUSTER) {
  const [row] = await stack.deps.db
    .select()
    .from(upstreamStates)
    .where(and(eq(upstreamStates.cluster, cluster), eq(upstreamStates.upstream, upstream)));
  return row;
}

async function lane(table: string) {
  const [row] = await stack.deps.db
    .select()
    .from(tableProgress)
    .where(and(eq(tableProgress.source, source), eq(tableProgress.name, table)));
  return row;
}

describe("a running pipeline", () => {
  beforeAll(() => {
    observe(stack.deps);
  });

  test("its connectors are there, with references and without secrets", async () => {
    const read = () =>
      stack.deps.db.select().from(observedConnectors).where(eq(observedConnectors.name, source));

    await expect.poll(async () => (await read())[0]?.state, { timeout: 20_000 }).toBe("RUNNING");

    const [row] = await read();
    expect(row).toMatchObject({ cluster: CLUSTER, type: "source", plaintextSecretKeys: [], removedAt: null });
    expect(row?.config["database.password"]).toBe("${vault:secret/connectors/shop:password}");
  });

  test("its tables are captured, streamed and delivered, counted exactly", async () => {
    await expect
      .poll(async () => (await lane("public.customers"))?.state, { timeout: 60_000 })
      .toBe("STREAMING");
    await expect
      .poll(async () => (await lane("public.customers"))?.sinks[0]?.delivered, { timeout: 60_000 })
      .toBeGreaterThanOrEqual(12_000);

    const row = await lane("public.customers");

    expect(row).toMatchObject({ topic: `${source}.public.customers`, topicExists: true });
    expect(row?.captured).toBeGreaterThanOrEqual(12_000);
    expect(row?.sinks).toMatchObject([{ name: sink, target: `${schema}.customers`, lost: 0 }]);
    expect(row?.position).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
  });

  test("the pipeline knows its sink, its position and its snapshot", async () => {
    const read = async () =>
      (await stack.deps.db.select().from(observedPipelines).where(eq(observedPipelines.source, source)))[0];

    await expect.poll(async () => (await read())?.checkpoint?.phase, { timeout: 30_000 }).toBe("streaming");

    expect(await read()).toMatchObject({
      engine: "postgresql",
      prefix: source,
      sinks: [sink],
      snapshot: { kind: "initial", state: "completed" },
    });
    expect((await read())?.snapshot?.scanned).toContainEqual({
      table: "public.customers",
      rows: 12_000,
      status: "SUCCEEDED",
    });
  });

  test("a change in the source is on its lane within seconds, with its commit time", async () => {
    const before = (await lane("public.customers"))?.captured ?? 0;
    const [changed] = await sql<{ at: Date }>(
      "shop",
      "update customers set email = email where id = 7 returning clock_timestamp() as at",
    );

    await expect
      .poll(async () => (await lane("public.customers"))?.captured, { timeout: 15_000, interval: 100 })
      .toBeGreaterThan(before);

    const committedAt = (await lane("public.customers"))?.committedAt?.getTime() ?? 0;
    expect(committedAt).toBeGreaterThan((changed?.at.getTime() ?? Number.POSITIVE_INFINITY) - 5_000);
  });

  test("a stopped sink: its lag grows and says since when the oldest event waits", async () => {
    await throughRebalance(() => stack.deps.connect(CLUSTER).stop(sink));
    await expect
      .poll(
        async () =>
          (await stack.deps.db.select().from(observedConnectors).where(eq(observedConnectors.name, sink)))[0]
            ?.state,
        { timeout: 20_000 },
      )
      .toBe("STOPPED");
    await sql("shop", "update customers set email = email where id between 1 and 50");

    await expect
      .poll(async () => (await lane("public.customers"))?.lagEvents, { timeout: 15_000 })
      .toBeGreaterThanOrEqual(50);

    const row = await lane("public.customers");
    expect(row?.waitingSince?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await throughRebalance(() => stack.deps.connect(CLUSTER).resume(sink));
    await expect
      .poll(async () => (await lane("public.customers"))?.lagEvents, { timeout: 30_000 })
      .toBeLessThan(20);
  });

  test("every upstream of the lab is up", async () => {
    for (const upstream of ["connect", "kafka", "registry", "vault"] as const)
      await expect.poll(async () => (await stateOf(upstream))?.state, { timeout: 20_000 }).toBe("up");
  });

  test("a second worker observes nothing while the first one leads, and takes over when it stops", async () => {
    const second = uniqueName("second");
    const [first] = observing;
    const deps = depsFor({ ...clusterOfLab(), name: CLUSTER }, second);
    observe(deps);

    first?.stop.abort();
    await first?.done;
    const before = (await stateOf("connect"))?.checkedAt.getTime() ?? 0;

    await expect
      .poll(async () => (await stateOf("connect"))?.checkedAt.getTime(), { timeout: 20_000 })
      .toBeGreaterThan(before);
  });
});

describe("an upstream that is down", () => {
  test("Kafka behind a dead port is said by name and address; Connect and the registry go on", async () => {
    const cluster = uniqueName("nokafka");
    observe(depsFor({ ...clusterOfLab(), name: cluster, kafka: { brokers: ["127.0.0.1:9"], tls: false } }));

    await expect.poll(async () => (await stateOf("kafka", cluster))?.state, { timeout: 20_000 }).toBe("down");
    await expect.poll(async () => (await stateOf("connect", cluster))?.state, { timeout: 20_000 }).toBe("up");
    await expect
      .poll(async () => (await stateOf("registry", cluster))?.state, { timeout: 20_000 })
      .toBe("up");

    expect((await stateOf("kafka", cluster))?.message).toBe(
      `Kafka of ${cluster} did not answer at 127.0.0.1:9`,
    );
    const pipelines = () =>
      stack.deps.db.select().from(observedPipelines).where(eq(observedPipelines.cluster, cluster));
    await expect
      .poll(async () => (await pipelines()).map((pipeline) => pipeline.source), { timeout: 20_000 })
      .toContain(source);
  });

  test("brokers that fall silent in the middle of a look take no number away", async () => {
    const cluster = uniqueName("midlook");
    const deps = depsFor({ ...clusterOfLab(), name: cluster });
    const silence = new AppError("upstream_unavailable", "Kafka did not answer", { upstream: "Kafka" });
    let isSilent = false;
    const kafka: Deps["kafka"] = (name) => {
      const real = deps.kafka(name);
      return {
        ...real,
        endOffsets: async (topics) =>
          isSilent
            ? { offsets: new Map(), silent: [], unanswered: new Set(topics) }
            : await real.endOffsets(topics),
        committedOffsets: (group, topics) =>
          isSilent ? Promise.reject(silence) : real.committedOffsets(group, topics),
      };
    };
    observe({ ...deps, kafka });
    const read = async () => {
      const [row] = await stack.deps.db
        .select()
        .from(tableProgress)
        .where(
          and(
            eq(tableProgress.cluster, cluster),
            eq(tableProgress.source, source),
            eq(tableProgress.name, "public.sessions"),
          ),
        );
      return row;
    };
    await expect
      .poll(async () => (await read())?.sinks[0]?.delivered, { timeout: 30_000 })
      .toBeGreaterThan(0);

    isSilent = true;
    await expect
      .poll(async () => (await stateOf("kafka", cluster))?.state, { timeout: 20_000 })
      .toBe("degraded");
    const checked = (await stateOf("kafka", cluster))?.checkedAt.getTime() ?? 0;
    await expect
      .poll(async () => (await stateOf("kafka", cluster))?.checkedAt.getTime(), { timeout: 20_000 })
      .toBeGreaterThan(checked);

    const row = await read();
    expect(row?.captured).toBeGreaterThan(0);
    expect(row?.sinks[0]?.delivered).toBeGreaterThan(0);
    expect((await stateOf("kafka", cluster))?.message).toContain("Kafka did not answer");
  });

  test("Connect goes away and comes back: both are seen without a restart, and nothing is forgotten", async () => {
    const cluster = uniqueName("flaky");
    const lab = clusterOfLab();
    const gate = await openGate(Number(new URL(lab.connect.url).port));
    observe(
      depsFor({
        ...lab,
        name: cluster,
        connect: { ...lab.connect, url: `http://127.0.0.1:${gate.port}`, timeoutMs: 2_000 },
      }),
    );
    const connectors = () =>
      stack.deps.db.select().from(observedConnectors).where(eq(observedConnectors.cluster, cluster));
    await expect.poll(async () => (await stateOf("connect", cluster))?.state, { timeout: 20_000 }).toBe("up");

    gate.shut();
    await expect
      .poll(async () => (await stateOf("connect", cluster))?.state, { timeout: 30_000 })
      .toBe("down");
    const whileDown = await connectors();
    const down = await stateOf("connect", cluster);
    gate.open();
    await expect.poll(async () => (await stateOf("connect", cluster))?.state, { timeout: 30_000 }).toBe("up");
    await gate.close();

    expect(whileDown.filter((row) => row.removedAt === null).map((row) => row.name)).toContain(source);
    expect(down?.message).toBe(`Kafka Connect of ${cluster} did not answer`);
    expect(down?.lastOkAt?.getTime()).toBeLessThan(down?.checkedAt.getTime() ?? 0);
    expect((await stateOf("kafka", cluster))?.state).toBe("up");
  });
});

function clusterOfLab(): ClusterSettings {
  const cluster = stack.deps.config.clusters.find(({ name }) => name === CLUSTER);
  if (!cluster) throw new Error("the lab has no cluster");
  return cluster;
}

function depsFor(cluster: ClusterSettings, process_ = "test"): Deps {
  return createDeps({
    databaseUrl: stack.databaseUrl,
    config: { clusters: [cluster] },
    log: createLog("fatal", "test").child({ process_ }),
    observe: { connectMs: 500, progressMs: 500 },
  });
}

/** A way to the engine that the test can close. */
async function openGate(target: number) {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((client) => {
    if (!isOpen) return void client.destroy();
    const engine = dial(target, "127.0.0.1");
    for (const [socket, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the gate has no port");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    shut() {
      isOpen = false;
      cut();
    },
    open() {
      isOpen = true;
    },
    close() {
      cut();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
