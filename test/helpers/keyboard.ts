/** Uses a page by the keyboard alone. */
import type { Locator, Page } from 'playwright-core';

/** Most presses of Tab that anything on a page takes. */
const mostPresses = 60;

/** Presses Tab until the focus is where it is wanted. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let presses = 0; presses < mostPresses; presses++) {
    if ((await wanted.and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`expected the keyboard to reach ${String(wanted)}, but it did not`);
}

export async function press(page: Page, wanted: Locator): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press('Enter');
}

export async function write(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, page.getByLabel(label));
  await page.keyboard.type(text);
}
