import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { attachLab } from "#lab/control.ts";
import { expectAccessible } from "./support/accessibility.ts";
import { confirm, expectRunEnd } from "./support/console.ts";
import { labEndpoints, query } from "./support/databases.ts";
import {
  CANARY,
  CASTING,
  ensureShopAndWarehouse,
  recordsIn,
  removeLetters,
  repairCastingSink,
  startLetters,
  targetRows,
} from "./support/letters-lab.ts";
import { openPage } from "./support/open-page.ts";
import { recordReplies } from "./support/replies.ts";
import { signIn } from "./support/sign-in.ts";

/** Told once from the beginning to the end: each test goes on where the one before stopped. */
test.describe.configure({ mode: "serial" });

let context: BrowserContext | undefined;
let page: Page;

test.beforeAll(async ({ browser, baseURL }) => {
  test.setTimeout(300_000);
  await (await attachLab(labEndpoints().dir)).setTraffic(0);
  await startLetters(CASTING);
  context = await browser.newContext();
  recordReplies(context, baseURL ?? "");
  page = await context.newPage();
  await signIn(page, "engineer");
  await ensureShopAndWarehouse(page);
});

test.afterAll(async () => {
  await removeLetters(CASTING);
  await context?.close();
});

/** So many rows whose amount the casting sink cannot digest, and so many of them that change to one it can. */
const FAILED = 2_000;
const NEWER = 300;
const castingGroup = `/dead-letters?q=${encodeURIComponent(`connector:${CASTING.sink}`)}`;

/** The number under a heading of the list's first row. */
async function numberInRow(view: Page, heading: string): Promise<number | undefined> {
  const heads = await view.locator("thead th").allTextContents();
  const column = heads.findIndex((head) => head.trim() === heading);
  const text = await view.locator("tbody tr").first().locator("td").nth(column).textContent();
  return Number(text?.replace(/\D/g, ""));
}

async function openCastingGroup(): Promise<void> {
  await page.goto(castingGroup);
  await page.locator("tbody").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/dead-letters\/groups\/\d+/);
}

/** The count under a word of the plan's page. */
async function outcome(label: string): Promise<number> {
  const words = page.getByRole("region", { name: "How it goes" }).getByText(label, { exact: true });
  if ((await words.count()) === 0) return 0;
  const figure = await words.first().locator("xpath=following-sibling::*[1]").textContent();
  return Number(figure?.replace(/\D/g, ""));
}

async function outcomes() {
  const labels = ["Delivered", "Failed again", "Sent", "Being sent", "Not attempted", "Left out"];
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, await outcome(label));
  return {
    sum: [...counts.values()].reduce((sum, count) => sum + count, 0),
    planned: await outcome("Planned"),
    delivered: counts.get("Delivered") ?? 0,
    attempted: labels.slice(0, 4).reduce((sum, label) => sum + (counts.get(label) ?? 0), 0),
  };
}

test("what a transform cannot digest becomes dead letters in one group, counted as Kafka counts them", async () => {
  await query(
    "shop",
    `insert into public.${CASTING.table} select 1000 + g, 'failed', 'no number ${CANARY} ' || g from generate_series(1, ${FAILED}) g`,
  );
  await query("shop", `insert into public.${CASTING.table} values (100, 'good', '7')`);
  await expect
    .poll(async () => (await targetRows(CASTING)).some((row) => row.id === 100), { timeout: 60_000 })
    .toBe(true);
  await page.goto(castingGroup);
  await expect(page.getByText("1 group", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect
    .poll(() => numberInRow(page, "Open"), { timeout: 60_000 })
    .toBe(await recordsIn(`dlq-${CASTING.sink}`));
  expect(await numberInRow(page, "Open")).toBe(FAILED);
  await expectAccessible(page, "failure groups");
  await openCastingGroup();
  await expect(page.getByRole("region", { name: "Why these are one group" })).toContainText("TRANSFORMATION");
  await expect(page.getByText("2,000 records", { exact: true }).first()).toBeVisible();
  expect(await page.content()).not.toContain(CANARY);
});

test("a viewer gets no payload: not in a page, not in a reply", async ({ browser, baseURL }) => {
  const viewing = await browser.newContext({ baseURL: baseURL ?? "" });
  const bodies: string[] = [];
  viewing.on("response", (response) => {
    response.text().then(
      (body) => bodies.push(body),
      () => undefined,
    );
  });
  const view = await viewing.newPage();
  await signIn(view, "viewer", "/dead-letters");
  const group = castingGroup;
  await view.goto(group);
  await view.locator("tbody").getByRole("link").first().click();
  await expect(view.getByRole("region", { name: "Why these are one group" })).toBeVisible();
  expect(await view.content()).not.toContain(CANARY);
  await view.getByRole("region", { name: "Records" }).getByRole("link").first().click();
  await expect(view.getByRole("region", { name: "Payload" })).toBeVisible();
  await expect(view.getByRole("region", { name: "The row then and now", exact: true })).toContainText(
    "Values are hidden",
    { timeout: 30_000 },
  );
  expect(await view.content()).not.toContain(CANARY);
  const reveal = view.getByRole("button", { name: /Reveal the payload/ });
  await expect(reveal).toHaveAttribute("title", /engineer, admin/);
  await expect(view.getByRole("button", { name: /^Replay/ })).toHaveAttribute("aria-disabled", "true");
  const id = Number(view.url().split("/").at(-1));
  const refused = await view.request.post("/api/trpc/deadLetters.reveal", {
    data: { json: { id } },
    headers: { origin: new URL(view.url()).origin },
  });
  expect(refused.status()).toBe(403);
  expect(bodies.length).toBeGreaterThan(10);
  expect(bodies.filter((body) => body.includes(CANARY))).toEqual([]);
  await viewing.close();
});

test("a replay whose cause is not repaired stops itself", async () => {
  await openCastingGroup();
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Canary").fill("0");
  await dialog.getByLabel(/^Records a second/).fill("1000");
  await dialog.getByRole("button", { name: "Plan the replay of 2,000 records" }).click();
  await expect(page).toHaveURL(/\/plans\//, { timeout: 60_000 });
  await expect(page.getByRole("row", { name: /^safe 2,000 2,000/ })).toBeVisible();
  await page.getByRole("button", { name: "Start" }).click();
  await confirm(page);
  await expectRunEnd(page, "failed");
  await expect(page.getByRole("main").locator("header").first()).toContainText("more than 5 %");
  const { sum, planned, delivered } = await outcomes();
  expect(delivered).toBe(0);
  expect(sum).toBe(planned);
  expect(planned).toBe(FAILED);
});

test("the same record again is refused while nothing has changed; sending it anyway is on the record", async () => {
  const failedAgain = `/dead-letters?tab=records&q=${encodeURIComponent(`connector:${CASTING.sink} attempts:>0`)}`;
  await page.goto(failedAgain);
  await page.locator("tbody").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/records\//);
  await expect(page.getByRole("region", { name: "Attempts" })).toContainText("failed", { timeout: 30_000 });
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /Plan the replay/ }).click();
  await expect(dialog).toContainText("Nothing changed since attempt 1");
  await expect(dialog).toContainText("the sink's configuration, its plugin and the schema are the same");
  await dialog.getByRole("checkbox", { name: /judged blocked/ }).check();
  await dialog.getByRole("button", { name: /Plan the replay/ }).click();
  await expect(page).toHaveURL(/\/plans\//, { timeout: 30_000 });
  await page.getByRole("button", { name: "Start" }).click();
  await confirm(page, "the sink's log was wanted once more");
  await expectRunEnd(page, "failed");
  await page.goto(`/audit?q=${encodeURIComponent("action:plan.run")}`);
  await page
    .getByRole("button", { name: /^Look at plan\.run/ })
    .first()
    .click();
  await expect(page.getByRole("dialog")).toContainText("the sink's log was wanted once more");
});

test("after the repair, a replay is planned with exactly the overtaken records left out, and aborted in the middle", async () => {
  await repairCastingSink();
  await query(
    "shop",
    `update public.${CASTING.table} set note = 'newer', amount = '5' where id between 1001 and ${1_000 + NEWER}`,
  );
  await expect
    .poll(async () => (await targetRows(CASTING)).filter((row) => row.note === "newer").length, {
      timeout: 60_000,
    })
    .toBe(NEWER);
  await openCastingGroup();
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Canary").fill("0");
  await dialog.getByLabel(/^Records a second/).fill("100");
  await dialog.getByRole("button", { name: "Plan the replay of 2,000 records" }).click();
  await expect(page).toHaveURL(/\/plans\//, { timeout: 60_000 });
  await expect(page.getByRole("row", { name: /^superseded 300 left out/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /^safe 1,700 1,700/ })).toBeVisible();
  await page.getByRole("button", { name: "Start" }).click();
  await confirm(page);
  await expect.poll(async () => (await outcomes()).attempted, { timeout: 60_000 }).toBeGreaterThan(20);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Paused", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();

  await page.getByRole("button", { name: "Abort" }).click();
  await confirm(page);
  const abortedAt = performance.now();
  await expectRunEnd(page, "aborted");

  await expect
    .poll(async () => {
      const { sum, planned } = await outcomes();
      return planned - sum;
    })
    .toBe(0);
  const { attempted } = await outcomes();
  expect(performance.now() - abortedAt).toBeLessThan(20_000);
  expect(attempted).toBeLessThan(1_700);
});

test("from the list to a started canary by keyboard in at most twelve keys plus what is typed", async () => {
  await openPage(page, "/");
  let keys = 0;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  await press("g");
  await press("d");
  await expect(page).toHaveURL(/\/dead-letters$/);
  await expect(page.locator("tbody").getByRole("link").first()).toBeVisible();
  await press("j");
  await press("Enter");
  await expect(page).toHaveURL(/\/dead-letters\/groups\/\d+/);
  await expect(page.getByRole("button", { name: "Replay", exact: true })).toBeVisible();
  await press("r");
  await expect(page.getByRole("dialog").getByLabel("Canary")).toBeVisible();
  await press("Control+Enter");
  await expect(page).toHaveURL(/\/plans\//, { timeout: 60_000 });
  await expect(page.getByRole("button", { name: "Start" })).toBeVisible();
  await press("s");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  await page.keyboard.type("cause repaired");
  await press("Tab");
  const label = (await dialog.getByText(/^Type the number/).textContent()) ?? "";
  await page.keyboard.type(label.replace(/\D/g, ""));
  await press("Control+Enter");
  await expect(dialog).toBeHidden();
  expect(keys).toBeLessThanOrEqual(12);
  await expect(page.getByText(/Send 25 records and wait/).first()).toBeVisible();
  await expectRunEnd(page, "succeeded");
});

test("what was replayed is at the target, and no newer row was overwritten", async () => {
  await openCastingGroup();
  await expect(page.getByRole("main")).toContainText(`${NEWER} records`);
  const rows = await targetRows(CASTING);
  expect(rows.filter((row) => row.id > 1_000)).toHaveLength(FAILED);
  expect(rows.filter((row) => row.note === "newer").map((row) => row.id)).toEqual(
    Array.from({ length: NEWER }, (_row, index) => 1_001 + index),
  );
});

test("everything a filter finds is settled with a reason, and only that", async () => {
  await page.goto(
    `/dead-letters?tab=records&q=${encodeURIComponent(`connector:${CASTING.sink} status:PENDING`)}`,
  );
  await expect(page.getByText("300 records", { exact: true }).first()).toBeVisible();
  await expectAccessible(page, "dead letters one by one");
  await page.getByRole("button", { name: "All 300" }).click();
  await page.getByRole("menuitem", { name: /^Resolve all 300/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Newer versions are at the target");
  await dialog.getByLabel(/^Type the number/).fill("300");
  await dialog.getByRole("button", { name: "Resolve 300 records" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("No records match this filter")).toBeVisible();
  await page.goto("/dead-letters");
  await expect(page.getByText("Nothing waits for a repair.")).toBeVisible();
});

test("the other screens of dead letters are accessible in both themes", async () => {
  for (const path of [
    "/dead-letters?tab=rates",
    "/dead-letters?tab=topics",
    "/dead-letters/causes",
    "/dead-letters/groups/999999",
    "/",
  ]) {
    await page.goto(path);
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.getByRole("main").getByText(/^(Loading|Reading)/)).toHaveCount(0);
    await expectAccessible(page, path);
  }
});
