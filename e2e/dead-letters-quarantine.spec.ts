import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { attachLab } from "#lab/control.ts";
import { expectAccessible } from "./support/accessibility.ts";
import { runPlan } from "./support/console.ts";
import { labEndpoints, query } from "./support/databases.ts";
import { keyboardOf } from "./support/keyboard.ts";
import {
  CANARY,
  ensureShopAndWarehouse,
  removeLetters,
  STRICT,
  startLetters,
  targetRows,
} from "./support/letters-lab.ts";
import { openPage } from "./support/open-page.ts";
import { connectorConfig, taskStates } from "./support/own-pipeline.ts";
import { recordReplies } from "./support/replies.ts";
import { signIn } from "./support/sign-in.ts";

/** Told once from the beginning to the end: each test goes on where the one before stopped. */
test.describe.configure({ mode: "serial" });

const endpoints = labEndpoints();
const sinkPage = `/connectors/lab/${STRICT.sink}`;
const sinkLetters = `/dead-letters?tab=records&q=${encodeURIComponent(`connector:${STRICT.sink}`)}`;
let context: BrowserContext | undefined;
let page: Page;

test.beforeAll(async ({ browser, baseURL }) => {
  test.setTimeout(300_000);
  await (await attachLab(endpoints.dir)).setTraffic(0);
  await startLetters(STRICT);
  await forbidBadNotes();
  context = await browser.newContext();
  recordReplies(context, baseURL ?? "");
  page = await context.newPage();
  await signIn(page, "engineer");
});

test.afterAll(async () => {
  await removeLetters(STRICT);
  await context?.close();
});

async function forbidBadNotes(): Promise<void> {
  await query(
    "warehouse",
    `alter table ${STRICT.schema}.${STRICT.table} add constraint no_bad check (note not like 'bad%')`,
  );
}

async function allowBadNotes(): Promise<void> {
  await query("warehouse", `alter table ${STRICT.schema}.${STRICT.table} drop constraint no_bad`);
}

/** From the stopped sink to the end of the quarantine's run. */
async function quarantineRow(id: number): Promise<void> {
  await page.goto(sinkPage);
  await expect(page.getByText(`Row id=${id} of`)).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Quarantine and go on" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Plan the quarantine" }).click();
  await runPlan(page);
}

async function openLetter(id: number): Promise<void> {
  await page.goto(sinkLetters);
  await page.getByRole("link", { name: `id=${id}`, exact: true }).click();
  await expect(page).toHaveURL(/\/dead-letters\/records\/\d+/);
}

test("source and target are registered, so that rows can be looked up", async () => {
  await ensureShopAndWarehouse(page);
});

test("before anything failed, the screen says when it looked", async () => {
  await page.goto("/dead-letters");
  await expect(page.getByRole("heading", { name: "Dead letters" })).toBeVisible();
  await expect(page.getByText("There are no dead letters")).toBeVisible();
  await expectAccessible(page, "dead letters, none");
});

test("one row stops the sink: it is named in plain words within 15 s", async () => {
  await page.goto(sinkPage);
  await expect(page.getByRole("main").getByText("healthy").first()).toBeVisible({ timeout: 30_000 });
  const rows = Array.from(
    { length: 9 },
    (_row, index) => `(${101 + index}, '${index === 4 ? `bad ${CANARY}` : "good"}', '1')`,
  );
  await query("shop", `insert into public.${STRICT.table} values ${rows.join(", ")}`);
  await expect.poll(() => taskStates(STRICT.sink), { timeout: 60_000, intervals: [100] }).toEqual(["FAILED"]);
  const stoppedAt = performance.now();

  await expect(page.getByText(`Row id=105 of`)).toBeVisible({ timeout: 15_000 });

  expect(performance.now() - stoppedAt).toBeLessThan(15_000);
  const panel = page.getByRole("region", { name: "What stopped this sink" });
  await expect(panel).toContainText("stopped this sink");
  await expect(panel).toContainText('violates check constraint "no_bad"');
  // The first four may have been taken in a batch of their own.
  await expect(panel).toContainText(/[5-9] records wait/);
  await expect(panel).toContainText("nothing is lost");
  await expect(panel).not.toContainText(CANARY);
  await expectAccessible(page, "a stopped sink");
});

test("the row is set aside by a plan; every neighbour arrives and only that row is a dead letter", async () => {
  await page.getByRole("button", { name: "Quarantine and go on" }).click();
  await expect(page.getByRole("dialog")).toContainText("Set row id=105");
  await page.getByRole("dialog").getByRole("button", { name: "Plan the quarantine" }).click();
  await runPlan(page);

  expect((await targetRows(STRICT)).map((row) => row.id).filter((id) => id > 100)).toEqual([
    101, 102, 103, 104, 106, 107, 108, 109,
  ]);
  expect(await taskStates(STRICT.sink)).toEqual(["RUNNING"]);
  expect(await connectorConfig(STRICT.sink)).not.toHaveProperty("transforms");
  await page.goto(sinkLetters);
  await expect(page.getByText("1 record", { exact: true })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("link", { name: "id=105" })).toBeVisible();
  await expect(page.getByText("PENDING")).toBeVisible();
});

test("the group says why, and where the numbers come from", async () => {
  await page.goto("/dead-letters");
  await page.getByRole("link", { name: "Quarantined by Headgate" }).click();
  await expect(page).toHaveURL(/\/dead-letters\/groups\/\d+/);
  await expect(page.getByRole("main")).toContainText("1 record of about 1 row waits for a repair");
  await expect(page.getByRole("region", { name: "Why these are one group" })).toContainText(STRICT.sink);
  await expectAccessible(page, "a failure group");
});

test("the record shows the row then and now without values, and reveals them on the record", async () => {
  await openLetter(105);
  const now = page.getByRole("region", { name: "The row then and now", exact: true });
  await expect(now).toContainText("The target lacks the row", { timeout: 30_000 });
  await expect(page.getByRole("region", { name: "Why it failed" })).toContainText("Quarantined by Headgate");
  expect(await page.content()).not.toContain(CANARY);
  await page.getByRole("button", { name: "Reveal the payload" }).click();
  await expect(now).toContainText(CANARY);
  await expect(page.getByRole("region", { name: "The row before and after this change" })).toContainText(
    CANARY,
  );
  await page.getByRole("tab", { name: "Raw" }).click();
  await page.getByRole("tab", { name: /^Headers/ }).click();
  await expect(page.getByText("__connect.errors.topic")).toBeVisible();
  await expectAccessible(page, "a dead letter");
  await page.goto(`/audit?q=${encodeURIComponent("action:dead-letter.reveal")}`);
  await expect(page.getByText("dead-letter.reveal").first()).toBeVisible();
});

test("the constraint is repaired, the row is replayed, and it is RESOLVED", async () => {
  await allowBadNotes();
  await openLetter(105);
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("Nothing is sent yet");
  await expectAccessible(page, "proposing a replay");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Plan the replay of 1 record/ })
    .click();
  await expect(page).toHaveURL(/\/plans\//);
  await expect(page.getByRole("row", { name: /^safe 1 1/ })).toBeVisible();
  await expectAccessible(page, "a planned replay");
  await runPlan(page);
  await expect(page.getByText("Delivered", { exact: true })).toBeVisible();
  await expectAccessible(page, "a replay that ran");

  expect((await targetRows(STRICT)).find((row) => row.id === 105)?.note).toBe(`bad ${CANARY}`);
  await openLetter(105);
  await expect(page.getByRole("main").getByText("RESOLVED").first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Attempts" })).toContainText("delivered");
  await page.goto("/dead-letters");
  await expect(page.getByRole("row", { name: /Quarantined by Headgate/ })).toContainText("resolved");
  await expect(page.getByText("Nothing waits for a repair.")).toBeVisible();
});

test("a newer version of the row was delivered meanwhile: the replay refuses to overwrite it", async () => {
  await query("warehouse", `delete from ${STRICT.schema}.${STRICT.table} where note like 'bad%'`);
  await forbidBadNotes();
  await query("shop", `insert into public.${STRICT.table} values (110, 'bad old version', '1')`);
  await quarantineRow(110);
  await query("shop", `update public.${STRICT.table} set note = 'good new version' where id = 110`);
  const noteAtTarget = async () => (await targetRows(STRICT)).find((row) => row.id === 110)?.note;
  await expect.poll(noteAtTarget, { timeout: 60_000 }).toBe("good new version");

  await openLetter(110);
  const later = page.getByRole("region", { name: "Later events of this row" }).first();
  await expect(later).toContainText("delivered");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Plan the replay/ })
    .click();

  await expect(page.getByRole("dialog")).toContainText("1 superseded");
  await expect(page.getByRole("dialog")).toContainText("replaying would overwrite it with older data");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  expect(await noteAtTarget()).toBe("good new version");
  await page.getByRole("button", { name: "Ignore", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("A newer version is at the target");
  await page.getByRole("dialog").getByRole("button", { name: "Ignore 1 record" }).click();
  await expect(page.getByRole("main").getByText("IGNORED").first()).toBeVisible();
  await expect(page.getByRole("main")).toContainText("A newer version is at the target");
  await expect(page.getByRole("region", { name: "Facts" })).toContainText("by Emre Yilmaz");
});

test("triage by keyboard alone: filter, open, assign", async () => {
  const keys = keyboardOf(page);
  await openPage(page, "/dead-letters");
  await expect(page.locator("tbody").getByRole("link").first()).toBeVisible();
  const filter = page.getByPlaceholder(/^Filter by/);
  // A list listens for its keys a moment after it is shown.
  await expect(async () => {
    if (!(await filter.evaluate((input) => input === document.activeElement))) await page.keyboard.press("/");
    await expect(filter).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.type(`connector:${STRICT.sink} `);
  await expect(
    page.getByRole("button", { name: `Remove the filter connector:${STRICT.sink}` }),
  ).toBeVisible();
  await expect(page.getByText("1 group", { exact: true })).toBeVisible();
  await keys.press(page.locator("tbody").getByRole("link").first());
  await expect(page).toHaveURL(/\/dead-letters\/groups\/\d+/);
  await keys.press(page.getByRole("button", { name: "Assign" }));
  await keys.type(page.getByLabel("Who looks after it"), "Olga");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByText("Olga", { exact: true })).toBeVisible();
});
