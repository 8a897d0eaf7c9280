import type { NewLink } from '../../../activities/pages/links';
import { issueLinks, revokeLinks } from '../../../activities/pages/links';
import { signToken } from '../../../rules/engine/basics/signed-token';
import { exampleContract } from '../../helpers/example';
import { describeInBrowser, openBrowser } from '../../helpers/browser';
import { signAndPlan } from '../../activities/signed-agreement';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import type { Listening } from './listening';
import { agreement, clock, linkKey, listen, minutes, morning, openIncident, told, watch } from './listening';

let database: FreshDatabase;
let intake: Listening;
let incident: number;

const customerName = `<b>Bolaget</b> & "Söner"`;

beforeEach(async () => {
  clock.now = morning;
  database = await freshDatabase();
  const { customer } = exampleContract();
  await signAndPlan(database.db, { customer: { ...customer, name: customerName } });
  await watch(database.db, {
    id: 'order-import',
    kind: 'files',
    name: 'Import av order',
    folder: '/import',
  });
  incident = await openIncident(database.db, 'order-import', '<script>alert(1)</script> fastnade');
  intake = await listen(database.db);
});

afterEach(async () => {
  await intake.stop();
  await database.close();
});

const later = (count: number): string => new Date(morning + minutes(count)).toISOString();
let mails = 0;
type Changed = Partial<NewLink> & { incident?: number; key?: string };
/** The link of a mail to support, unless told otherwise. */
async function link({
  incident: about = incident,
  key = linkKey,
  ...changed
}: Changed = {}): Promise<string> {
  const links = { key, url: (token: string) => `${intake.url}/pages/${token}` };
  const to = { contact: 'support', recipient: 'support@pector.example', roles: [], language: 'sv' as const };
  const times = { issuedAt: later(0), expires: later(60) };
  const [url] = await issueLinks(database.db, links, [
    {
      ...{ agreement, purpose: 'alert-take', subject: `incident/${about}`, mail: `desk/${(mails += 1)}` },
      ...to,
      ...times,
      ...changed,
    },
  ]);
  return url!;
}
const pauseLink = (): Promise<string> => link({ purpose: 'alert-pause' });

interface Page {
  status: number;
  html: string;
  headers: Headers;
}

async function open(url: string | Promise<string>, init: RequestInit = {}): Promise<Page> {
  const answer = await fetch(await url, init);
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
}

/** Opens a page and sends its form. */
async function answer(
  url: string | Promise<string>,
  fields: Record<string, string> | [string, string][],
  init: RequestInit = {},
): Promise<Page> {
  const address = await url;
  const body = new URLSearchParams(fields);
  body.append('form', formOf(await open(address)));
  return open(address, { method: 'POST', body, ...init });
}

const formOf = ({ html }: Page): string => /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';

describe('an alert’s link that is followed', () => {
  it('says what it does, of whom, what and since when, and changes nothing', async () => {
    const { status, html } = await open(link());
    expect(status).toBe(200);
    expect(html).toContain('<h1>Ta hand om larmet</h1>');
    expect(html).toContain('Import av order');
    expect(html).toContain('nere');
    expect(html).toContain('10 mars 2027 10:00');
    expect(html).toContain(agreement);
    expect(html).toContain('<form method="post">');
    expect(html).toContain('value="support"');
    expect(await told(database.db)).toEqual([]);
  });

  it('shows what people and machines wrote as text', async () => {
    const { html } = await answer(link(), { by: '"><img src=x>' });
    expect(html).toContain('value="&quot;&gt;&lt;img src');
    expect(html).toContain('&lt;b&gt;Bolaget&lt;/b&gt; &amp; &quot;Söner&quot;');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; fastnade');
    expect(html).not.toMatch(/<script|<img|<b>/);
  });

  it('cannot be framed, kept, found, scripted or taken along as where somebody comes from', async () => {
    const { headers } = await open(link());
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
  });

  it.each([
    [undefined, 'sv'],
    ['en-GB,en;q=0.9', 'en'],
    ['sv-SE,sv;q=0.9,en;q=0.8', 'sv'],
    ['en;q=0.4,sv;q=0.5', 'sv'],
    ['de,en;q=0.5', 'en'],
    [';;;q=,,*,en;q=0', 'sv'],
  ])('speaks Swedish unless English is asked for, where no link says it: %j', async (wish, language) => {
    const { html } = await open(`${intake.url}/pages/x`, {
      headers: wish === undefined ? {} : { 'accept-language': wish },
    });
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain(language === 'en' ? 'The link is not valid' : 'Länken gäller inte');
  });

  it.each(['sv', 'en'] as const)(
    'speaks the language of its mail, whatever the browser: %s',
    async (language) => {
      const browser = { headers: { 'accept-language': language === 'sv' ? 'en' : 'sv' } };
      for (const purpose of ['alert-take', 'alert-pause'] as const) {
        const { html, headers } = await open(link({ language, purpose }), browser);
        expect(html).toContain(`<html lang="${language}">`);
        expect(headers.get('content-language')).toBe(language);
      }
      const done = await answer(link({ language }), { by: 'Bo' }, browser);
      expect(done.html).toContain(language === 'sv' ? 'Bo har tagit larmet.' : 'Bo has taken the alert.');
      const { status, html } = await open(link({ language, expires: later(-1) }), browser);
      expect(status).toBe(410);
      expect(html).toContain(`<html lang="${language}">`);
    },
  );

  it('says so where the alert is over, or taken already', async () => {
    await database.db.query(
      `update incidents set closed_at = $1, taken_at = $1, taken_by = 'Bo' where id = $2`,
      [new Date(morning + minutes(5)).toISOString(), incident],
    );
    const { html } = await open(link());
    expect(html).toContain('Över sedan');
    expect(html).toContain('Bo, 10 mars 2027 10:05');
  });
});

describe('an answer', () => {
  it('is handed to the monitoring of the agreement, with who gave it, and leads on', async () => {
    const { status, html } = await answer(link(), { do: 'taken', by: '  Åsa\r\n Öberg ' });
    expect(status).toBe(200);
    expect(html).toContain('Noterat: larmet är taget');
    expect(html).toContain('Åsa Öberg har tagit larmet.');
    expect(html).toContain('name="do" value="mended"');
    expect(html).toContain('value="Åsa Öberg"');
    expect(await told(database.db)).toEqual([
      { signal: 'incidentTaken', input: { incident, by: 'Åsa Öberg' } },
    ]);
  });

  it('may say what was done', async () => {
    await answer(link({ purpose: 'alert-mended' }), { note: 'startade om' });
    expect(await told(database.db)).toEqual([
      { signal: 'incidentMended', input: { incident, by: 'support', note: 'startade om' } },
    ]);
  });

  it('given twice is told once while it waits', async () => {
    const url = link();
    for (let count = 0; count < 3; count++) expect((await answer(url, { by: 'Bo' })).status).toBe(200);
    expect(await told(database.db)).toHaveLength(1);
  });

  it('is taken once of a form, sent again it is answered the same; without a form it is not taken', async () => {
    const url = await link();
    const form = formOf(await open(url));
    const send = (by: string, sent = form) =>
      open(url, { method: 'POST', body: new URLSearchParams({ form: sent, by }) });
    for (const by of ['Bo', 'Eva']) expect((await send(by)).html).toContain('Bo har tagit larmet.');
    const others = formOf(await open(pauseLink()));
    for (const forged of ['', 'x', `${form}x`, others]) {
      const { status, html } = await send('Eva', forged);
      expect([status, html]).toEqual([400, expect.stringContaining('hör inte till den här sidan')]);
    }
    expect(await told(database.db)).toEqual([{ signal: 'incidentTaken', input: { incident, by: 'Bo' } }]);
  });

  it('pauses for some hours, through a day, or until support opens the day after, and can be taken back', async () => {
    const until = '2027-03-11T07:30:00.000Z';
    expect((await open(pauseLink())).html).toContain(
      `<option value="${until}">11 mars 2027 08:30, när supporten öppnar</option>`,
    );
    await answer(pauseLink(), { for: '4', by: 'Bo', reason: 'ny server' });
    await answer(pauseLink(), { for: '1', day: '2027-03-12' });
    await answer(pauseLink(), { for: until, by: 'Eva' });
    const { html } = await answer(pauseLink(), { for: '1' });
    expect(html).toContain('name="do" value="resume"');
    await answer(pauseLink(), { do: 'resume', by: 'Bo' });
    expect(await told(database.db)).toEqual([
      {
        signal: 'monitorPaused',
        input: { monitor: 'order-import', until: '2027-03-10T13:00:00.000Z', by: 'Bo', reason: 'ny server' },
      },
      { signal: 'monitorPaused', input: { monitor: 'order-import', until: '2027-03-12', by: 'support' } },
      { signal: 'monitorPaused', input: { monitor: 'order-import', until, by: 'Eva' } },
      {
        signal: 'monitorPaused',
        input: { monitor: 'order-import', until: '2027-03-10T10:00:00.000Z', by: 'support' },
      },
      { signal: 'monitorResumed', input: { monitor: 'order-import', by: 'Bo' } },
    ]);
  });

  it('offered at night pauses until support opens the same day, or the day after', async () => {
    clock.now = Date.parse('2027-03-10T00:29:00.000Z');
    const { html } = await open(pauseLink());
    const ends = [...html.matchAll(/<option value="([^"]+)">([^<]+ när supporten öppnar)/g)].map(
      ([, ...end]) => end,
    );
    expect(ends).toEqual([
      ['2027-03-10T07:30:00.000Z', '10 mars 2027 08:30, när supporten öppnar'],
      ['2027-03-11T07:30:00.000Z', '11 mars 2027 08:30, när supporten öppnar'],
    ]);
  });

  it('says why a day was not taken', async () => {
    expect((await answer(pauseLink(), { day: '2027-03-09' })).html).toContain(
      'En paus slutar en dag från 2027-03-10 till 2027-04-10, eller efter en tid som inte har passerat; hittade 2027-03-09.',
    );
  });

  it('of support around the clock, which never opens, pauses until people begin to work', async () => {
    await database.db.query(`update plans set terms = jsonb_set(terms, '{support,hours}', $1)`, [
      JSON.stringify([{ days: 'all', from: '00:00', to: '24:00' }]),
    ]);
    expect((await open(pauseLink())).html).toContain(
      '<option value="2027-03-11T07:30:00.000Z">till 11 mars 2027 08:30</option>',
    );
  });

  it.each<Record<string, string>>([
    {},
    { for: '1000' },
    { for: 'opening' },
    { for: '2027-03-10T09:00:00.000Z' },
    { for: '2027-04-12T09:00:00.000Z' },
    { for: '2027-03-11' },
    { day: '2027-03-09' },
    { day: '2027-05-01' },
    { day: '2027-02-30' },
    { do: 'mended' },
    { do: 'constructor' },
  ])('that asks for what cannot be is refused: %j', async (fields) => {
    const { status, html } = await answer(pauseLink(), fields);
    expect([status, html]).toEqual([400, expect.stringContaining('Svaret kunde inte tas emot')]);
    expect(await told(database.db)).toEqual([]);
  });

  it('cannot be more than its link is for', async () => {
    for (const act of ['pause', 'resume', 'monitorPaused'])
      expect((await answer(link(), { do: act, for: '1' })).status).toBe(400);
    expect(await told(database.db)).toEqual([]);
  });

  it('is bounded, whatever a browser would not send', async () => {
    await answer(link({ purpose: 'alert-mended' }), { by: '🙂'.repeat(100), note: 'x\u0000'.repeat(400) });
    expect((await told(database.db))[0]?.input).toEqual({
      incident,
      by: '🙂'.repeat(80),
      note: 'x '.repeat(250),
    });
    expect((await answer(link(), { by: 'x'.repeat(70_000) })).status).toBe(413);
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    expect((await open(link(), json)).status).toBe(415);
    const twice = await answer(link(), [
      ['by', 'Bo'],
      ['by', 'Eva'],
    ]);
    expect(twice.html).toContain('Bo har tagit larmet');
  });
});

describe('a link that is not good', () => {
  const tokenOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

  it('is forged: changed, signed by another, or no link at all', async () => {
    const [content = '', signature = ''] = tokenOf(await link()).split('.');
    const wider = Buffer.from(
      Buffer.from(content, 'base64url').toString().replace('"alert-take"', '"alert-pause"'),
    ).toString('base64url');
    const others = tokenOf(await link({ key: `${linkKey}!` }));
    for (const token of [
      `${wider}.${signature}`,
      content,
      `${content}.`,
      `.${signature}`,
      others,
      'x',
      'x'.repeat(3_999),
    ])
      for (const method of ['GET', 'POST']) {
        const { status, html } = await open(`${intake.url}/pages/${token}`, { method });
        expect([token, status]).toEqual([token, 403]);
        expect(html).toContain('Länken gäller inte');
      }
    expect(await told(database.db)).toEqual([]);
  });

  it('has expired', async () => {
    const url = await link();
    clock.now = morning + minutes(60) + 1;
    for (const method of ['GET', 'POST']) expect((await open(url, { method })).status).toBe(410);
    expect((await open(url)).html).toContain('Länken har gått ut');
    expect(await told(database.db)).toEqual([]);
  });

  it('is about what is no more', async () => {
    expect((await open(link({ incident: incident + 1 }))).status).toBe(410);
  });

  it('was revoked, or went to somebody who is not ours any more', async () => {
    const url = await link();
    await revokeLinks(database.db, [1], { by: 'erik', at: later(1) });
    expect(await open(url)).toMatchObject({
      status: 410,
      html: expect.stringContaining('Länken är återkallad'),
    });
    const { status, html } = await answer(link({ recipient: 'former@pector.example' }), {});
    expect([status, html]).toEqual([410, expect.stringContaining('Länken gäller inte längre')]);
    expect(html).toContain('Anna Berg');
    expect(await told(database.db)).toEqual([]);
  });

  it('of before 0.3.0 works until it expires', async () => {
    const content = { agreement, incident, action: 'take', expires: later(60), language: 'en' };
    const old = (changed: object = {}) =>
      `${intake.url}/alerts/${signToken(linkKey, '', { ...content, ...changed })}`;
    expect((await answer(old(), { by: 'Bo' })).html).toContain('Bo has taken the alert.');
    expect(await told(database.db)).toEqual([{ signal: 'incidentTaken', input: { incident, by: 'Bo' } }]);
    const { status, html } = await open(old({ expires: later(-1) }));
    expect([status, html]).toEqual([
      410,
      expect.stringContaining('Any questions? Ask Anna Berg, anna.berg@'),
    ]);
  });

  it('is tried too often', async () => {
    const answers = await Promise.all(Array.from({ length: 65 }, () => open(`${intake.url}/pages/x`)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
    expect((await open(link())).status).toBe(200);
  });
});

describeInBrowser('in a browser', () => {
  it('a pause is asked for, noted, and taken back, without a script and without an error', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ locale: 'sv-SE' });
      const errors: string[] = [];
      page.on('console', (message) => errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(error.message));
      await page.goto(await pauseLink());
      expect(await page.locator('h1').innerText()).toBe('Pausa övervakningen');
      // The page's own style got through its policy.
      expect(await page.evaluate(`getComputedStyle(document.querySelector('button')).borderRadius`)).toBe(
        '6px',
      );
      await page.getByLabel('Hur länge').selectOption({ label: '12 timmar' });
      await page.getByLabel('Ditt namn').fill('Åsa <i>Öberg</i>');
      await page.getByRole('button', { name: 'Pausa' }).click();
      await page.getByText('Noterat: övervakningen pausas').waitFor();
      expect(await page.locator('p').first().innerText()).toBe(
        'Åsa <i>Öberg</i> har pausat övervakningen till 10 mars 2027 22:00.',
      );
      await page.getByRole('button', { name: 'Återuppta nu' }).click();
      await page.getByText('Noterat: övervakningen återupptas').waitFor();
      const by = 'Åsa <i>Öberg</i>';
      expect(await told(database.db)).toEqual([
        {
          signal: 'monitorPaused',
          input: { monitor: 'order-import', until: '2027-03-10T21:00:00.000Z', by },
        },
        { signal: 'monitorResumed', input: { monitor: 'order-import', by } },
      ]);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

describe('the address of the intake itself', () => {
  it.each([
    ['sv', 'Mottagningen för serviceavtal'],
    ['en', 'The intake of service agreements'],
  ])('answers with a page that says what it is: %s', async (language, title) => {
    const { status, html, headers } = await open(`${intake.url}/`, {
      headers: { 'accept-language': language },
    });
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain(`<h1>${title}</h1>`);
    const [, more = ''] = /<a href="([^"]+)"/.exec(html) ?? [];
    expect((await open(new URL(more, `${intake.url}/`).href)).html).toContain('"openapi"');
  });

  it('takes nothing', async () => {
    expect((await answer(`${intake.url}/`, { by: 'Bo' })).status).toBe(405);
  });
});
