import { expect, type Page } from "@playwright/test";
import { openPage } from "./open-page.ts";

export interface Registration {
  name: string;
  role: "Source" | "Target";
  host: string;
  port: number;
  databaseName: string;
}

/** Registers it, unless a journey before has done so: an address can be registered once. */
export async function ensureDatabase(page: Page, database: Registration): Promise<void> {
  const { host, port, databaseName } = database;
  await page.goto("/databases");
  await expect(
    page
      .getByRole("main")
      .getByText(/^\d+ databases?$|^No database/)
      .first(),
  ).toBeVisible();
  if ((await page.getByTitle(`${host}:${port}/${databaseName}`).count()) === 0)
    await registerDatabase(page, database);
}

/** Fills the registration by reference, asks for the connection test, and saves. */
export async function registerDatabase(
  page: Page,
  { name, role, host, port, databaseName }: Registration,
): Promise<void> {
  await openPage(page, "/databases/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: role }).check();
  await page.getByLabel("Host", { exact: true }).fill(host);
  await page.getByLabel("Port", { exact: true }).fill(String(port));
  await page.getByLabel("Database", { exact: true }).fill(databaseName);
  await page.getByRole("radio", { name: "disable" }).check();
  await page.getByLabel(/^Connectors' role/).fill(`${databaseName}_connector`);
  await page
    .getByLabel("Connectors' user", { exact: true })
    .fill(`vault://secret/connectors/${databaseName}#username`);
  await page
    .getByLabel("Connectors' password", { exact: true })
    .fill(`vault://secret/connectors/${databaseName}#password`);
  await page
    .getByLabel("Headgate's read-only user", { exact: true })
    .fill(`vault://secret/headgate/${databaseName}#username`);
  await page
    .getByLabel("Headgate's read-only password")
    .fill(`vault://secret/headgate/${databaseName}#password`);
  await page.getByRole("button", { name: "Test the connection" }).click();
  await expect(page.getByText(/PostgreSQL 18/).first()).toBeVisible();
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page).toHaveURL(/\/databases\/[0-9a-f-]{36}/);
}

/** From the plan's page to the end of its run. */
export async function runPlan(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/plans\//);
  await page.getByRole("button", { name: "Start" }).click();
  await confirm(page);
  await expectRunEnd(page, "succeeded");
}

/** What the head of the plan's page says once its run rests; a step that has succeeded says the same word further down. */
export async function expectRunEnd(page: Page, end: "succeeded" | "failed" | "aborted"): Promise<void> {
  const state = page.getByRole("main").locator("header").first();
  const atRest = state.getByText(/^(succeeded|failed|aborted|needs attention)$/);
  await expect(atRest).toBeVisible({ timeout: 150_000 });
  await expect(atRest).toHaveText(end);
}

/** Answers the danger ladder's dialog with what it asks for, and presses its button. */
export async function confirm(page: Page, reason = "journey"): Promise<void> {
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  const reasonField = dialog.getByLabel("Reason");
  if (await reasonField.isVisible()) await reasonField.fill(reason);
  for (const field of await dialog.getByLabel(/^Type the/).all()) {
    const label =
      (await dialog.locator(`label[for="${await field.getAttribute("id")}"]`).textContent()) ?? "";
    await field.fill(label.replace(/^Type the (number|name)\s*/, "").trim());
  }
  await dialog.locator("button[type=submit]").click();
  await expect(dialog).toBeHidden();
}

/** What the page says of a connector, once it says it. */
export async function expectState(page: Page, cluster: string, name: string, state: RegExp): Promise<void> {
  await page.goto(`/connectors/${cluster}/${name}`);
  await expect(page.getByRole("main").getByText(state).first()).toBeVisible({ timeout: 60_000 });
}
