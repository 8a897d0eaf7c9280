/** The worksheet of an upgrade as a consultant uses it: on a phone, without JavaScript, by the keyboard. */
import type { Browser, Locator, Page } from 'playwright-core';
import { describeInBrowser, openBrowser, shootPage } from '../helpers/browser';
import type { LiveWorksheet } from '../worker/intake/live-worksheet';
import { openWorksheet } from '../worker/intake/live-worksheet';

describeInBrowser('the worksheet on a phone, without JavaScript', () => {
  let sheet: LiveWorksheet;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [sheet, browser] = await Promise.all([openWorksheet(), openBrowser()]);
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      javaScriptEnabled: false,
      locale: 'sv-SE',
    });
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await sheet.close();
  });

  const part = (name: string | RegExp): Locator => page.getByRole('group', { name });
  const press = (name: string): Promise<void> => page.getByRole('button', { name }).click();

  it('a consultant completes a phase after a slip, and reports a part of the next that failed', async () => {
    await page.goto(sheet.url);
    await part(/Stopp och ändringsstopp/)
      .getByLabel('godkänd')
      .check();
    await page.getByLabel('Anteckning om hela fasen').fill('Karin vill ha en lördag');
    await press('Avsluta fasen');
    expect(await page.getByRole('alert').innerText()).toContain('dagen som kunden godtagit');
    expect(await page.getByLabel('Anteckning om hela fasen').inputValue()).toBe('Karin vill ha en lördag');
    await page.getByLabel('Dag överenskommen med kunden').fill(sheet.agreed);
    await press('Avsluta fasen');
    await page.getByRole('heading', { name: 'Nu: Förkontroll' }).waitFor();

    await part(/Säkerhetskopia/)
      .getByLabel('godkänd')
      .check();
    const space = part(/Ledigt utrymme/);
    await space.getByLabel('underkänd').focus();
    await page.keyboard.press('Space');
    await space.getByLabel('Anteckning').fill('driften lägger till 40 GB på torsdag');
    // The first button is what Enter presses: it only reports.
    await page.keyboard.press('Enter');
    await page.getByRole('status').waitFor();
    expect(await page.getByRole('row', { name: /Ledigt utrymme/ }).innerText()).toContain('underkänd');
    expect(await space.getByLabel('underkänd').isChecked()).toBe(true);
    await shootPage(page, 'worksheet', 1_560);
  });

  it('what can be pressed is large enough for a thumb, and nothing is wider than the phone', async () => {
    await page.goto(sheet.url);
    for (const one of await page
      .locator('button, summary, select:visible, input:visible, label.check')
      .all()) {
      if ((await one.getAttribute('type')) === 'radio' || (await one.getAttribute('type')) === 'checkbox')
        continue;
      const box = await one.boundingBox();
      expect([await one.innerText(), (box?.height ?? 0) >= 44]).toEqual([await one.innerText(), true]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});
