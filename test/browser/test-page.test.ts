/** The customer's test page and the page to approve, as people use them: on a phone, by the keyboard, with and without JavaScript. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { eventually } from '../activities/signed-agreement';
import type { WorkflowPage } from '../helpers/browser';
import { describeInBrowser, openBrowser, openWorkflow, shootPage } from '../helpers/browser';
import type { LiveTest } from '../worker/intake/live-test';
import { openTest } from '../worker/intake/live-test';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A picture of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Finding {
  id: string;
  impact: string;
  nodes: { target: string[] }[];
}
/** What an automated check of accessibility finds that is serious, as `rule: place`. */
async function findings(page: Page): Promise<string[]> {
  // The page allows no script: the check is run past that, by the browser's own protocol.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: Finding[] }>('axe.run(document)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

describeInBrowser('the customer tests and approves an upgrade', () => {
  let test: LiveTest;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    [test, browser] = await Promise.all([openTest(), openBrowser()]);
    await test.reachTest();
  });
  afterAll(async () => {
    await browser.close();
    await test.close();
  });
  afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));

  const phone = async (url: string, more: object = {}): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      javaScriptEnabled: false,
      locale: 'sv-SE',
      ...more,
    });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(url);
    return page;
  };
  const one = (page: Page, title: string): Locator =>
    page.locator('.case').filter({ has: page.locator('summary', { hasText: title }) });
  const stateOf = (page: Page, title: string): Promise<string> =>
    one(page, title).locator('.state').innerText();
  const press = (page: Page, title: string, name: string): Promise<void> =>
    one(page, title).getByRole('button', { name, exact: true }).click();
  const picture = (
    name: string,
    bytes: Buffer | string,
  ): { name: string; mimeType: string; buffer: Buffer } => ({
    ...{ name, mimeType: 'image/png', buffer: Buffer.from(bytes as string) },
  });

  it('two people at once each see what the other did, and nothing is lost', async () => {
    const johan = await phone(await test.linkTo('test', 'johan'));
    const maria = await phone(await test.linkTo('test', 'maria'));
    await one(johan, 'Registrera en kundorder').locator('summary').click();
    await press(johan, 'Registrera en kundorder', 'Fungerar');
    expect(await one(johan, 'Registrera en kundorder').getByRole('status').innerText()).toContain('fungerar');
    // The next one stands open below it, within sight.
    await one(johan, 'Kreditera en faktura').getByRole('button', { name: 'Fungerar', exact: true }).waitFor();
    await johan.waitForFunction('scrollY > 0');

    await one(maria, 'Registrera en kundorder').locator('summary').click();
    await one(maria, 'Registrera en kundorder').getByLabel('Kommentar').fill('rabatten saknas');
    await press(maria, 'Registrera en kundorder', 'Fungerar inte');
    expect(await maria.getByRole('alert').innerText()).toContain('Johan Lind har rapporterat ”fungerar”');
    expect(await one(maria, 'Registrera en kundorder').getByLabel('Kommentar').inputValue()).toBe(
      'rabatten saknas',
    );
    await press(maria, 'Registrera en kundorder', 'Fungerar inte');
    expect(await one(maria, 'Registrera en kundorder').getByRole('status').innerText()).toMatch(
      /registrerat .*Anna Berg har fått veta det och återkommer/,
    );
    await shootPage(maria, 'test-page', 1_560);
    await johan.reload();
    expect(await stateOf(johan, 'Registrera en kundorder')).toBe('fungerar inte');

    // From a page that the browser has kept, another case is saved; what is sent twice is answered once.
    await johan.goBack();
    await one(johan, 'Kreditera en faktura').locator('summary').click();
    await press(johan, 'Kreditera en faktura', 'Fungerar');
    await one(johan, 'Kreditera en faktura').getByRole('status').waitFor();
    await johan.reload();
    expect(await stateOf(johan, 'Kreditera en faktura')).toBe('fungerar');
  });

  it('pictures too large, and none, are told apart; a script in a comment is words', async () => {
    const page = await phone(await test.linkTo('test', 'johan'), { javaScriptEnabled: true });
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => dialogs.push(dialog.message())));
    const vat = one(page, 'Ta fram momsrapporten');
    await vat.locator('summary').click();
    await vat.getByLabel('Kommentar').fill('<img src=x onerror=alert(1)><script>alert(2)</script>');
    const large = Buffer.concat([png, Buffer.alloc(20 * 1024 * 1024)]);
    await vat
      .getByLabel('Bilder')
      .setInputFiles([picture('bra.png', png), picture('stor.png', large), picture('brev.png', 'Hej')]);
    await press(page, 'Ta fram momsrapporten', 'Fungerar inte');
    const alert = await page.getByRole('alert').innerText();
    expect(alert).toContain('Bilden stor.png är för stor');
    expect(alert).toContain('brev.png är ingen bild');
    expect(await vat.getByLabel('Kommentar').inputValue()).toContain('<script>');
    await press(page, 'Ta fram momsrapporten', 'Fungerar inte');
    await vat.getByRole('status').waitFor();
    expect(await vat.locator('.said').innerText()).toContain('<script>alert(2)</script>');
    const drawn = `(async (img) => (await img.decode(), img.naturalWidth))(document.querySelector('.said img'))`;
    expect(await page.evaluate(drawn)).toBe(1);
    expect(dialogs).toEqual([]);
  });

  it('the keyboard is enough, and an answer of ours stands open', async () => {
    await test.say('testAnswered', { case: 'vat.1', note: 'perioden är rättad', retest: true });
    const page = await phone(await test.linkTo('test', 'johan'));
    const vat = one(page, 'Ta fram momsrapporten');
    expect(await vat.locator('.state').innerText()).toBe('testa igen');
    expect(await vat.locator('.said').innerText()).toMatch(
      /Anna Berg svarar, .*: testa igen\s+perioden är rättad/,
    );
    const wanted = vat.getByRole('button', { name: 'Fungerar', exact: true });
    for (let presses = 0; presses < 60; presses++) {
      if ((await wanted.and(page.locator(':focus')).count()) === 1) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await vat.getByRole('status').waitFor();
    expect(await vat.locator('.state').innerText()).toBe('fungerar');
  });

  it('a tester is invited, sees only their cases, and nothing once removed', async () => {
    const johan = await phone(await test.linkTo('test', 'johan'));
    await johan.getByText('Bjud in en testare').click();
    await johan.getByLabel('Namn').fill('Eva Åkesson');
    await johan.getByLabel('Mejladress').fill('eva@testbolaget.example.com');
    await johan.getByLabel('Moms').check();
    await johan.getByRole('button', { name: 'Bjud in', exact: true }).click();
    await johan.getByRole('heading', { name: 'Inbjudan är på väg' }).waitFor();
    const link = await test.testerLink('tester-1', 'eva@testbolaget.example.com');
    const eva = await phone(link);
    expect(await eva.locator('.case').count()).toBe(1);
    expect(await eva.getByText('Testare', { exact: true }).count()).toBe(0);
    await johan.getByRole('link', { name: 'Tillbaka till testfallen' }).click();
    await johan.getByRole('button', { name: 'Ta bort Eva Åkesson' }).click();
    await eva.reload();
    expect(await eva.locator('h1').innerText()).toBe('Du är inte längre testare');
    await eva.goto(`${test.intake.url}/pages/forged`);
    expect(await eva.locator('h1').innerText()).toBe('Länken gäller inte');
  });

  it.each(['light', 'dark'] as const)(
    'nothing serious is found, nothing is wider than the phone, and thumbs hit what they press, in the %s',
    async (colorScheme) => {
      for (const [purpose, person] of [
        ['test', 'johan'],
        ['approval', 'karin'],
      ] as const) {
        const page = await phone(await test.linkTo(purpose, person), {
          javaScriptEnabled: true,
          colorScheme,
        });
        await page.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);
        expect(await findings(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
        const small = await page.evaluate(
          `[...document.querySelectorAll('button, summary, select, textarea, input:not([type=hidden]):not([type=checkbox])')]
             .filter((each) => each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)`,
        );
        expect(small).toEqual([]);
      }
    },
  );

  describe('three test, while the consultant works in the Web UI', () => {
    const [order, vat] = ['Registrera en kundorder', 'Ta fram momsrapporten'];
    const [create, read] = ['Skapa en betalfil', 'Läs in en fil med inbetalningar'];
    let consultant: WorkflowPage;
    beforeAll(async () => {
      consultant = await openWorkflow(browser, test.live.link(test.agreement));
    });
    afterAll(() => consultant.close());

    /** The link in the newest mail to somebody that has it. */
    const mailedTo = async (person: string, button: string): Promise<string> => {
      const link = new RegExp(`^${button}: (http\\S+)$`, 'm');
      const found = (): string | undefined =>
        test.live.mailbox.mails
          .filter(({ to }) => JSON.stringify(to).includes(`${person}@`))
          .findLast(({ text }) => link.test(text ?? ''))?.text;
      await eventually(`a mail to ${person}: ${button}`, () => found() !== undefined);
      return link.exec(found() ?? '')?.[1] ?? '';
    };
    const invite = async (page: Page, name: string, person: string, processes: string[]): Promise<Page> => {
      await page.getByText('Bjud in en testare').click();
      await page.getByLabel('Namn').fill(name);
      await page.getByLabel('Mejladress').fill(`${person}@testbolaget.example.com`);
      for (const process of processes) await page.getByLabel(process).check();
      await page.getByRole('button', { name: 'Bjud in', exact: true }).click();
      await page.getByRole('link', { name: 'Tillbaka till testfallen' }).click();
      return phone(await mailedTo(person, 'Öppna testet'));
    };
    const unfold = async (page: Page, title: string): Promise<void> => {
      const details = one(page, title).locator('details');
      if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
    };
    const report = async (page: Page, title: string, name: string): Promise<string> => {
      await unfold(page, title);
      await press(page, title, name);
      return one(page, title).getByRole('status').innerText();
    };
    const send = async (name: string, input: object): Promise<void> => {
      expect(await consultant.signal(name, JSON.stringify(input))).toEqual({ taken: 'Workflow signaled.' });
    };
    const approveAs = async (page: Page, name: string): Promise<void> => {
      await page.getByRole('button', { name: 'Skicka koden' }).click();
      const sent = test.live.mailbox.mails.findLast(({ text }) => /^\d{6}$/m.test(text ?? ''));
      await page.getByLabel('Kod').fill(/^\d{6}$/m.exec(sent?.text ?? '')?.[0] ?? '');
      await page.getByRole('button', { name: 'Fortsätt' }).click();
      await page.getByLabel(`Jag, ${name}, godkänner`).check();
      await page.getByRole('button', { name: 'Godkänn uppgraderingen' }).click();
      await page.getByText(new RegExp(`^Godkänd av ${name} .* Kontrollsumma [0-9a-f]{12}\\.$`)).waitFor();
      expect(await page.getByRole('button').count()).toBe(0);
    };

    it('one fails, is answered and tested again, and the last report closes the test', async () => {
      const johan = await phone(await test.linkTo('test', 'johan'));
      const petra = await invite(johan, 'Petra Åkerlund', 'petra', ['Order till faktura', 'Filer']);
      const adam = await invite(johan, 'Adam Öberg', 'adam', ['Filer', 'Lager']);
      expect(await report(petra, order, 'Fungerar')).toContain('fungerar');

      await unfold(petra, create);
      await one(petra, create).getByLabel('Kommentar').fill('filen saknar datum');
      await one(petra, create)
        .getByLabel('Bilder')
        .setInputFiles([picture('fil.png', png)]);
      expect(await report(petra, create, 'Fungerar inte')).toContain('Anna Berg har fått veta det');
      await unfold(adam, create);
      await press(adam, create, 'Fungerar');
      expect(await adam.getByRole('alert').innerText()).toContain('Petra Åkerlund har rapporterat');
      expect(await report(adam, 'Boka in en leverans', 'Gäller inte oss')).toContain('gäller inte er');

      await consultant.detailsWith(/bank-files\.1\)\s+underkänd\s+tester-\d/);
      const answer = JSON.parse(await consultant.example('testAnswered')) as object;
      expect(answer).toMatchObject({ case: 'bank-files.1', note: '', retest: true });
      await send('testAnswered', { ...answer, note: 'formatet är rättat' });
      await eventually('the answer is mailed', () =>
        test.live.mailbox.mails.some(({ text }) => text?.includes('Anna Berg: formatet är rättat')),
      );
      for (const page of [petra, adam]) {
        await page.reload();
        expect(await stateOf(page, create)).toBe('testa igen');
        expect(await one(page, create).locator('.said').innerText()).toContain('formatet är rättat');
      }
      expect(await report(adam, create, 'Fungerar')).toContain('fungerar');

      await send('upgradePartChecked', { phase: 'test', part: 'session', on: test.yesterday });
      await johan.reload();
      const isUntested = johan.locator('.state', { hasText: 'inte testat' });
      const untested = johan.locator('.case').filter({ has: isUntested }).locator('.title');
      for (const title of await untested.allInnerTexts())
        if (title !== read) await report(johan, title, 'Fungerar');
      expect(await johan.locator('main').innerText()).toContain('14 av 15 testade');
      expect(await report(adam, read, 'Fungerar')).toContain('fungerar');
      for (const page of [adam, petra, johan]) {
        await page.reload();
        expect(await page.locator('main').innerText()).toContain('Testet är klart.');
      }
    });

    it('the system owner approves; a case that fails by telephone asks the management anew', async () => {
      const johan = await phone(await test.linkTo('approval', 'johan'));
      await shootPage(johan, 'approval-page', 1_560);
      await approveAs(johan, 'Johan Lind');
      await send('customerTested', { case: 'vat.1', ok: false, note: 'momsen avviker', by: 'contact-3' });
      await consultant.detailsWith(/vat\.1\)\s+underkänd/);
      await johan.reload();
      expect(await johan.locator('main').innerText()).toContain('Testledning pågår');
      await johan.goto(await test.linkTo('test', 'johan'));
      await unfold(johan, vat);
      await one(johan, vat).getByLabel('Kommentar').fill('rätt efter omstart');
      expect(await report(johan, vat, 'Fungerar')).toContain('fungerar');
      const karin = await phone(await test.linkTo('approval', 'karin'));
      await karin.getByText(/Johan Lind godkände .* men resultatet har ändrats/).waitFor();
      await approveAs(karin, 'Karin Ek');
    });
  });
});
