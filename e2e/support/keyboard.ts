import { expect, type Locator, type Page } from "@playwright/test";

/** A person without a mouse: everything goes through Tab, arrows, Space, Enter and typing. */
export function keyboardOf(page: Page) {
  const isFocused = (target: Locator) =>
    target.evaluate((element) => element === document.activeElement).catch(() => false);

  async function reach(target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    for (let presses = 0; presses < 150; presses += 1) {
      if (await isFocused(target)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab never reached ${target}`);
  }

  return {
    reach,
    async press(target: Locator): Promise<void> {
      await reach(target);
      await page.keyboard.press("Enter");
    },
    async type(target: Locator, text: string): Promise<void> {
      await reach(target);
      await page.keyboard.press("ControlOrMeta+A");
      await page.keyboard.type(text);
    },
    async tick(target: Locator): Promise<void> {
      await reach(target);
      await page.keyboard.press("Space");
      await expect(target).toBeChecked();
    },
    /** Tab reaches a group of radio buttons at its chosen one; arrows choose another. */
    async choose(target: Locator): Promise<void> {
      await expect(target).toBeVisible();
      const inGroup = () =>
        target.evaluate((wanted) => {
          const active = document.activeElement;
          return (
            active instanceof HTMLInputElement &&
            wanted instanceof HTMLInputElement &&
            active.type === "radio" &&
            active.name === wanted.name
          );
        });
      for (let presses = 0; presses < 150 && !(await inGroup()); presses += 1)
        await page.keyboard.press("Tab");
      if (!(await inGroup())) throw new Error(`Tab never reached the group of ${target}`);
      if (await target.isChecked()) return;
      await page.keyboard.press("Space");
      for (let presses = 0; presses < 20 && !(await target.isChecked()); presses += 1)
        await page.keyboard.press("ArrowDown");
      await expect(target).toBeChecked();
    },
  };
}
