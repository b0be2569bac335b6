import { type BrowserContext, expect, type Locator, type Page, test } from "@playwright/test";
import { attachLab } from "#lab/control.ts";
import type { EngineName } from "#lab/engines/roster.ts";
import { confirm } from "./support/console.ts";
import { labEndpoints, query } from "./support/databases.ts";
import { openPage } from "./support/open-page.ts";
import { recordReplies } from "./support/replies.ts";
import { signIn } from "./support/sign-in.ts";
import { numberInTable } from "./support/table-cell.ts";

/** Each upstream is stopped for real while somebody looks: who is missing is said by name, the rest stays, and nobody reloads. */
const lab = attachLab(labEndpoints().dir);
let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser, baseURL }) => {
  context = await browser.newContext();
  recordReplies(context, baseURL ?? "");
  page = await context.newPage();
  await signIn(page, "engineer");
});

test.afterAll(async () => {
  for (const { name, state } of await lab.status())
    if (state === "stopped") await lab.engine(name as EngineName).start();
  await context.close();
});

/** Stops one engine for as long as `meanwhile` lasts; it is started again whatever happens. */
async function without(engine: EngineName, meanwhile: () => Promise<void>): Promise<void> {
  await lab.engine(engine).stop();
  try {
    await meanwhile();
  } finally {
    await lab.engine(engine).start();
  }
}

function upstream(name: string): Locator {
  return page
    .getByRole("main")
    .getByRole("listitem")
    .filter({ hasText: new RegExp(`^${name}(up|down|sealed)`) });
}

async function expectHealthy(): Promise<void> {
  await expect(
    page
      .getByRole("main")
      .getByText(/healthy/)
      .first(),
  ).toBeVisible({ timeout: 120_000 });
}

test("Vault down: said by name, references cannot be checked, pipelines go on", async () => {
  await page.goto("/");
  await expect(upstream("Vault")).toContainText("up");
  await without("openbao", async () => {
    await expect(upstream("Vault")).toContainText("down", { timeout: 45_000 });
    await expect(upstream("Kafka Connect")).toContainText("up");
    const other = await context.newPage();
    await other.goto("/connectors/lab/shop-source");
    await expect(
      other
        .getByRole("main")
        .getByText(/healthy/)
        .first(),
    ).toBeVisible();
    await openPage(other, "/databases/new");
    await other.getByLabel("Connectors' password").fill("vault://secret/connectors/shop#password");
    await expect(other.getByText(/Vault of lab/).first()).toBeVisible();
    await other.close();
  });
  await expect(upstream("Vault")).toContainText("up", { timeout: 60_000 });
});

test("Kafka Connect down: the list stays with its age, a command says who does not answer", async () => {
  await page.goto("/connectors");
  const row = page.getByRole("link", { name: "shop-source" }).first();
  await expect(row).toBeVisible();
  await without("connect", async () => {
    const banner = page.getByText(/Connectors of lab are shown as they were/);
    await expect(banner).toBeVisible({ timeout: 45_000 });
    await expect(row).toBeVisible();
    const other = await context.newPage();
    await other.goto("/connectors/lab/shop-source");
    await other.getByRole("button", { name: "Pause" }).click();
    await other.getByRole("dialog").locator("button[type=submit]").click();
    await expect(other.getByText(/Kafka Connect of lab/).first()).toBeVisible();
    await other.close();
  });
  await expect(page.getByText(/Connectors of lab are shown as they were/)).toBeHidden({ timeout: 90_000 });
  await expect(page.getByRole("row", { name: "shop-source" })).toContainText("healthy", { timeout: 90_000 });
});

test("Kafka down: numbers are shown as old as they are, and come back by themselves", async () => {
  await page.goto("/pipelines/lab/shop-source");
  await expect(page.getByText("public.customers").first()).toBeVisible();
  await without("kafka", async () => {
    await expect(page.getByText(/Counts, lag and times are shown as they were/)).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText("public.customers").first()).toBeVisible();
  });
  await expect(page.getByText(/Counts, lag and times are shown as they were/)).toBeHidden({
    timeout: 120_000,
  });
});

test("the schema registry down is said by name; a source that failed meanwhile goes on after a restart", async () => {
  await page.goto("/");
  await without("registry", async () => {
    await expect(upstream("Schema registry")).toContainText("down", { timeout: 45_000 });
  });
  await expect(upstream("Schema registry")).toContainText("up", { timeout: 60_000 });
  await page.goto("/connectors/lab/shop-source");
  await page.getByRole("button", { name: /More actions/ }).click();
  await page.getByRole("menuitem", { name: /^Restart…/ }).click();
  await confirm(page);
  await expectHealthy();
});

test("the state database down and back: no screen calls itself live, and it is right again without a reload", async () => {
  await page.goto("/connectors");
  await expect(page.getByText("Updates: Live")).toBeVisible();
  await without("postgres-state", async () => {
    await expect(page.getByText("Updates: Live")).toBeHidden({ timeout: 45_000 });
    const other = await context.newPage();
    await other.goto("/connectors");
    await expect(other.getByText(/Headgate's own database does not answer/).first()).toBeVisible();
    await other.close();
  });
  await expect(page.getByText("Updates: Live")).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("row", { name: "shop-source" })).toContainText("healthy", { timeout: 90_000 });
});

test("the identity provider down: who is signed in stays, who signs in is told", async ({
  browser,
  baseURL,
}) => {
  await without("oidc", async () => {
    await page.goto("/connectors");
    await expect(page.getByRole("link", { name: "shop-source" }).first()).toBeVisible();
    const fresh = await browser.newContext({ baseURL: baseURL ?? "" });
    const visitor = await fresh.newPage();
    await visitor.goto("/sign-in");
    await visitor.getByRole("button", { name: /sign in/i }).click();
    await expect(visitor.getByText(/identity provider/i).first()).toBeVisible();
    await fresh.close();
  });
});

test("the source down and back: the connection test says so, and what was written later is captured", async () => {
  await page.goto("/pipelines/lab/shop-source");
  const captured = () => numberInTable(page, "public.products", "Captured");
  await expect.poll(captured, { timeout: 60_000 }).toBeGreaterThan(0);
  const before = (await captured()) ?? 0;
  await without("postgres-source", async () => {
    const other = await context.newPage();
    await other.goto("/databases");
    await other.getByRole("link", { name: "shop" }).first().click();
    await other.getByRole("button", { name: /^Test/ }).first().click();
    await expect(other.getByText(/Nothing accepts connections at/).first()).toBeVisible();
    await other.close();
  });
  await query("shop", "update products set name = name where sku = (select min(sku) from products)");
  await expect.poll(captured, { timeout: 120_000 }).toBeGreaterThan(before);
});
