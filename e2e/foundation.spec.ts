import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { attachLab } from "#lab/control.ts";
import { expectAccessible } from "./support/accessibility.ts";
import { confirm, expectState, registerDatabase, runPlan } from "./support/console.ts";
import { labEndpoints, query } from "./support/databases.ts";
import { openPage } from "./support/open-page.ts";
import { forgetReplies, recordReplies } from "./support/replies.ts";
import { signIn } from "./support/sign-in.ts";
import { numberInTable } from "./support/table-cell.ts";
import { tableChecksum } from "./support/table-checksum.ts";

/** The main story, told once from the beginning to the end: each test goes on where the one before stopped. */
test.describe.configure({ mode: "serial" });

const endpoints = labEndpoints();
const TABLES = [
  "customers",
  "products",
  "orders",
  "order_items",
  "articles",
  "manuals",
  "sessions",
  "audit_log",
];
let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser, baseURL }) => {
  // The rows are compared one by one, so the shop has to stand still until the test itself writes.
  await (await attachLab(endpoints.dir)).setTraffic(0);
  forgetReplies();
  context = await browser.newContext();
  recordReplies(context, baseURL ?? "");
  page = await context.newPage();
});

test.afterAll(async () => {
  await context.close();
});

test("an engineer signs in with the identity provider", async () => {
  await signIn(page, "engineer");
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await expect(page.getByText("Emre Yilmaz")).toBeVisible();
});

test("a secret pasted into a reference never leaves the browser", async () => {
  await openPage(page, "/databases/new");
  const requests: string[] = [];
  page.on("request", (request) => requests.push(`${request.url()} ${request.postData() ?? ""}`));
  await page.getByLabel("Connectors' password").fill("postgres://shop:hunter2-canary@db/shop");
  await page.getByLabel("Host", { exact: true }).fill("db.example.com");
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByText(/things need attention/)).toBeVisible();
  await expect(page).toHaveURL(/\/databases\/new$/);
  expect(requests.filter((request) => request.includes("hunter2-canary"))).toEqual([]);
});

test("source and target are registered by reference, tested with Headgate's own credential", async () => {
  const { source, target } = endpoints.postgres;
  await registerDatabase(page, { name: "shop", role: "Source", ...at(source), databaseName: "shop" });
  await registerDatabase(page, {
    name: "warehouse",
    role: "Target",
    ...at(target),
    databaseName: "warehouse",
  });
  await page.goto("/databases");
  await expect(page.getByRole("link", { name: "shop" }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "warehouse" }).first()).toBeVisible();
});

test("the guide makes a source, by a plan", async () => {
  await openPage(page, "/connectors/new");
  await page.getByRole("radio", { name: "PostgreSQL source" }).check();
  await page.getByLabel("Name", { exact: true }).fill("shop-source");
  await page.getByRole("radio", { name: /^shop/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText(/PostgreSQL 18/).first()).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("checkbox", { name: /tables of public/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("table.include.list").first()).toBeVisible();
  await page.getByRole("button", { name: "Propose plan" }).click();
  await runPlan(page);
  await expectState(page, "lab", "shop-source", /healthy/);
});

test("the guide makes a sink for its topics", async () => {
  await openPage(page, "/connectors/new");
  await page.getByRole("radio", { name: "JDBC sink" }).check();
  await page.getByLabel("Name", { exact: true }).fill("warehouse-sink");
  await page.getByRole("radio", { name: /^warehouse/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText(/PostgreSQL 18/).first()).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("checkbox", { name: "shop-source" }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("dlq-warehouse-sink").first()).toBeVisible();
  await page.getByRole("button", { name: "Propose plan" }).click();
  await runPlan(page);
  await expectState(page, "lab", "warehouse-sink", /healthy/);
});

test("every row of every table arrives, equal by count and by checksum", async () => {
  let rows = 0;
  for (const table of TABLES) {
    const wanted = await tableChecksum("shop", table);
    await expect
      .poll(() => tableChecksum("warehouse", table).catch(() => undefined), {
        message: table,
        timeout: 120_000,
        intervals: [1_000],
      })
      .toEqual(wanted);
    rows += wanted.rows;
  }
  expect(rows).toBeGreaterThan(100_000);
});

test("inserts, updates and deletes arrive, and the pipeline page counts them", async () => {
  await page.goto("/pipelines/lab/shop-source");
  const delivered = () => numberInTable(page, "public.manuals", "Delivered");
  await expect.poll(delivered, { timeout: 60_000 }).toBeGreaterThan(200);
  const before = (await delivered()) ?? 0;
  const [made] = await query<{ id: number }>(
    "shop",
    "insert into manuals (sku, language, title, content) select sku, 'xx', 'Journey', repeat('text ', 3000) from products limit 1 returning id",
  );
  await query("shop", "update manuals set title = 'Journey, second edition' where id = $1", [made?.id]);
  const title = () =>
    query<{ title: string }>("warehouse", "select title from manuals where id = $1", [made?.id]).then(
      ([row]) => row?.title,
    );
  await expect.poll(title, { timeout: 30_000 }).toBe("Journey, second edition");
  await query("shop", "delete from manuals where id = $1", [made?.id]);
  await expect.poll(title, { timeout: 30_000 }).toBeUndefined();
  // Insert, update, delete and the tombstone that follows a delete.
  await expect.poll(delivered, { timeout: 15_000 }).toBe(before + 4);
  expect(await tableChecksum("warehouse", "manuals")).toEqual(await tableChecksum("shop", "manuals"));
});

test("the sink is paused, resumed and restarted; nothing is lost meanwhile", async () => {
  await expectState(page, "lab", "warehouse-sink", /healthy/);
  await page.getByRole("button", { name: "Pause" }).click();
  await confirm(page);
  await expect(
    page
      .getByRole("main")
      .getByText(/paused/)
      .first(),
  ).toBeVisible({ timeout: 30_000 });
  await query("shop", "update customers set loyalty_points = loyalty_points + 7 where id between 1 and 50");
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(
    page
      .getByRole("main")
      .getByText(/healthy/)
      .first(),
  ).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: /More actions/ }).click();
  await page.getByRole("menuitem", { name: /^Restart…/ }).click();
  await confirm(page);
  const wanted = await tableChecksum("shop", "customers");
  await expect.poll(() => tableChecksum("warehouse", "customers"), { timeout: 60_000 }).toEqual(wanted);
});

test("a viewer sees the pipeline and cannot change it", async ({ browser, baseURL }) => {
  const viewing = await browser.newContext({ baseURL: baseURL ?? "" });
  recordReplies(viewing, baseURL ?? "");
  const view = await viewing.newPage();
  await signIn(view, "viewer", "/connectors/lab/warehouse-sink");
  await view.goto("/connectors/lab/warehouse-sink");
  await expect(view.getByText(/healthy/).first()).toBeVisible();
  const pause = view.getByRole("button", { name: "Pause" });
  await expect(pause).toHaveAttribute("aria-disabled", "true");
  await expect(pause).toHaveAttribute("title", /operator, engineer, admin/);
  const refused = await view.request.post("/api/trpc/connectors.pause", {
    data: { json: { cluster: "lab", name: "warehouse-sink" } },
    headers: { origin: new URL(view.url()).origin },
  });
  expect(refused.status()).toBe(403);
  await viewing.close();
});

test("every screen is accessible in both themes", async () => {
  for (const path of [
    "/",
    "/pipelines",
    "/pipelines/lab/shop-source",
    "/connectors",
    "/connectors/new",
    "/connectors/lab/shop-source",
    "/connectors/lab/warehouse-sink",
    "/connectors/lab/warehouse-sink/edit",
    "/databases",
    "/databases/new",
    "/credentials",
    "/activity",
    "/audit",
    "/settings",
  ]) {
    await page.goto(path);
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.getByRole("main").getByText(/Loading/)).toHaveCount(0);
    await expectAccessible(page, path);
  }
});

test("the sink is deleted by a plan that lists what stays behind", async () => {
  await page.goto("/connectors/lab/warehouse-sink");
  await page.getByRole("button", { name: /More actions/ }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("dlq-warehouse-sink").first()).toBeVisible();
  await dialog.getByRole("button", { name: /Plan to delete/ }).click();
  await runPlan(page);
  await page.goto("/connectors");
  await expect(page.getByRole("link", { name: "shop-source" }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "warehouse-sink" })).toHaveCount(0);
});

test("the audit trail tells it all, and its chain holds", async ({ browser, baseURL }) => {
  const reviewing = await browser.newContext({ baseURL: baseURL ?? "" });
  recordReplies(reviewing, baseURL ?? "");
  const review = await reviewing.newPage();
  await signIn(review, "security");
  for (const action of [
    "database.register",
    "connector.create",
    "connector.pause",
    "connector.resume",
    "connector.restart",
    "connector.delete",
    "plan.run",
  ]) {
    await review.goto(`/audit?q=${encodeURIComponent(`action:${action}`)}`);
    const act = review.getByRole("row").filter({ hasText: action }).filter({ hasText: "succeeded" });
    await expect(act.first()).toBeVisible();
  }
  await review.goto("/audit");
  await review.getByRole("button", { name: "Verify the chain" }).click();
  await expect(review.getByText(/chain verified through/).first()).toBeVisible();
  await reviewing.close();
});

function at({ host, port }: { host: string; port: number }) {
  return { host, port };
}
