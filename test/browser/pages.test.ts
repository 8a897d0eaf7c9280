/** Personal pages as a customer uses them: on a phone, without JavaScript, by the keyboard alone. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { revokeLinks } from '../../activities/pages/links';
import { describeInBrowser, openBrowser } from '../helpers/browser';
import { press, tabTo, write } from '../helpers/keyboard';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import type { Listening } from '../worker/intake/listening';
import { clock, listen, minutes, morning } from '../worker/intake/listening';
import {
  codeMail,
  linkTo,
  orderLink,
  reportBeyond,
  reportTwoUses,
  sendStatement,
} from '../worker/intake/statement-links';

describeInBrowser('personal pages on a phone, without JavaScript, by the keyboard', () => {
  let database: FreshDatabase;
  let mailbox: Mailbox;
  let intake: Listening;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    clock.now = morning;
    [database, mailbox, browser] = await Promise.all([freshDatabase(), openMailbox(), openBrowser()]);
    await reportTwoUses(database.db);
    await sendStatement(database.db, mailbox.smtpUrl);
    intake = await listen(database.db, { mail: codeMail(mailbox.smtpUrl) });
    context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      javaScriptEnabled: false,
      locale: 'sv-SE',
    });
    page = await context.newPage();
  });
  afterAll(async () => {
    await browser.close();
    await intake.stop();
    await Promise.all([database.close(), mailbox.close()]);
  });
  const karin = () => linkTo(database.db, intake.url, 'contact-1', 'karin.ek', 'management');
  const code = (): string => /^\d{6}$/m.exec(mailbox.mails.at(-1)?.text ?? '')?.[0] ?? '';
  const title = (): Promise<string> => page.locator('h1').innerText();

  it('a statement is read, a code asked for, mistyped and entered, and a line asked about', async () => {
    await page.goto(await karin());
    expect(await page.locator('html').getAttribute('lang')).toBe('sv');
    expect(await page.getByText('kr/tim').count()).toBe(0);

    await press(page, page.getByRole('button', { name: 'Skicka koden' }));
    await page.getByText('k…@testbolaget.example.com').waitFor();
    await write(page, 'Kod', '1');
    await page.keyboard.press('Enter');
    // The summary leads to the field.
    await press(page, page.getByRole('alert').getByRole('link', { name: 'sex siffror' }));
    await write(page, 'Kod', code());
    await page.keyboard.press('Enter');
    await page.getByText('Priserna visas i en timme').waitFor();
    expect(await page.getByText('kr/tim').count()).toBe(2);

    await press(page, page.getByRole('link', { name: 'Fråga om raden nr 1' }));
    await write(page, 'Din fråga', 'å'.repeat(1_001));
    await press(page, page.getByRole('button', { name: 'Skicka frågan' }));
    expect(await page.getByRole('alert').innerText()).toContain('du skrev 1001');
    expect(await page.getByLabel('Din fråga').inputValue()).toHaveLength(1_001);
    await tabTo(page, page.getByLabel('Din fråga'));
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Var det inte en timme?');
    await press(page, page.getByRole('button', { name: 'Skicka frågan' }));
    await page.getByRole('heading', { name: 'Tack, frågan är skickad' }).waitFor();
    await press(page, page.getByRole('link', { name: 'Tillbaka till beskedet' }));
    await page.getByText('Fråga ställd 10 mars 2027').waitFor();
    const [told] = await database.db.query<{ payload: { input: object } }>(
      `select payload from outbox where kind = 'page'`,
    );
    expect(told?.payload.input).toMatchObject({ entry: 1, question: 'Var det inte en timme?' });
  });

  it('what can be pressed is large enough for a thumb, and the focus is seen', async () => {
    await page.goto(await karin());
    for (const one of await page.locator('a, button, input:not([type=hidden])').all()) {
      const box = await one.boundingBox();
      expect([await one.innerText(), (box?.height ?? 0) >= 44]).toEqual([await one.innerText(), true]);
      await tabTo(page, one);
      expect(await page.evaluate(`getComputedStyle(document.activeElement).outlineWidth`)).toBe('3px');
    }
  });

  it('a link that is forwarded to a wrong role, revoked, expired or forged says what it is', async () => {
    await page.goto(await linkTo(database.db, intake.url, 'contact-2', 'johan.lind'));
    await page.getByText('rollen ledning eller ekonomi').waitFor();
    expect(await page.getByRole('button').count()).toBe(0);

    const revoked = await karin();
    await database.db.transaction(async (tx) => {
      const [last] = await tx.query<{ id: number }>('select max(id) as id from page_links');
      await revokeLinks(tx, [last!.id], { by: 'erik', at: new Date(morning).toISOString() });
    });
    await page.goto(revoked);
    expect(await title()).toBe('Länken är återkallad');
    await page.goto(`${intake.url}/pages/forged`);
    expect(await title()).toBe('Länken gäller inte');
    clock.now = morning + minutes(200 * 24 * 60);
    await page.goto(await karin());
    expect(await title()).toBe('Länken har gått ut');
    expect(await page.locator('main').innerText()).toContain('Anna Berg');
  });
});

describeInBrowser('hours beyond the bank on a phone, without JavaScript, by the keyboard', () => {
  let database: FreshDatabase;
  let mailbox: Mailbox;
  let intake: Listening;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    clock.now = morning;
    [database, mailbox, browser] = await Promise.all([freshDatabase(), openMailbox(), openBrowser()]);
    await reportBeyond(database.db);
    intake = await listen(database.db, { mail: codeMail(mailbox.smtpUrl) });
  });
  beforeEach(async () => {
    const viewport = { width: 390, height: 844 };
    const context = await browser.newContext({ viewport, javaScriptEnabled: false, locale: 'sv-SE' });
    page = await context.newPage();
    await database.db.query(`update outbox set done_at = now() where kind = 'page'`);
  });
  afterEach(() => page.context().close());
  afterAll(async () => {
    await browser.close();
    await intake.stop();
    await Promise.all([database.close(), mailbox.close()]);
  });
  /** What the workflow is told, newest last. */
  const told = async (): Promise<unknown[]> =>
    (
      await database.db.query<{ payload: unknown }>(
        `select payload from outbox where kind = 'page' and done_at is null order by id`,
      )
    ).map(({ payload }) => payload);
  const shows = (title: string): Promise<void> =>
    page.getByRole('heading', { level: 1, name: title }).waitFor();
  /** Opens a link of its own, and enters the code that is mailed. */
  const enter = async (): Promise<void> => {
    await page.goto(await orderLink(database.db, intake.url, 'contact-1', 'karin.ek', 'management'));
    await press(page, page.getByRole('button', { name: 'Skicka koden' }));
    await page.getByLabel('Kod').waitFor();
    await write(page, 'Kod', /^\d{6}$/m.exec(mailbox.mails.at(-1)?.text ?? '')?.[0] ?? '');
    await page.keyboard.press('Enter');
    await page.getByText('Du kan beställa i en timme').waitFor();
  };

  it('the link alone shows what waits, and neither price nor order', async () => {
    await page.goto(await orderLink(database.db, intake.url, 'contact-1', 'karin.ek', 'management'));
    const text = (await page.locator('main').innerText()).replaceAll('\u00a0', ' ');
    expect(text).toContain('6 timmar av vårt arbete sedan');
    expect(text).not.toContain(' kr');
    expect(await page.getByRole('button', { name: 'Beställ', exact: true }).count()).toBe(0);
    await page.goto(await orderLink(database.db, intake.url, 'contact-2', 'johan.lind'));
    await page.getByText('rollen ledning eller ekonomi').waitFor();
    expect(await told()).toEqual([]);
  });

  it('a contact asks to be called without a code', async () => {
    await page.goto(await orderLink(database.db, intake.url, 'contact-2', 'johan.lind'));
    await press(page, page.getByRole('button', { name: 'Ring mig' }));
    await shows('Tack, vi ringer');
    expect(await told()).toMatchObject([{ signal: 'callRequested', input: { contact: 'contact-2' } }]);
  });

  it.each<[string, () => Promise<void>, object]>([
    [
      'hours up to a cap, after a slip',
      async () => {
        await tabTo(page, page.getByLabel('Högst så många timmar'));
        await page.keyboard.press('Control+A');
        await page.keyboard.type('tio');
        await press(page, page.getByRole('button', { name: 'Beställ', exact: true }));
        await press(page, page.getByRole('alert').getByRole('link', { name: 'du skrev ”tio”' }));
        await page.keyboard.press('Control+A');
        await page.keyboard.type('7,5');
        await press(page, page.getByRole('button', { name: 'Beställ', exact: true }));
      },
      { kind: 'order', hours: '7:30', until: '2027-04-09' },
    ],
    [
      'a package',
      async () => {
        await press(page, page.getByRole('button', { name: 'Köp paketet' }));
        await page.getByRole('alert').waitFor();
        await tabTo(page, page.getByLabel('Ja, vi köper det'));
        await page.keyboard.press('Space');
        await press(page, page.getByRole('button', { name: 'Köp paketet' }));
      },
      { kind: 'package', hours: '20:00' },
    ],
    [
      'hours of the next year',
      async () => {
        await tabTo(page, page.getByLabel('Ja, vi tar dem från nästa år'));
        await page.keyboard.press('Space');
        await press(page, page.getByRole('button', { name: 'Ta från nästa år' }));
      },
      { kind: 'ahead', hours: '6:00' },
    ],
  ])('management orders %s', async (_what, order, input) => {
    await database.db.query('delete from page_codes');
    await database.db.transaction(async (tx) => {
      // What was ordered on the page before is on its way: other tests begin without it.
      await tx.query('set local session_replication_role = replica');
      await tx.query('delete from page_events');
    });
    await enter();
    expect(await page.getByText('7 395,00 kr').count()).toBeGreaterThan(0);
    await order();
    await shows('Tack för beställningen');
    expect(await told()).toMatchObject([
      { signal: 'hoursOrdered', input: { ...input, contact: 'contact-1' } },
    ]);
    await press(page, page.getByRole('link', { name: 'Tillbaka' }));
    await page.getByText('Ni behöver inte beställa igen').waitFor();
  });
});
