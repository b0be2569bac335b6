import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "#domain/errors/app-error.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { appendAudit, audited } from "./audited.ts";
import { exportAudit } from "./export-audit.ts";
import { getAuditAct } from "./get-audit-act.ts";
import { listAuditEntries } from "./list-audit-entries.ts";
import { recordRefusal } from "./record-refusal.ts";

const sina = an("security", "sina");
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const { db } = stack.deps;
  const ok = () => Promise.resolve();
  await audited(
    db,
    an("operator", "olga"),
    { action: "connector.pause", subject: { cluster: "lab", name: "shop-source" } },
    ok,
  );
  await audited(
    db,
    an("engineer", "emre"),
    {
      action: "connector.update",
      subject: { cluster: "lab", name: "shop_sink" },
      detail: { before: { tasks: 1 }, after: { tasks: 2 } },
    },
    () => Promise.reject(new AppError("upstream_rejected", "tasks.max is too high")),
  ).catch(() => undefined);
  await appendAudit(db, an("admin", "=HYPERLINK(1)"), {
    action: "database.register",
    subject: { name: "100%" },
    outcome: "succeeded",
  });
  await appendAudit(db, an("operator", "olga"), {
    action: "connector.restart",
    subject: { name: "shop-source" },
    outcome: "pending",
  });
});
afterAll(() => stack.stop());

const page = { filter: "", sort: "", page: 1, pageSize: 50 };
const list = async (filter: string) =>
  (await listAuditEntries(stack.deps, sina, { ...page, filter })).rows.map(({ action }) => action);

test.each([
  ["", ["connector.restart", "database.register", "connector.update", "connector.pause"]],
  ["actor:olga", ["connector.restart", "connector.pause"]],
  ["-actor:olga", ["database.register", "connector.update"]],
  ["action:connector.update", ["connector.update"]],
  ["action:connector.update action:connector.pause", ["connector.update", "connector.pause"]],
  ["action:connector.*", ["connector.restart", "connector.update", "connector.pause"]],
  ["action:connector", []],
  ["subject:SHOP-source", ["connector.restart", "connector.pause"]],
  ["subject:shop_s", ["connector.update"]],
  ["subject:0%", ["database.register"]],
  ["outcome:failed", ["connector.update"]],
  ["outcome:failed outcome:pending", ["connector.restart", "connector.update"]],
  ["-outcome:succeeded", ["connector.restart", "connector.update"]],
  ["outcome:succeeded", ["database.register", "connector.pause"]],
  ["outcome:pending", ["connector.restart"]],
  ["via:worker", []],
  ["tasks", ["connector.update"]],
  ["olga restart", ["connector.restart"]],
  ["to:2020-01-01", []],
  ["from:2020-01-01T00:00Z action:database.register", ["database.register"]],
  ["age:<1h actor:emre", ["connector.update"]],
  ["age:>1h", []],
])("the filter %s finds its acts, newest first", async (filter, actions) => {
  expect(await list(filter)).toEqual(actions);
});

test("a date that is none is refused with an example", async () => {
  await expect(list("from:yesterday")).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("2026-11-21"),
  });
});

test("reading on from the last entry misses and repeats nothing, whatever is added meanwhile", async () => {
  const all = await list("");
  const seen: string[] = [];
  let before: number | undefined;
  do {
    const part = await listAuditEntries(stack.deps, sina, { ...page, pageSize: 1, before });
    seen.push(...part.rows.map(({ action }) => action));
    before = part.nextBefore;
    await appendAudit(stack.deps.db, sina, { action: "test.meanwhile", subject: {}, outcome: "succeeded" });
  } while (before !== undefined);

  expect(seen).toEqual(all);
});

test("pages have the exact total", async () => {
  const second = await listAuditEntries(stack.deps, sina, {
    ...page,
    filter: "action:connector.*",
    page: 2,
    pageSize: 2,
  });

  expect(second.total).toBe(3);
  expect(second.rows.map(({ action }) => action)).toEqual(["connector.pause"]);
});

test("one act shows intent and outcome together, with what changed and why it failed", async () => {
  const [row] = (await listAuditEntries(stack.deps, sina, { ...page, filter: "outcome:failed" })).rows;

  const act = await getAuditAct(stack.deps, sina, { actId: row?.actId ?? "" });

  expect(row?.reason).toBe("tasks.max is too high");
  expect(act.change).toEqual({ before: { tasks: 1 }, after: { tasks: 2 } });
  expect(act.entries.map(({ outcome }) => outcome)).toEqual(["pending", "failed"]);
});

test("CSV cells cannot become formulas, and the export is in the trail", async () => {
  const csv = await collect(await exportAudit(stack.deps, sina, { format: "csv", filter: "" }));

  expect(csv.split("\n")[0]).toContain("seq,at,act_id");
  expect(csv).toContain("'=HYPERLINK(1)");
  expect(csv).not.toMatch(/(^|,)=HYPERLINK/m);
  const [entry] = (await listAuditEntries(stack.deps, sina, { ...page, filter: "action:audit.export" })).rows;
  expect(entry).toMatchObject({
    actor: { id: "sina" },
    subject: { format: "csv" },
    outcome: "succeeded",
  });
});

test("a filtered export has every entry of the matching acts, as JSON Lines", async () => {
  const lines = await collect(
    await exportAudit(stack.deps, sina, { format: "jsonl", filter: "outcome:failed" }),
  );

  const entries = lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(entries.map(({ action, outcome }) => [action, outcome])).toEqual([
    ["connector.update", "pending"],
    ["connector.update", "failed"],
  ]);
});

test("seeing and exporting are separate rights", async () => {
  const forbidden = expect.objectContaining({ code: "forbidden" });

  await expect(listAuditEntries(stack.deps, an("viewer"), page)).rejects.toEqual(forbidden);
  await expect(exportAudit(stack.deps, an("operator"), { format: "csv", filter: "" })).rejects.toEqual(
    forbidden,
  );
});

test("an export with a filter that is not understood is refused rather than wider than asked", async () => {
  await expect(exportAudit(stack.deps, sina, { format: "csv", filter: "colour:red" })).rejects.toMatchObject({
    code: "invalid",
  });
});

test("refusals are recorded once each and a flood of them is not", async () => {
  const eve = an("viewer", "eve");
  const refusal = () => new AppError("forbidden", "This needs the permission connectors:operate");
  const twice = refusal();

  await recordRefusal(stack.deps, eve, "connectors.pause", twice);
  await recordRefusal(stack.deps, eve, "connectors.pause", twice);
  for (let turn = 0; turn < 30; turn += 1)
    await recordRefusal(stack.deps, eve, "connectors.pause", refusal());
  await recordRefusal(stack.deps, eve, "connectors.pause", new AppError("not_found", "no such thing"));

  const { rows: acts } = await listAuditEntries(stack.deps, sina, { ...page, filter: "actor:eve" });
  expect(acts).toHaveLength(5);
  expect(acts[0]).toMatchObject({
    action: "connectors.pause",
    outcome: "refused",
    reason: refusal().message,
  });
});

async function collect(chunks: AsyncGenerator<string>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}
