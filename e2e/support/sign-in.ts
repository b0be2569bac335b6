import { expect, type Page } from "@playwright/test";
import { demoPassword } from "#lab/oidc/accounts.ts";

export type DemoUser = "viewer" | "analyst" | "operator" | "engineer" | "security" | "admin" | "newcomer";

/** The whole way a person goes: Headgate's page, the provider's login, and back to where they wanted to be. */
export async function signIn(page: Page, user: DemoUser, path = "/"): Promise<void> {
  await page.goto(path);
  await page.getByRole("button", { name: /sign in/i }).click();
  await page.getByRole("radio", { name: new RegExp(`${user} ·`) }).check();
  await page.getByLabel("Password").fill(demoPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/\/sign-in|interaction/);
}
