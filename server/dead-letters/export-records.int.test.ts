import { afterAll, beforeAll, expect, test } from "vitest";
import { auditEntries } from "#db/schema/audit.ts";
import { ExportRecordsForm } from "#domain/dead-letters/export.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { exportRecords } from "./export-records.ts";
import { listRecords } from "./list-records.ts";
import { ignoreRecords } from "./settle-records.ts";

let stack: Stack;
let kafka: TestKafka;
const topic = uniqueName("dlq-export");
const viewer = an("viewer", "vera");
const engineer = an("engineer", "ada");

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  await kafka.createTopic(topic);
  await kafka.produce(
    topic,
    Array.from({ length: 1_200 }, (_item, index) => ({
      key: index === 0 ? "=HYPERLINK(canary)" : JSON.stringify({ id: index }),
      value: `canary ${index}`,
      headers: errorHeaders({
        offset: index,
        message: index === 1 ? '=1+1 "quoted",\nnew line' : "Unknown magic byte!",
      }),
    })),
  );
  await indexTopic(stack, kafka, topic, 1_200);
});

afterAll(async () => {
  await kafka.stop();
  await stack.stop();
});

async function exported(
  actor: typeof viewer,
  form: Record<string, string>,
): Promise<{ records: number; text: string }> {
  const { records, lines } = await exportRecords(stack.deps, actor, ExportRecordsForm.parse(form));
  let text = "";
  for await (const line of lines) text += line;
  return { records, text };
}

test("as many lines as the list shows, redacted as on screen, and no cell a spreadsheet would run", async () => {
  const { records, text } = await exported(viewer, { format: "csv" });

  const page = await listRecords(stack.deps, viewer, { filter: "", sort: "", page: 1, pageSize: 10 });
  expect(records).toBe(page.total);
  expect(text.split("\n").filter((line) => /^\d+,lab,/.test(line))).toHaveLength(1_200);
  expect(text).toContain("original_topic,original_partition,original_offset");
  expect(text).not.toContain("canary");
  expect(text).not.toMatch(/(^|,)"?=/m);
  const entries = await stack.deps.db.select().from(auditEntries);
  expect(entries).toMatchObject([{ action: "dead-letter.export", detail: { records: 1_200 } }]);
});

test("a filter, as JSON lines: what changes while it is read changes no count", async () => {
  const { records, lines } = await exportRecords(
    stack.deps,
    viewer,
    ExportRecordsForm.parse({ format: "jsonl", filter: "status:PENDING" }),
  );
  const first = await lines.next();
  await ignoreRecords(stack.deps, an("operator"), {
    selection: { filter: "offset:3" },
    reason: "for the test",
  });
  let text = String(first.value);
  for await (const line of lines) text += line;

  const rows = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows).toHaveLength(records);
  expect(rows[0]).toMatchObject({
    original_topic: "shop.public.orders",
    resolution_status: "PENDING",
    retry_count: 0,
    error_class: "org.apache.kafka.connect.errors.DataException",
  });
});

test("payload is for those who may reveal it, and the trail says so", async () => {
  const form = { format: "jsonl", filter: "offset:5", payload: "yes" };
  await expect(exported(viewer, form)).rejects.toMatchObject({ code: "forbidden" });

  const { text } = await exported(engineer, form);

  const row = JSON.parse(text) as { original_value_base64: string };
  expect(Buffer.from(row.original_value_base64, "base64").toString()).toBe("canary 5");
  const entries = await stack.deps.db.select().from(auditEntries);
  expect(
    entries.some((entry) => entry.action === "dead-letter.export-payload" && entry.actorId === "ada"),
  ).toBe(true);
});

test("a filter that is not understood is refused instead of ignored", async () => {
  await expect(exported(viewer, { format: "csv", filter: "nonsense:1" })).rejects.toMatchObject({
    code: "invalid",
  });
});
