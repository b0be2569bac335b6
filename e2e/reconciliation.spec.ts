import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { attachLab } from "#lab/control.ts";
import { expectAccessible } from "./support/accessibility.ts";
import { ensureDatabase, runPlan } from "./support/console.ts";
import { labEndpoints } from "./support/databases.ts";
import {
  onSource,
  onTarget,
  ROWS,
  removeDriftPipeline,
  resumeSink,
  SINK,
  startDriftPipeline,
  TABLE,
  takeEveryAmount,
} from "./support/drift-lab.ts";
import { recordReplies } from "./support/replies.ts";
import { signIn } from "./support/sign-in.ts";

/** Told once from the beginning to the end: each test goes on where the one before stopped. */
test.describe.configure({ mode: "serial" });

const endpoints = labEndpoints();
/** In the values of rows that differ: nobody without the right may ever see it. */
const CANARY = "canary-77d1";
let context: BrowserContext | undefined;
let page: Page;
/** The address of the table's page, once it is known. */
let tablePage = "";

test.beforeAll(async ({ browser, baseURL }) => {
  test.setTimeout(240_000);
  await (await attachLab(endpoints.dir)).setTraffic(0);
  await startDriftPipeline();
  context = await browser.newContext();
  recordReplies(context, baseURL ?? "");
  page = await context.newPage();
  await signIn(page, "engineer");
});

test.afterAll(async () => {
  await removeDriftPipeline();
  await context?.close();
});

/** What the head of the table's page says it is. */
function verdict() {
  return page.getByRole("main").locator("header").first();
}

/** A full check from the table's page, from its beginning to its end; one of the clock's that is under way goes first. */
async function checkNow(): Promise<void> {
  await page.goto(tablePage);
  const full = (runs: Check[]) => runs.filter((run) => run.scope === "full" && isOver(run)).length;
  const before = full(await checks());
  const isChecked = async () => {
    const runs = await checks();
    if (full(runs) > before) return true;
    if (runs.every(isOver)) await page.getByRole("button", { name: "Check now" }).click();
    return false;
  };
  await expect.poll(isChecked, { timeout: 120_000, intervals: [0, 1_000] }).toBe(true);
  await page.goto(tablePage);
}

interface Check {
  scope: string;
  state: string;
}

function isOver({ state }: Check): boolean {
  return state === "COMPLETED" || state === "FAILED";
}

/** As the console's own list tells them. */
async function checks(): Promise<Check[]> {
  const id = Number(tablePage.split("/").at(-1));
  const input = { filter: "", sort: "-queued", page: 1, pageSize: 100, tableId: id };
  const reply = await page.request.get(
    `/api/trpc/reconciliation.runs?input=${encodeURIComponent(JSON.stringify({ json: input }))}`,
  );
  const body: { result: { data: { json: { rows: Check[] } } } } = await reply.json();
  return body.result.data.json.rows;
}

function rowOf(id: number) {
  return page
    .locator("tbody tr")
    .filter({ has: page.getByRole("button", { name: `id=${id}`, exact: true }) });
}

test("while its sink is paused a table is not verifiable, says why, and is never green", async () => {
  const { source, target } = endpoints.postgres;
  const databases = [
    { name: "drift-shop", role: "Source", ...source, databaseName: "shop" },
    { name: "drift-warehouse", role: "Target", ...target, databaseName: "warehouse" },
  ] as const;
  for (const database of databases) await ensureDatabase(page, database);
  await page.goto(`/reconciliation?q=${encodeURIComponent(`table:${TABLE}`)}`);
  const link = page.locator("tbody").getByRole("link", { name: `public.${TABLE}` });
  await expect(link).toBeVisible({ timeout: 60_000 });
  const row = page.locator("tbody tr").filter({ has: page.getByRole("link", { name: `public.${TABLE}` }) });
  await expect(row).not.toContainText("equal");
  await expectAccessible(page, "reconciliation before the first verdict");
  await link.click();
  await expect(page).toHaveURL(/\/reconciliation\/tables\/\d+$/);
  tablePage = new URL(page.url()).pathname;

  await checkNow();
  await expect(verdict()).toContainText("not verifiable");
  await expect(verdict()).toContainText(`The sink ${SINK} is paused`);
  await expect(page.getByText("unknown").first()).toBeVisible();
  await expectAccessible(page, "a table without a verdict");
  await resumeSink();
});

test("a check proves the table equal, and says how much of it and through which position", async () => {
  await checkNow();
  await expect(verdict()).toContainText("equal");
  await expect(verdict()).toContainText("Every compared row is equal");
  await page.getByRole("link", { name: "Checks", exact: true }).click();
  await page.locator("tbody").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/reconciliation\/runs\//);
  const main = page.getByRole("main");
  await expect(main).toContainText("COMPLETED");
  await expect(main).toContainText("Every row it compared is equal.");
  await expect(main).toContainText("100 % of the table");
  await expect(main.getByRole("region", { name: "What it covered and cost" })).toContainText(
    /Verified through\s*\S*[0-9A-F]+\/[0-9A-F]+/,
  );
  await expectAccessible(page, "a check");
});

test("what differs is found with its kind, and what is known to explain it does so", async () => {
  await onTarget("delete from TABLE where id in (5, 6)");
  await onTarget(`update TABLE set note = '${CANARY}' where id = 7`);
  await onTarget("update TABLE set note = note || '  ' where id = 9");
  await onTarget("insert into TABLE values (9001, 'only here', '1')");
  // The last one has nothing behind it, so that the sink's group stands before it.
  await onSource("insert into TABLE values (901, 'refused', 'no number'), (902, 'row 902', '902')");
  await onSource("insert into TABLE values (903, 'refused', 'no number either')");
  await page.goto(`/dead-letters?tab=records&q=${encodeURIComponent(`connector:${SINK}`)}`);
  await expect(page.getByRole("link", { name: "id=903" })).toBeVisible({ timeout: 60_000 });

  await checkNow();

  await expect(verdict()).toContainText("drift unexplained");
  await expect(verdict()).toContainText("4 rows differ and nothing explains it");
  for (const id of [5, 6]) await expect(rowOf(id)).toContainText("missing in target");
  await expect(rowOf(7)).toContainText("values differ");
  await expect(rowOf(7)).toContainText("unexplained");
  await expect(rowOf(9)).toContainText("representation only");
  await expect(rowOf(9001)).toContainText("missing in source");
  for (const id of [901, 903]) await expect(rowOf(id)).toContainText("dead letter");
  const why = page.getByRole("region", { name: "Why they differ" });
  await expect(why).toContainText("7 differing rows");
  await expect(why.getByRole("listitem").filter({ hasText: "unexplained" })).toContainText("4");
  await expect(page.getByRole("region", { name: "Where they lie" })).toContainText("7 rows, scattered");
  await expectAccessible(page, "a table that differs");
  await why.getByRole("link", { name: "the letters" }).click();
  await expect(page).toHaveURL(/\/dead-letters\?tab=records/);
  await expect(page.getByText("2 records", { exact: true })).toBeVisible();
  await page.goBack();
  await why.getByRole("link", { name: "dead letter", exact: true }).click();
  await expect(page.getByText("2 rows", { exact: true })).toBeVisible();
  await rowOf(901)
    .getByRole("link", { name: /^dead letter/ })
    .click();
  await expect(page).toHaveURL(/\/dead-letters\/records\/\d+/);
  await page.goto("/");
  const tile = page.getByRole("region", { name: "Reconciliation" });
  await expect(tile).toContainText("with drift that nothing explains");
  await expect(tile.getByRole("link", { name: /^unexplained drift/ })).toHaveAttribute(
    "href",
    /state%3Adrift_unexplained/,
  );
});

test("both values stand side by side once they are revealed, and the look is on the audit trail", async () => {
  await page.goto(tablePage);
  await page.getByRole("button", { name: "id=7", exact: true }).click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByRole("row", { name: /note/ })).toContainText("characters");
  await expect(sheet).not.toContainText(CANARY);
  await sheet.getByRole("button", { name: "Reveal the values" }).click();
  await expect(sheet.getByRole("row", { name: /note/ })).toContainText(CANARY);
  await expect(sheet.getByRole("row", { name: /note/ })).toContainText("row 7");
  await expectAccessible(page, "a differing row");
  await page.keyboard.press("Escape");
  await page.goto(`/audit?q=${encodeURIComponent("action:reconciliation.reveal")}`);
  await expect(page.getByText("reconciliation.reveal").first()).toBeVisible();
});

test("a viewer sees that rows differ but no value, and can repair nothing", async ({ browser, baseURL }) => {
  const viewing = await browser.newContext({ baseURL: baseURL ?? "" });
  const bodies: string[] = [];
  viewing.on("response", (response) => {
    response.text().then(
      (body) => bodies.push(body),
      () => undefined,
    );
  });
  const view = await viewing.newPage();
  await signIn(view, "viewer", tablePage);
  await view.goto(tablePage);
  const changed = view.locator("tbody tr").filter({ hasText: "values differ" }).first();
  await changed.getByRole("button").first().click();
  const sheet = view.getByRole("dialog");
  await expect(sheet.getByRole("row", { name: /note/ })).toContainText("characters");
  await expect(sheet.getByRole("button", { name: /Reveal/ })).toHaveAttribute("aria-disabled", "true");
  await view.keyboard.press("Escape");
  await changed.getByRole("checkbox").check();
  await expect(view.getByRole("button", { name: /^Repair/ })).toHaveAttribute("aria-disabled", "true");
  await expect(view.getByRole("button", { name: "Check now" }).first()).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  const refused = await view.request.post("/api/trpc/reconciliation.proposeRepair", {
    data: { json: { selection: { tableId: Number(tablePage.split("/").at(-1)), filter: "" } } },
    headers: { origin: new URL(view.url()).origin },
  });
  expect(refused.status()).toBe(403);
  expect(bodies.length).toBeGreaterThan(5);
  expect(bodies.filter((body) => body.includes(CANARY))).toEqual([]);
  await viewing.close();
});

test("the rows are read again through the pipeline and checked again", async () => {
  await takeEveryAmount();
  // A sink that starts again reads on from where its group stands, which is before the last dead letter.
  await expect.poll(() => onTarget("select id from TABLE where id = 903")).toHaveLength(1);
  await checkNow();
  await page.goto(`${tablePage}?q=${encodeURIComponent("-type:missing_in_source")}`);
  await expect(page.getByText("5 rows", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "All 5" }).click();
  await page.getByRole("menuitem", { name: "Repair all 5…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Repair 5 rows?");
  await expect(dialog).toContainText("Nothing happens yet");
  await expectAccessible(page, "proposing a repair");
  await dialog.getByRole("button", { name: "Plan the repair of 5 rows" }).click();
  await runPlan(page);

  expect(
    await onTarget("select id, note, amount from TABLE where id in (5, 6, 7, 9, 901) order by id"),
  ).toEqual([
    { id: 5, note: "row 5", amount: "5" },
    { id: 6, note: "row 6", amount: "6" },
    { id: 7, note: "row 7", amount: "7" },
    { id: 9, note: "row 9", amount: "9" },
    { id: 901, note: "refused", amount: "no number" },
  ]);
  await page.goto(tablePage);
  await expect(verdict()).toContainText("1 row differs and nothing explains it");
  await page.goto(`${tablePage}?q=${encodeURIComponent("state:repaired")}`);
  await expect(page.getByText("5 rows", { exact: true })).toBeVisible();
});

test("a row that only the target has is ignored with a reason and an end, is still not green, and can be reopened", async () => {
  await page.goto(tablePage);
  await rowOf(9001).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Check again" }).click();
  await expect(page.getByText("1 row queued to be checked again")).toBeVisible();
  await rowOf(9001).getByRole("checkbox").check();
  await page.getByRole("button", { name: /^Ignore/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("A leftover, deleted this week");
  await expectAccessible(page, "ignoring a row");
  await dialog.getByRole("button", { name: "Ignore 1 row" }).click();
  await expect(verdict()).toContainText("drift explained");
  await expect(verdict()).toContainText("1 ignored by decision");
  await page.getByRole("main").getByRole("link", { name: "1 ignored by decision" }).click();
  await rowOf(9001).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Reopen" }).click();
  await dialog.getByLabel("Reason").fill("It is deleted today after all");
  await dialog.getByRole("button", { name: "Reopen 1 row" }).click();
  await expect(verdict()).toContainText("1 row differs and nothing explains it");
});

test("the last check is green, and the chart tells the story", async () => {
  await onTarget("delete from TABLE where id = 9001");
  await checkNow();
  await expect(verdict()).toContainText("Every compared row is equal");
  const figure = page.getByRole("figure");
  await expect(figure).toContainText("has no unexplained drift");
  await expect(figure.getByRole("list", { name: "Signs" })).toContainText("repair of this table");
  await figure.getByRole("button", { name: "Table" }).click();
  const numbers = await figure.locator("tbody tr td:nth-child(2)").allTextContents();
  const measured = numbers.filter((number) => number !== "not measured");
  expect(measured.at(0)).toBe("0 %");
  expect(measured.some((number) => Number.parseFloat(number) > 0.5)).toBe(true);
  expect(measured.at(-1)).toBe("0 %");
  await page.getByText("happened to the pipeline in this time").click();
  await expect(page.getByRole("link", { name: /A plan for this table was run/ })).toBeVisible();
  await page.getByRole("button", { name: "Kinds" }).click();
  await expect(figure).toContainText(`How the rows of public.${TABLE} differed`);
  await expectAccessible(page, "a table whose story is over");
});

test("a part of the time is chosen on the chart and shared by its address", async () => {
  await page.goto(`${tablePage}?range=24+h`);
  const box = await page.getByRole("figure").locator(".cursor-crosshair").boundingBox();
  if (!box) throw new Error("The chart is not drawn");
  await page.mouse.move(box.x + box.width * 0.6, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, box.y + 80, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*&to=/);
  const shared = page.url();
  const span = (address: string) => {
    const { searchParams } = new URL(address);
    return Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "");
  };
  expect(span(shared)).toBeGreaterThan(3_600_000);
  expect(span(shared)).toBeLessThan(12 * 3_600_000);
  const caption = page.getByRole("figure").locator("figcaption");
  await expect(caption).toContainText(/[1-9]\d* checks/);
  const said = await caption.textContent();
  await page.goto(shared);
  await expect(caption).toHaveText(said ?? "");
  await page.getByRole("button", { name: "Zoom out" }).click();
  await expect.poll(() => span(page.url())).toBe(span(shared) * 2);
});

test("the heat map is walked by arrow keys and leads to the table", async () => {
  await page.goto(`/reconciliation?q=${encodeURIComponent(`table:${TABLE}`)}`);
  const today = page.getByRole("gridcell", { name: new RegExp(`public.${TABLE}.*0\\.\\d+ %`) });
  await expect(today).toBeVisible();
  await expect(page.getByText("Updates: Live")).toBeVisible();
  const asTable = page
    .getByRole("region", { name: /^Unexplained drift by day/ })
    .getByRole("button", { name: "Table", exact: true });
  await asTable.click();
  const twin = page.getByRole("region", { name: "The same as a table" });
  await expect(twin.getByRole("row", { name: new RegExp(TABLE) })).toContainText("not checked");
  await expectAccessible(page, "the heat map as a table");
  await asTable.click();
  await today.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("gridcell", { name: /not checked/ }).last()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${tablePage}$`));
});

test("a report of the pipeline is made, read, and taken along", async () => {
  await page.goto(`${tablePage}?tab=reports`);
  await page.getByRole("button", { name: "Make a report" }).click();
  await expect(page).toHaveURL(/\/reconciliation\/reports\/[0-9a-f-]{36}/);
  const main = page.getByRole("main");
  await expect(main).toContainText(`public.${TABLE}`);
  await expect(main).toContainText("Nothing to do: every compared row is equal.");
  await expectAccessible(page, "a report");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation", { name: "Sections" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await expect(main.getByRole("table", { name: "Tables of the report" })).toBeVisible();
  await page.emulateMedia({ media: "screen" });
  const json = await page.request.get(
    (await page.getByRole("link", { name: "JSON" }).getAttribute("href")) ?? "",
  );
  const report: { summary: { tables_ok: number }; tables: { source_row_count: number }[] } =
    await json.json();
  expect(report.summary.tables_ok).toBe(1);
  expect(report.tables[0]?.source_row_count).toBe(ROWS + 3);
  const csv = await page.request.get(
    (await page.getByRole("link", { name: "CSV" }).getAttribute("href")) ?? "",
  );
  expect(await csv.text()).toContain(`public.${TABLE}`);
});
