import { afterAll, beforeAll, expect, test } from "vitest";
import { tableProgress } from "#db/schema/observed.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { describeGroup, getGroupTimeline } from "./describe-group.ts";
import { listGroups } from "./list-groups.ts";
import { listRates } from "./list-rates.ts";
import { noteTraffic, thinTraffic } from "./note-traffic.ts";
import { summariseDeadLetters } from "./summarise-dead-letters.ts";
import { watchRates } from "./watch-rates.ts";

let stack: Stack;
let kafka: TestKafka;
const sink = uniqueName("nm-sink");
const dlq = `dlq-${sink}`;
const topic = "shop.public.orders";
const viewer = an("viewer");
let group = 0;
/** The clock of this test: a minute's middle, so that minutes are whole. */
const start = Math.floor(Date.now() / 60_000) * 60_000 + 30_000;
let at = start;
const deps = () => ({ ...stack.deps, now: () => new Date(at) });

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  await kafka.createTopic(dlq);
  await kafka.produce(
    dlq,
    Array.from({ length: 40 }, (_item, index) => ({
      key: JSON.stringify({ id: index % 20 }),
      value: "x",
      timestamp: String(start),
      headers: errorHeaders({ topic, offset: index, connector: sink }),
    })),
  );
  at = start + 29_000;
  await indexTopic(stack, kafka, dlq, 40);
  await stack.deps.pool.query(
    "update dead_letter_minutes set minute = date_trunc('minute', $1::timestamptz)",
    [new Date(start)],
  );
  const { rows } = await listGroups(deps(), viewer, { filter: "", sort: "", page: 1, pageSize: 10 });
  group = rows[0]?.id ?? 0;
});

afterAll(async () => {
  await kafka.stop();
  await stack.stop();
});

async function delivered(total: number): Promise<void> {
  const values = {
    cluster: "lab",
    source: "shop",
    name: "public.orders",
    topic,
    topicExists: true,
    sinks: [
      {
        name: sink,
        delivered: total,
        deliveredAt: null,
        lagEvents: 0,
        waitingSince: null,
        perSecond: null,
        lost: 0,
      },
    ],
    changedAt: new Date(at),
  };
  await stack.deps.db
    .insert(tableProgress)
    .values(values)
    .onConflictDoUpdate({
      target: [tableProgress.cluster, tableProgress.source, tableProgress.name],
      set: values,
    });
  await noteTraffic(deps(), "lab");
}

test("why it is a group, when it arrived, and examples", async () => {
  const described = await describeGroup(deps(), viewer, { id: group });

  expect(described).toMatchObject({
    isOldWay: false,
    rule: null,
    topics: [{ topic, records: 40 }],
    traces: [{ exception: "org.apache.kafka.connect.errors.DataException", records: 40 }],
    countedOver: 40,
  });
  expect(described.why.find(({ name }) => name === "table")?.value).toBe("public.orders");
  expect(described.samples.random.length).toBeGreaterThan(0);
  expect(described.shares).toMatchObject([
    { hours: 1, records: 40, share: null, ofDeadLetters: 1 },
    { hours: 24 },
  ]);
  const timeline = await getGroupTimeline(deps(), viewer, { id: group, range: "hour" });
  expect(timeline.buckets).toHaveLength(60);
  expect(timeline.buckets.at(-1)).toMatchObject({ records: 40 });
});

test("a share of the traffic, once the traffic is known; a share over the threshold is an alert with an end", async () => {
  at = start - 60_000;
  await delivered(1_000);
  at = start;
  await delivered(1_100);
  at = start + 20_000;

  const rates = await listRates(deps(), viewer, { hours: 24 });

  expect(rates.tables).toMatchObject([
    {
      connector: sink,
      table: "public.orders",
      source: "shop",
      deadLettered: 40,
      processed: 100,
      share: 0.4,
      isOver: true,
    },
  ]);
  expect(rates.pipelines).toMatchObject([{ cluster: "lab", source: "shop", share: 0.4, isOver: true }]);
  expect((await describeGroup(deps(), viewer, { id: group })).shares[1]).toMatchObject({ share: 0.4 });
  await watchRates(deps());
  expect((await listRates(deps(), viewer, { hours: 24 })).alerts).toMatchObject([
    { kind: "share", table: "public.orders", value: 0.4, clearedAt: null },
  ]);
  at = start + 3 * 3_600_000;
  await watchRates(deps());
  expect((await listRates(deps(), viewer, { hours: 24 })).alerts).toMatchObject([
    { clearedAt: new Date(at) },
  ]);
});

test("a fifth of a table within a minute is one fault: the group says so and names the sink to pause", async () => {
  at = start + 20_000;
  await watchRates(deps());

  const { pauseFirst } = await describeGroup(deps(), viewer, { id: group });
  expect(pauseFirst).toMatchObject({
    connector: sink,
    text: expect.stringContaining("40 % of public.orders"),
  });
  expect((await summariseDeadLetters(deps(), viewer)).systemic).toMatchObject([{ group, connector: sink }]);
});

test("a flood of which nothing waits any more asks nobody to pause", async () => {
  const { pool } = stack.deps;
  const { rows } = await pool.query<{ open: string }>("select open from dead_letter_groups where id = $1", [
    group,
  ]);
  expect(Number(rows[0]?.open)).toBeGreaterThan(0);
  await pool.query("update dead_letter_groups set open = 0 where id = $1", [group]);

  expect((await describeGroup(deps(), viewer, { id: group })).pauseFirst).toBeNull();
  expect((await summariseDeadLetters(deps(), viewer)).systemic).toEqual([]);
  await pool.query("update dead_letter_groups set open = $2 where id = $1", [group, rows[0]?.open]);
});

test("more than ten a second is the flood alert", async () => {
  at = start + 40_000;
  await stack.deps.pool.query("update dead_letter_minutes set records = 601");
  await watchRates(deps());
  await watchRates(deps());

  const { alerts } = await listRates(deps(), viewer, { hours: 24 });
  expect(alerts.filter(({ clearedAt }) => clearedAt === null)).toMatchObject(
    [{ kind: "flood", threshold: 10, value: 601 / 60 }, { kind: "share" }].sort((a, b) =>
      a.kind < b.kind ? -1 : 1,
    ),
  );
});

test("old readings are thinned to one an hour", async () => {
  await stack.deps.pool.query(
    `insert into dead_letter_traffic (cluster, connector, table_name, minute, source, delivered)
     select 'lab', 'old', 't', date_trunc('hour', $1::timestamptz) - interval '5 hours' + g * interval '1 minute', 's', g from generate_series(0, 119) g`,
    [new Date(start)],
  );

  await thinTraffic({ ...deps(), now: () => new Date(start) });

  const { rows } = await stack.deps.pool.query(
    "select delivered::int from dead_letter_traffic where connector = 'old' order by 1",
  );
  expect(rows.map((row) => row.delivered)).toEqual([59, 119]);
});
