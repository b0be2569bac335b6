import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "#domain/errors/app-error.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { appendAudit, audited } from "./audited.ts";
import { exportAudit } from "./export-audit.ts";
import { getAuditAct } from "./get-audit-act.ts";
import { listAuditEntries } from "./list-audit-entries.ts";
import { listAuditFacets } from "./list-audit-facets.ts";
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

const list = async (filter: object) =>
  (await listAuditEntries(stack.deps, sina, { limit: 50, ...filter })).acts.map(({ action }) => action);

test.each([
  [
    "everything, newest first",
    {},
    ["connector.restart", "database.register", "connector.update", "connector.pause"],
  ],
  ["by person", { actor: "olga" }, ["connector.restart", "connector.pause"]],
  ["by action", { action: "connector.update" }, ["connector.update"]],
  ["by module", { action: "connector.*" }, ["connector.restart", "connector.update", "connector.pause"]],
  ["by subject", { subject: "SHOP-source" }, ["connector.restart", "connector.pause"]],
  ["an underscore is no wildcard", { subject: "shop_s" }, ["connector.update"]],
  ["a percent sign is no wildcard", { subject: "0%" }, ["database.register"]],
  ["by how it ended", { outcome: "failed" }, ["connector.update"]],
  ["what succeeded", { outcome: "succeeded" }, ["database.register", "connector.pause"]],
  ["what has not ended", { outcome: "pending" }, ["connector.restart"]],
  ["by text in the detail", { text: "tasks" }, ["connector.update"]],
  ["nothing before it began", { to: "2020-01-01T00:00:00Z" }, []],
  ["all since then", { from: "2020-01-01T00:00:00Z", action: "database.register" }, ["database.register"]],
])("the list is filtered: %s", async (_what, filter, actions) => {
  expect(await list(filter)).toEqual(actions);
});

test("pages follow each other without gap or repeat", async () => {
  const seen: string[] = [];
  let before: number | undefined;
  do {
    const page = await listAuditEntries(stack.deps, sina, { limit: 1, before });
    seen.push(...page.acts.map(({ action }) => action));
    before = page.nextBefore;
  } while (before !== undefined);

  expect(seen).toEqual(await list({}));
});

test("one act shows intent and outcome together, with what changed and why it failed", async () => {
  const [row] = (await listAuditEntries(stack.deps, sina, { limit: 1, outcome: "failed" })).acts;

  const act = await getAuditAct(stack.deps, sina, { actId: row?.actId ?? "" });

  expect(row?.reason).toBe("tasks.max is too high");
  expect(act.change).toEqual({ before: { tasks: 1 }, after: { tasks: 2 } });
  expect(act.entries.map(({ outcome }) => outcome)).toEqual(["pending", "failed"]);
});

test("facets name the actions and people there are", async () => {
  const facets = await listAuditFacets(stack.deps, sina);

  expect(facets.actions).toEqual([
    "connector.pause",
    "connector.restart",
    "connector.update",
    "database.register",
  ]);
  expect(facets.actors.map(({ name }) => name).sort()).toEqual(["=HYPERLINK(1)", "emre", "olga"]);
});

test("CSV cells cannot become formulas, and the export is in the trail", async () => {
  const csv = await collect(await exportAudit(stack.deps, sina, { format: "csv" }));

  expect(csv.split("\n")[0]).toContain("seq,at,act_id");
  expect(csv).toContain("'=HYPERLINK(1)");
  expect(csv).not.toMatch(/(^|,)=HYPERLINK/m);
  const [entry] = (await listAuditEntries(stack.deps, sina, { limit: 1, action: "audit.export" })).acts;
  expect(entry).toMatchObject({ actor: { id: "sina" }, subject: { format: "csv" }, outcome: "succeeded" });
});

test("a filtered export has every entry of the matching acts, as JSON Lines", async () => {
  const lines = await collect(await exportAudit(stack.deps, sina, { format: "jsonl", outcome: "failed" }));

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

  await expect(listAuditEntries(stack.deps, an("viewer"), { limit: 1 })).rejects.toEqual(forbidden);
  await expect(exportAudit(stack.deps, an("operator"), { format: "csv" })).rejects.toEqual(forbidden);
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

  const { acts } = await listAuditEntries(stack.deps, sina, { limit: 50, actor: "eve" });
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
