import { expect, test } from "@playwright/test";
import { demoPassword } from "#lab/oidc/accounts.ts";
import { labEndpoints } from "./support/databases.ts";
import { keyboardOf } from "./support/keyboard.ts";
import { openPage } from "./support/open-page.ts";
import { recordReplies } from "./support/replies.ts";

/** The same main job, on the second source database, without a mouse. */
test("sign in, register a database, make a source and look at it, by keyboard alone", async ({
  page,
  baseURL,
}) => {
  recordReplies(page.context(), baseURL ?? "");
  const keys = keyboardOf(page);
  const { source } = labEndpoints().postgres;

  await page.goto("/");
  await keys.press(page.getByRole("button", { name: /sign in/i }));
  await keys.choose(page.getByRole("radio", { name: /engineer ·/ }));
  await keys.type(page.getByLabel("Password"), demoPassword);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();

  await page.keyboard.press("ControlOrMeta+K");
  await expect(page.getByRole("combobox").last()).toBeFocused();
  await page.keyboard.type("Databases");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/databases/);
  await keys.press(page.getByRole("link", { name: /Register/ }).first());
  await expect(page).toHaveURL(/\/databases\/new/);
  await keys.type(page.getByLabel("Name", { exact: true }), "library");
  await keys.type(page.getByLabel("Host", { exact: true }), source.host);
  await keys.type(page.getByLabel("Port", { exact: true }), String(source.port));
  await keys.type(page.getByLabel("Database", { exact: true }), "library");
  await keys.choose(page.getByRole("radio", { name: "disable" }));
  await keys.type(
    page.getByLabel("Connectors' user", { exact: true }),
    "vault://secret/connectors/library#username",
  );
  await keys.type(
    page.getByLabel("Connectors' password", { exact: true }),
    "vault://secret/connectors/library#password",
  );
  await keys.type(
    page.getByLabel("Headgate's read-only user", { exact: true }),
    "vault://secret/headgate/library#username",
  );
  await keys.type(
    page.getByLabel("Headgate's read-only password", { exact: true }),
    "vault://secret/headgate/library#password",
  );
  await keys.press(page.getByRole("button", { name: "Register" }));
  await expect(page).toHaveURL(/\/databases\/[0-9a-f-]{36}/);

  await openPage(page, "/connectors/new");
  await keys.choose(page.getByRole("radio", { name: "PostgreSQL source" }));
  await keys.type(page.getByLabel("Name", { exact: true }), "library-source");
  await keys.choose(page.getByRole("radio", { name: /^library/ }));
  await keys.press(page.getByRole("button", { name: "Next" }));
  await expect(page.getByText(/PostgreSQL 18/).first()).toBeVisible();
  await keys.press(page.getByRole("button", { name: "Next" }));
  await keys.tick(page.getByRole("checkbox", { name: /tables of public/ }));
  await keys.press(page.getByRole("button", { name: "Next" }));
  await expect(page.getByLabel("Prefix of the topics")).toBeVisible();
  await keys.press(page.getByRole("button", { name: "Next" }));
  await keys.press(page.getByRole("button", { name: "Propose plan" }));
  await expect(page).toHaveURL(/\/plans\//);
  await keys.press(page.getByRole("button", { name: "Start" }));
  await expect(page.getByRole("dialog")).toBeVisible();
  await keys.press(page.getByRole("dialog").locator("button[type=submit]"));
  await expect(page.getByText(/succeeded/i).first()).toBeVisible({ timeout: 150_000 });

  await page.goto("/connectors/lab/library-source");
  await expect(
    page
      .getByRole("main")
      .getByText(/healthy/)
      .first(),
  ).toBeVisible({ timeout: 60_000 });
  await keys.press(page.getByRole("button", { name: "Pause" }));
  await expect(page.getByRole("dialog")).toBeVisible();
  await keys.press(page.getByRole("dialog").locator("button[type=submit]"));
  await expect(
    page
      .getByRole("main")
      .getByText(/paused/)
      .first(),
  ).toBeVisible({ timeout: 30_000 });
});
