/** "Mitt avtal" as a customer uses it: on a phone, without JavaScript, by the keyboard alone. */
import ICAL from 'ical.js';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { keepAnswer } from '../../activities/pages/answers';
import { revokeLinks } from '../../activities/pages/links';
import { describeInBrowser, openBrowser, shootPage } from '../helpers/browser';
import { press, tabTo, write } from '../helpers/keyboard';
import { accessFaults } from '../helpers/looked-at';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import type { holders } from '../worker/intake/agreement-world';
import { agreementLink, fillAgreement, secrets } from '../worker/intake/agreement-world';
import type { Listening } from '../worker/intake/listening';
import { clock, listen, minutes, morning } from '../worker/intake/listening';
import { codeMail, sendKeptStatement } from '../worker/intake/statement-links';

describeInBrowser('the customer’s page', () => {
  let database: FreshDatabase;
  let mailbox: Mailbox;
  let intake: Listening;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  const phone = { viewport: { width: 390, height: 844 }, locale: 'sv-SE' };
  beforeAll(async () => {
    [database, mailbox, browser] = await Promise.all([freshDatabase(), openMailbox(), openBrowser()]);
    await fillAgreement(database.db);
    await sendKeptStatement(database.db, mailbox.smtpUrl);
    intake = await listen(database.db, { mail: codeMail(mailbox.smtpUrl), answerWithin: 100 });
  });
  beforeEach(async () => {
    clock.now = morning;
    await database.db.query(`update outbox set done_at = now() where kind = 'page'`);
    context = await browser.newContext({ ...phone, javaScriptEnabled: false });
    page = await context.newPage();
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser.close();
    await intake.stop();
    await Promise.all([database.close(), mailbox.close()]);
  });
  const linkOf = (who: keyof typeof holders, more = {}): Promise<string> =>
    agreementLink(database.db, intake.url, who, more);
  const text = async (): Promise<string> =>
    (await page.locator('main').innerText()).replaceAll('\u00a0', ' ');
  const shows = (title: string): Promise<void> =>
    page.getByRole('heading', { level: 1, name: title }).waitFor();
  const told = async (): Promise<{ signal?: string; input?: object; event?: number; link?: number }[]> =>
    (
      await database.db.query<{ payload: object }>(
        `select payload from outbox where kind = 'page' and done_at is null order by id`,
      )
    ).map(({ payload }) => payload);
  const revoke = (purpose: string): Promise<unknown> =>
    database.db.transaction(async (tx) => {
      const ids = await tx.query<{ id: number }>('select id from page_links where purpose = $1', [purpose]);
      return revokeLinks(
        tx,
        ids.map(({ id }) => id),
        { by: 'erik', at: new Date(clock.now).toISOString() },
      );
    });
  /** Every address that a page leads to, with the page itself. */
  const allOf = async (url: string): Promise<string[]> => {
    const html = await (await fetch(url)).text();
    return [
      url,
      ...[...html.matchAll(/href="(\?[^"]+)"/g)].map(([, query]) => url + query!.replace('&amp;', '&')),
    ];
  };

  it('shows how the agreement stands, as of when, and what is not reported', async () => {
    await page.goto(await linkOf('johan'));
    await shows('Mitt avtal, Testbolaget AB');
    const said = await text();
    for (const words of [
      ...[
        'avtalsår 1: 1 jan 2027 – 31 dec 2027. Så här står det till 10 mars 2027 10:00',
        'hållet 10 feb 2027',
      ],
      ...['7 timmar 15 minuter utöver timbanken väntar på er beställning', 'planerat, inte bokat'],
      ...[
        'inte rapporterat än',
        'Tekniskt arbete\t126:00',
        '17.0 → 18.10.0',
        'Order från webshop\tfungerar inte',
      ],
      ...['Tjänsterna svarar\tinte uppsatt än', 'Senast rapporterat 1 feb 2027', '1, väntar på svar\t1:15'],
      ...['Byta rapport', 'Support: 08-123 45 67, support@pector.example, helgfria vardagar kl. 08:30–16:30'],
    ])
      expect(said).toContain(words);
    await page.goto(await linkOf('johan', { language: 'en' }));
    await shows('My agreement, Testbolaget AB');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('shows nobody what is ours or others’: no hosts, paths, notes, risks, places or other customers', async () => {
    for (const who of ['karin', 'johan', 'maria'] as const)
      for (const language of ['sv', 'en'] as const)
        for (const url of await allOf(await linkOf(who, { language }))) {
          const html = await (await fetch(url)).text();
          expect(secrets.filter((one) => html.includes(one))).toEqual([]);
          expect(html).not.toMatch(/<script>|<b>prislistan/);
        }
    // They are there: in the page's own agreement, and in that of another customer.
    const [row] = await database.db.query<{ all: string }>(
      `select string_agg(t::text, ' ') as all from (select contract::text t from agreements union all select watched::text from monitors
         union all select detail from attention union all select place from meetings union all select text from notes) x`,
    );
    expect(secrets.slice(0, 10).filter((one) => !row!.all.includes(one.replaceAll('\\', '\\\\')))).toEqual(
      [],
    );
  });

  it('shows prices to management with a code, and none to the system owner', async () => {
    await page.goto(await linkOf('johan'));
    expect(await text()).not.toMatch(/ kr\b|priser/i);
    await page.goto(await linkOf('karin'));
    expect(await text()).not.toContain(' kr');
    await press(page, page.getByRole('button', { name: 'Skicka koden' }));
    await page.getByLabel('Kod').waitFor();
    await write(page, 'Kod', /^\d{6}$/m.exec(mailbox.mails.at(-1)?.text ?? '')?.[0] ?? '');
    await page.keyboard.press('Enter');
    await page.getByText('Priserna visas i en timme').waitFor();
    expect(await text()).toMatch(/Timpris i timbanken\t1 232,50 kr/);
    await press(page, page.getByRole('link', { name: 'Timbanksbesked per' }));
    expect(await page.getByRole('link', { name: 'Beskedet som PDF' }).getAttribute('href')).toContain(
      'file=pdf',
    );
    const pdf = `${page.url()}&file=pdf`;
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join(';');
    expect((await fetch(pdf, { headers: { cookie } })).headers.get('content-type')).toBe('application/pdf');
    expect((await fetch(pdf)).headers.get('content-type')).toContain('text/html');
    await press(page, page.getByRole('link', { name: 'Tillbaka till Mitt avtal' }));
    await shows('Mitt avtal, Testbolaget AB');
  });

  it('gives the report of the upgrade, in the language that it was made in', async () => {
    await page.goto(await linkOf('johan', { language: 'en' }));
    const link = page.getByRole('link', { name: 'Report of the upgrade, agreement year 1, 10 Feb 2027' });
    const answer = await fetch(page.url() + (await link.getAttribute('href'))!);
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      ...['application/pdf', 'the report of an upgrade'],
    ]);
    expect((await fetch(`${page.url()}?report=9`)).headers.get('content-type')).toContain('text/html');
  });

  it('opens nothing to who only tests, nor what is of another agreement', async () => {
    await page.goto(await linkOf('tove'));
    await shows('Länken gäller inte längre');
    const johan = await linkOf('johan');
    for (const query of ['?statement=999', '?minutes=2/meeting-1', '?minutes=1/meeting-2']) {
      await page.goto(johan + query);
      await shows('Sidan finns inte längre');
    }
    const other = await linkOf('johan', { of: 'grannbolaget-2027' });
    expect((await fetch(`${other}?statement=1`)).status).toBe(410);
    // The contents of one token with the signature of another.
    const forged = `${other.slice(0, other.lastIndexOf('.'))}${johan.slice(johan.lastIndexOf('.'))}`;
    await page.goto(forged);
    await shows('Länken gäller inte');
    expect(await text()).not.toContain('pector.example');
  });

  it('says of a link that has expired or was revoked how to reach us', async () => {
    const url = await linkOf('maria');
    clock.now = morning + minutes(181 * 24 * 60);
    await page.goto(url);
    await shows('Länken har gått ut');
    expect(await text()).toContain('Anna Berg');
    expect(await text()).toContain('08-123 45 67, support@pector.example, helgfria vardagar kl. 08:30–16:30');
    clock.now = morning;
    await revoke('agreement');
    await page.goto(url);
    await shows('Länken är återkallad');
    await page.goto(await linkOf('maria'));
    await shows('Mitt avtal, Testbolaget AB');
  });

  it('takes one’s own action as done, asks the agreement, and shows its answer', async () => {
    await page.goto(await linkOf('johan'));
    await press(page, page.getByRole('button', { name: 'Klart', description: 'prislistan' }));
    await page.getByText('avtalet har inte svarat än').waitFor();
    const [asked] = await told();
    expect(asked).toMatchObject({
      updates: [{ signal: 'actionDone', input: { action: '1', by: 'contact-2' } }],
    });
    await keepAnswer(
      database.db,
      { event: asked!.event!, link: asked!.link! },
      { taken: 1 },
      new Date(morning).toISOString(),
    );
    await page.reload();
    await page.getByText('åtgärden är klar').waitFor();

    await page.goto(await linkOf('maria'));
    await shootPage(page, 'my-agreement', 1_560);
    // What is nobody's by name is everybody's.
    expect(await page.getByRole('button', { name: 'Klart' }).count()).toBe(1);
    // The neighbour's, and one that is somebody else's.
    for (const action of ['x9', '1']) {
      const form = await page.locator('input[name=form]').first().getAttribute('value');
      const body = new URLSearchParams({ do: 'action-done', form: form!, action });
      const answer = await fetch(page.url(), { method: 'POST', body });
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('inte din')]);
    }
    expect(await told()).toHaveLength(1);
  });

  it('takes a request after a slip, once, by the keyboard, and tells the agreement nothing of what was written', async () => {
    await page.goto(await linkOf('johan'));
    await press(page, page.getByText('Föreslå en annan tid för ett möte'));
    await tabTo(page, page.getByRole('combobox'));
    await page.keyboard.type('F');
    await press(page, page.locator('details[open]').getByRole('button', { name: 'Skicka' }));
    await press(page, page.getByRole('alert').getByRole('link', { name: 'Välj en dag' }));
    await page.keyboard.type('2027-05-20');
    await page.getByLabel('Önskad dag').and(page.locator('#newOn')).fill('2027-05-20');
    await tabTo(page, page.getByLabel('Något vi bör veta'));
    await page.keyboard.type('<script>alert("Kalle Kula är ledig")</script>');
    await press(page, page.locator('details[open]').getByRole('button', { name: 'Skicka' }));
    await shows('Tack, det är skickat');
    await page.reload();
    await shows('Tack, det är skickat');
    expect(await told()).toEqual([
      {
        signal: 'customerAsks',
        input: {
          ...{ kind: 'time', meeting: 'meeting-2', on: '2027-05-20', contact: 'contact-2' },
          ref: expect.stringMatching(/^page-\d+$/) as string,
        },
      },
    ]);
    await page.goto(await linkOf('maria'));
    await page
      .getByText('En annan tid för förvaltningsmöte 2 (20 maj 2027), Johan Lind 10 mars 2027')
      .waitFor();
    expect(await text()).toContain('väntar på Anna Berg');
    expect(await text()).not.toContain('Kula');
    const { ref } = (await told())[0]!.input as { ref: string };
    await database.db.query(
      `insert into attention values ('testbolaget-2027', 'customer-asks', $1, 'x', $2, $2)`,
      [ref, new Date(morning).toISOString()],
    );
    await page.reload();
    await page.getByText('omhändertaget 10 mars 2027').waitFor();
  });

  it.each<[string, string, [string, string][], object]>([
    [
      'a meeting',
      'Be om ett möte',
      [['Vad det ska handla om', 'ny webshop']],
      { kind: 'meeting', contact: 'contact-2' },
    ],
    [
      'that a contact is put right',
      'En kontakt har ändrats',
      [['Vad som har ändrats', 'Ny ekonomichef från maj']],
      { kind: 'contact', contact: 'contact-2' },
    ],
  ])('asks for %s, and the back button leads back', async (_what, summary, fields, input) => {
    await page.goto(await linkOf('johan'));
    await press(page, page.getByText(summary));
    for (const [label, words] of fields) await write(page, label, words);
    await press(page, page.locator('details[open]').getByRole('button', { name: 'Skicka' }));
    await shows('Tack, det är skickat');
    await page.goBack();
    await shows('Mitt avtal, Testbolaget AB');
    expect(await told()).toMatchObject([{ signal: 'customerAsks', input }]);
  });

  it('is subscribed to as a calendar that tells titles alone, is not sent twice, and can be revoked', async () => {
    await page.goto(await linkOf('johan'));
    await press(page, page.getByRole('button', { name: 'Skapa en kalenderlänk' }));
    await shows('Kalenderlänken är klar');
    await press(page, page.getByRole('link', { name: 'Tillbaka' }));
    const address = await page.getByLabel('Kalenderns adress').inputValue();
    const first = await fetch(address);
    expect(first.headers.get('content-type')).toContain('text/calendar');
    const calendar = await first.text();
    const events = new ICAL.Component(ICAL.parse(calendar) as string).getAllSubcomponents('vevent');
    const summaries = events.map((one) => String(one.getFirstPropertyValue('summary')));
    expect(summaries).toContain('Förvaltningsmöte 2');
    expect(new Set(events.map((one) => one.getFirstPropertyValue('uid'))).size).toBe(events.length);
    expect(calendar).not.toMatch(
      /Testbolaget|testbolaget|Anna|LOCATION|ORGANIZER|ATTENDEE|DESCRIPTION|\bkr\b/,
    );
    expect(secrets.filter((one) => calendar.includes(one))).toEqual([]);
    const again = await fetch(address, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await revoke('calendar');
    expect((await fetch(address)).status).toBe(410);
    await page.reload();
    await page.getByRole('button', { name: 'Skapa en kalenderlänk' }).waitFor();
  });

  it('of an agreement that has ended shows how it ended, and takes nothing', async () => {
    const url = await linkOf('johan');
    const form = /name="form" value="([^"]+)"/.exec(await (await fetch(url)).text())?.[1] ?? '';
    await database.db.query(`update agreements set state = 'ended' where number = 'testbolaget-2027'`);
    try {
      await page.goto(url);
      await page.getByText('Avtalet har upphört').waitFor();
      expect(await page.getByRole('button').count()).toBe(0);
      const body = new URLSearchParams({ do: 'contact-asked', form, changed: 'Ny chef' });
      const answer = await fetch(url, { method: 'POST', body });
      expect([answer.status, await answer.text()]).toEqual([
        400,
        expect.stringContaining('Skriv till Anna Berg'),
      ]);
      expect(await told()).toEqual([]);
    } finally {
      await database.db.query(`update agreements set state = 'live'`);
    }
  });

  it('changes nothing when it is looked at, as mail scanners do', async () => {
    const url = await linkOf('karin');
    const state = (): Promise<unknown> =>
      database.db.query(
        `select (select count(*) from outbox) as told, (select count(*) from page_links) as links, (select count(*) from page_codes) as codes,
                (select count(*) from page_events where event not in ('opened', 'refused')) as events`,
      );
    const before = await state();
    for (const each of await allOf(url)) {
      await fetch(each);
      await fetch(each, { method: 'HEAD' });
    }
    expect(await state()).toEqual(before);
  });

  it('fits a phone, runs no script, and an automated check of accessibility finds nothing serious', async () => {
    await context.close();
    context = await browser.newContext(phone);
    page = await context.newPage();
    let alerts = 0;
    page.on('dialog', (dialog) => {
      alerts += 1;
      void dialog.dismiss();
    });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const url of await allOf(await linkOf('johan'))) {
        if (url.includes('?report=')) continue;
        await page.goto(url);
        await page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = true))`);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        expect(await accessFaults(page)).toEqual([]);
      }
    }
    for (const one of await page.locator('a, button, input:not([type=hidden]), select, summary').all())
      expect((await one.boundingBox())?.height ?? 44).toBeGreaterThanOrEqual(44);
    expect(alerts).toBe(0);
  });
});
