import { expect, type Page } from "@playwright/test";

/** Goes there and waits until the page lives: what is typed or pressed before that is heard by nobody. */
export async function openPage(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByText("Updates: Live")).toBeVisible();
}
