import { afterAll, beforeAll, expect, test } from "vitest";
import { observedConnectors, observedPipelines, tableProgress, upstreamStates } from "#db/schema/observed.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { SinkProgress } from "#domain/observability/sink-progress.ts";
import { listClusters } from "#server/catalog/list-clusters.ts";
import { searchCatalog } from "#server/catalog/search-catalog.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { getPipeline } from "./get-pipeline.ts";
import { getTable } from "./get-table.ts";
import { listPipelines } from "./list-pipelines.ts";
import { listTables } from "./list-tables.ts";

let stack: Stack;
const viewer = an("viewer");
const nobody = { ...viewer, roles: [] };
const now = new Date();
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);

beforeAll(async () => {
  stack = await startStack();
  await seed();
});
afterAll(() => stack.stop());

const list = (overrides: Partial<ListInput> = {}): ListInput => ({
  filter: "",
  sort: "",
  page: 1,
  pageSize: 100,
  ...overrides,
});

test("pipelines are listed worst first, each with the sentence that says why", async () => {
  const { rows, total } = await listPipelines(stack.deps, viewer, list());

  expect(total).toBe(2);
  expect(rows.map(({ source, status }) => [source, status])).toEqual([
    ["shop", "failed"],
    ["library", "healthy"],
  ]);
  expect(rows[0]).toMatchObject({ tables: 3, lagEvents: 40, deadLetters: 7, sinks: ["warehouse"] });
  expect(rows[0]?.words).toMatch(
    /^Sink warehouse failed 1 min ago: ConstraintViolationException: chk\. 40 events wait/,
  );
});

test.each([
  ["state:failed", ["shop"]],
  ["-state:failed", ["library"]],
  ["state:failed state:healthy", ["shop", "library"]],
  ["lag:>10", ["shop"]],
  ["late:>30s", ["shop"]],
  ["table:loans", ["library"]],
  ["sink:ware dead-letters:>5", ["shop"]],
  ["LIB", ["library"]],
  ["engine:mysql", []],
])("filter %s", async (filter, sources) => {
  const { rows } = await listPipelines(stack.deps, viewer, list({ filter }));

  expect(rows.map(({ source }) => source)).toEqual(sources);
});

test("one pipeline has its lanes, its connectors and how fresh all of it is", async () => {
  const view = await getPipeline(stack.deps, viewer, { cluster: "lab", source: "shop" });

  expect(view.tables.map(({ name }) => name)).toEqual(["public.a", "public.b", "public.c"]);
  expect(view.sinks).toMatchObject([{ name: "warehouse", health: "failed" }]);
  expect(view.upstreams).toMatchObject({ connect: { state: "up" }, kafka: { state: "down" } });
});

test("a reason never holds a row of the table", async () => {
  const view = await getPipeline(stack.deps, viewer, { cluster: "lab", source: "shop" });

  expect(JSON.stringify(view)).not.toContain("secret-row");
});

test.each([
  ["", ["public.a", "public.b", "public.c"]],
  ["phase:SNAPSHOT_COMPLETE", ["public.b"]],
  ["lag:>20", ["public.a"]],
  ["quiet:>1h", ["public.c"]],
  ["target:out_b", ["public.b"]],
])("tables, filter %s", async (filter, names) => {
  const { rows } = await listTables(stack.deps, viewer, {
    ...list({ filter }),
    cluster: "lab",
    source: "shop",
  });

  expect(rows.map(({ name }) => name)).toEqual(names);
});

test("tables are sorted and paged", async () => {
  const input = { ...list({ sort: "-captured", pageSize: 2 }), cluster: "lab", source: "shop" };

  const first = await listTables(stack.deps, viewer, input);
  const second = await listTables(stack.deps, viewer, { ...input, page: 2 });

  expect(first.total).toBe(3);
  expect([...first.rows, ...second.rows].map(({ name }) => name)).toEqual([
    "public.b",
    "public.a",
    "public.c",
  ]);
});

test("one table has its readers and its scan", async () => {
  const table = await getTable(stack.deps, viewer, { cluster: "lab", source: "shop", table: "public.a" });

  expect(table).toMatchObject({
    verdict: { status: "failed" },
    readers: [{ name: "warehouse" }],
    scan: { rows: 12, status: "SUCCEEDED" },
  });
});

test.each([
  ["pipeline", () => getPipeline(stack.deps, viewer, { cluster: "lab", source: "gone" })],
  ["table", () => getTable(stack.deps, viewer, { cluster: "lab", source: "shop", table: "gone" })],
])("a %s that is not there is not found", async (_what, ask) => {
  await expect(ask()).rejects.toMatchObject({ code: "not_found" });
});

test.each([
  ["list", () => listPipelines(stack.deps, nobody, list())],
  ["get", () => getPipeline(stack.deps, nobody, { cluster: "lab", source: "shop" })],
  ["tables", () => listTables(stack.deps, nobody, { ...list(), cluster: "lab", source: "shop" })],
  ["table", () => getTable(stack.deps, nobody, { cluster: "lab", source: "shop", table: "public.a" })],
  ["clusters", () => listClusters(stack.deps, nobody)],
  ["search", () => searchCatalog(stack.deps, nobody, { text: "a" })],
])("%s is refused without a role", async (_verb, ask) => {
  await expect(ask()).rejects.toMatchObject({ code: "forbidden" });
});

test("clusters say how each of their systems answers, and what nobody looked at is unknown", async () => {
  const { clusters, hint } = await listClusters(stack.deps, viewer);

  const lab = clusters.find(({ name }) => name === "lab");
  expect(hint).toBeNull();
  expect(lab?.upstreams.map(({ upstream, state }) => [upstream, state])).toEqual([
    ["connect", "up"],
    ["kafka", "down"],
    ["registry", "unknown"],
    ["vault", "unknown"],
  ]);
});

test("without a cluster the hint says how to add one", async () => {
  const { clusters, hint } = await listClusters({ ...stack.deps, config: { clusters: [] } }, viewer);

  expect(clusters).toEqual([]);
  expect(hint).toContain("headgate.yaml");
});

test("the search finds pipelines, connectors and tables by parts of their names", async () => {
  const hits = await searchCatalog(stack.deps, viewer, { text: "sh" });
  const table = await searchCatalog(stack.deps, viewer, { text: "loans" });
  const wildcard = await searchCatalog(stack.deps, viewer, { text: "%" });

  expect(hits.slice(0, 2)).toEqual([
    { kind: "pipeline", cluster: "lab", source: "shop" },
    { kind: "connector", cluster: "lab", name: "shop", type: "source" },
  ]);
  expect(table).toEqual([{ kind: "table", cluster: "lab", source: "library", table: "public.loans" }]);
  expect(wildcard).toEqual([]);
});

async function seed(): Promise<void> {
  const { db } = stack.deps;
  const connector = (name: string, type: "source" | "sink", trace?: string) => ({
    cluster: "lab",
    name,
    type,
    plugin: "x",
    state: "RUNNING" as const,
    tasks: [
      {
        id: 0,
        state: trace ? ("FAILED" as const) : ("RUNNING" as const),
        worker: "w",
        ...(trace ? { trace } : {}),
      },
    ],
    config: {},
    plaintextSecretKeys: [],
    worker: "w",
    fingerprint: name,
    seenAt: ago(900),
    changedAt: ago(60),
    stateChangedAt: ago(60),
  });
  await db
    .insert(observedConnectors)
    .values([
      connector("shop", "source"),
      connector("library", "source"),
      connector(
        "warehouse",
        "sink",
        "org.apache.kafka.connect.errors.ConnectException: failed\nCaused by: org.hibernate.ConstraintViolationException: chk\n  Detail: Failing row contains (1, secret-row).",
      ),
    ]);
  const pipeline = (source: string, sinks: string[], count: number) => ({
    cluster: "lab",
    source,
    engine: "postgresql" as const,
    prefix: source,
    sinks,
    deadLetters: [{ topic: `${source}.dlq`, sinks, count }],
    snapshot: {
      kind: "initial" as const,
      state: "completed" as const,
      startedAt: 1,
      endedAt: 2,
      tables: [],
      current: null,
      scanned: [{ table: "public.a", rows: 12, status: "SUCCEEDED" }],
    },
    changedAt: now,
  });
  await db.insert(observedPipelines).values([pipeline("shop", ["warehouse"], 7), pipeline("library", [], 0)]);
  const sink = (target: string, lagEvents: number): SinkProgress => ({
    name: "warehouse",
    target,
    delivered: 1,
    deliveredAt: null,
    lagEvents,
    waitingSince: null,
    perSecond: null,
    lost: 0,
  });
  const lane = (source: string, name: string, captured: number, lagEvents: number, quietFor: number) => ({
    cluster: "lab",
    source,
    name,
    topic: `${source}.${name}`,
    topicExists: true,
    state: name === "public.b" ? ("SNAPSHOT_COMPLETE" as const) : ("STREAMING" as const),
    captured,
    retained: captured,
    committedAt: ago(quietFor),
    capturedAt: ago(quietFor),
    sinks: source === "shop" ? [sink(name.replace("public.", "out_"), lagEvents)] : [],
    lagEvents: source === "shop" ? lagEvents : null,
    waitingSince: lagEvents > 0 ? ago(60) : null,
    changedAt: now,
  });
  await db
    .insert(tableProgress)
    .values([
      lane("shop", "public.a", 50, 30, 5),
      lane("shop", "public.b", 60, 10, 5),
      lane("shop", "public.c", 10, 0, 7200),
      lane("library", "public.loans", 5, 0, 5),
    ]);
  const upstream = (name: "connect" | "kafka", state: "up" | "down") => ({
    cluster: "lab",
    upstream: name,
    state,
    facts: {},
    checkedAt: now,
    lastOkAt: now,
    since: now,
  });
  await db.insert(upstreamStates).values([upstream("connect", "up"), upstream("kafka", "down")]);
}
