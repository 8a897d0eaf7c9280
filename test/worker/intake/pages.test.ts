/** Personal pages over HTTP: an hour statement's, with codes by mail, questions, and what is kept of it all. */
import { randomUUID } from 'node:crypto';
import { createHoursActivities } from '../../../activities/hours/hours';
import type { ReportedEntry } from '../../../activities/hours/ledger';
import { sendPageCode } from '../../../activities/mail/page-code';
import { eventsOf } from '../../../activities/pages/events';
import type { PageLink } from '../../../activities/pages/links';
import { listLinks, readPageLink, revokeLinks, signPageLink } from '../../../activities/pages/links';
import type { Contract, ContactRole, CustomerContact } from '../../../rules/engine/contract/contract';
import { messages } from '../../../workflows/messages/messages';
import type { IntakeOptions } from '../../../worker/intake/server';
import type { Mailbox } from '../../helpers/mailbox';
import { openMailbox } from '../../helpers/mailbox';
import { serviceavtalOn, writeDownStack } from '../../helpers/command-line';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase, testStack } from '../../helpers/stack';
import { mailActivities } from '../../activities/signed-agreement';
import type { Listening } from './listening';
import { agreement, clock, linkKey, listen, minutes, morning } from './listening';
import { codeMail, linkTo, orderLink, reportTwoUses, sendStatement, statement } from './statement-links';

let database: FreshDatabase;
let mailbox: Mailbox;
let intake: Listening;
/** The address in the statement's mail to Karin Ek, who has the role of management. */
let mailed: string;
/** Links of each test's own, to the contacts of management, finance and system. */
let urls: Record<'karin' | 'maria' | 'johan', string>;

const options = (): Partial<IntakeOptions> => ({ mail: codeMail(mailbox.smtpUrl) });

beforeAll(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
  await reportTwoUses(database.db);
  await sendStatement(database.db, mailbox.smtpUrl);
  mailed = mailedLink();
});
const mailedLink = (): string => /http:\S+\/pages\/\S+/.exec(mailbox.mails.at(-1)?.text ?? '')?.[0] ?? '';
let contract: Contract;
let toldBefore: number;
beforeEach(async () => {
  clock.now = morning;
  mailbox.mails.length = 0;
  intake = await listen(database.db, options());
  const link = (...to: [contact: string, recipient: string, ...ContactRole[]]) =>
    linkTo(database.db, intake.url, ...to);
  urls = {
    karin: await link('contact-1', 'karin.ek', 'management'),
    maria: await link('contact-3', 'maria.strand', 'finance'),
    johan: await link('contact-2', 'johan.lind'),
  };
  const [row] = await database.db.query<{ contract: Contract }>('select contract from agreements');
  contract = row!.contract;
  toldBefore = (await told(0)).length;
});
afterEach(async () => {
  await database.db.query(`update agreements set contract = $1, state = 'live'`, [JSON.stringify(contract)]);
  await intake.stop();
});
afterAll(() => Promise.all([database.close(), mailbox.close()]));

interface Page {
  status: number;
  html: string;
  headers: Headers;
}
async function open(url: string, init: RequestInit = {}): Promise<Page> {
  const answer = await fetch(url, { redirect: 'manual', ...init });
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
}
const formOf = ({ html }: Page): string => /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** Sends the form of a page; without a form's token, after it was opened. */
async function send(
  url: string,
  { form, ...fields }: Record<string, string>,
  cookie?: string,
): Promise<Page> {
  const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
  const token = form ?? formOf(await open(url, { headers }));
  return open(url, { method: 'POST', headers, body: new URLSearchParams({ form: token, ...fields }) });
}
const ask = (url: string): Promise<Page> => send(url, { do: 'code-send' });
const lastCode = (): string => /^\d{6}$/m.exec(mailbox.mails.at(-1)?.text ?? '')?.[0] ?? '';
const another = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** Asks for a code, enters it, and gives the cookie of the session. */
async function enter(url: string): Promise<string> {
  await ask(url);
  const { headers } = await send(url, { do: 'code-enter', code: lastCode() });
  return (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

const linkOf = (url: string): PageLink => readPageLink(linkKey, url.slice(url.lastIndexOf('/') + 1))!;
const happened = async (url: string): Promise<string[]> =>
  (await eventsOf(database.db, linkOf(url).id)).map(({ event }) => event);
const told = async (after = toldBefore): Promise<{ payload: object }[]> =>
  (
    await database.db.query<{ payload: object }>(`select payload from outbox where kind = 'page' order by id`)
  ).slice(after);
const question = { do: 'line-questioned', line: '1', question: 'Vad var  det här?' };

const changeContacts = (customer: CustomerContact[]): Promise<unknown> =>
  database.db.query('update agreements set contract = $1', [
    JSON.stringify({ ...contract, contacts: { ...contract.contacts, customer } }),
  ]);

it('a form that is sent again with something else in it is not taken for the first', async () => {
  const other = { ...question, line: '2' };
  const form = formOf(await open(urls.karin));
  expect((await send(urls.karin, { ...other, form })).status).toBe(200);
  expect((await send(urls.karin, { ...other, form })).status).toBe(200);
  const { status, html } = await send(urls.karin, { ...other, question: 'Varför?', form });
  expect([status, html]).toEqual([409, expect.stringContaining('redan skickat med ett annat innehåll')]);
  expect(await told()).toHaveLength(1);
  // The page is shown again with what was written, and a form of its own.
  expect(html).toContain('Varför?');
  expect(
    (await send(urls.karin, { ...other, question: 'Varför?', form: formOf({ html } as Page) })).status,
  ).toBe(200);
  expect(await told()).toHaveLength(2);
});

it('what binds is refused without the code, whoever has the link', async () => {
  const url = await orderLink(database.db, intake.url, 'contact-1', 'karin.ek', 'management');
  const order = { do: 'order', hours: '10', until: '2027-04-01' };
  expect((await send(url, order)).status).toBe(403);
  const johan = await orderLink(database.db, intake.url, 'contact-2', 'johan.lind');
  expect((await send(johan, order)).status).toBe(403);
  expect(await told()).toEqual([]);
  // Nothing waits: the page says so, and asks for nothing.
  expect((await open(url)).html).toContain('väntar inga timmar utöver timbanken');
});

it('what was sent before is told once a day: a second press says that the consultant has it', async () => {
  const call = { do: 'call', phone: '070-123 45 67' };
  const order = await orderLink(database.db, intake.url, 'contact-1', 'karin.ek', 'management');
  for (const [url, fields, thanks] of [
    [order, call, 'Anna Berg'],
    [urls.maria, { ...question, line: '2', question: 'Vem bad om det?' }, 'Tack'],
  ] as const) {
    const before = (await told()).length;
    const first = await send(url, fields);
    expect([first.status, first.html]).toEqual([200, expect.stringContaining(thanks)]);
    expect(first.html).not.toContain('Vi har det redan');
    const again = await send(url, fields);
    expect([again.status, again.html]).toEqual([200, expect.stringContaining('Vi har det redan')]);
    expect(again.html).toMatch(/Du skickade samma sak .*, och Anna Berg har den/);
    expect(await told()).toHaveLength(before + 1);
  }
  expect((await send(order, { ...call, phone: '08-123 45 67' })).html).not.toContain('Vi har det redan');
});

describe('a statement’s link', () => {
  it('asks nothing more once the time to ask about a closed year is over', async () => {
    const days = `jsonb_set(terms, '{hourBank,questions}', '{"days": 30, "answerWorkingDays": 5}')`;
    await database.db.query(`update plans set terms = ${days}`);
    await database.db.query(
      `insert into mails (key, agreement, year, obligation, step, revision, contact, template, recipient, subject, as_of, state, message_id, request)
       values ('closed', $1, 1, 'close', 'statement', 1, 'contact-1', 'hour-statement', 'x@example.com', 'x', $2, 'sent', '<x>', '{}')`,
      [agreement, new Date(morning - 40 * 24 * 60 * 60_000).toISOString()],
    );
    try {
      const { html } = await open(urls.karin);
      expect(html).toContain('kunde frågas om här till och med');
      expect(html).not.toContain('?line=');
      const { status, html: refused } = await send(urls.karin, question);
      expect([status, refused]).toEqual([400, expect.stringContaining('Anna Berg')]);
      expect(await told()).toEqual([]);
    } finally {
      await database.db.query(`delete from mails where key = 'closed'`);
    }
  });

  it('shows its lines in time without money, to whoever has it, and nothing is changed by looking', async () => {
    const { status, html, headers } = await open(urls.karin);
    expect(status).toBe(200);
    expect(html).toContain('<h1>Timbanksbesked, Testbolaget AB</h1>');
    expect(html).toContain('118:45');
    expect(html).toContain('&lt;b&gt;Ny&lt;/b&gt; rapport');
    expect(html).toMatch(/<td class="number">−1:15<\/td>/);
    expect(html).not.toMatch(/kr\b|1\s?232/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    // As a mail scanner does: every link of the page, and HEAD.
    for (const [, href] of html.matchAll(/href="(\?[^"]*)"/g)) await open(urls.karin + href!);
    const head = await open(urls.johan, { method: 'HEAD' });
    expect([head.status, head.html, head.headers.get('content-type')]).toEqual([
      ...[200, '', 'text/html; charset=utf-8'],
    ]);
    expect(await happened(urls.johan)).toEqual([]);
    expect(await told()).toEqual([]);
    expect(await happened(urls.karin)).toEqual(['opened']);
    expect(mailbox.mails).toEqual([]);
  });

  it('is the same when its mail is written again, and in no mail where nobody outside reaches the pages', async () => {
    expect(mailed).toMatch(/^http:\/\/pages\.example\/pages\/\S+$/);
    await database.db.query(`update mails set state = 'queued' where template = 'hour-statement'`);
    mailbox.mails.length = 0;
    await sendStatement(database.db, mailbox.smtpUrl);
    expect(mailedLink()).toBe(mailed);
    expect((await open(`${intake.url}${new URL(mailed).pathname}`)).status).toBe(200);
    const other = { ...statement, obligation: 'hours/statement-2' };
    await mailActivities(database.db, mailbox.smtpUrl).sendNotice(other);
    expect(mailbox.mails.at(-1)?.text).toContain('Stämmer något inte? Svara på det här mejlet');
    expect(mailbox.mails.at(-1)?.text).not.toContain('/pages/');
    await database.db.query(
      `insert into hour_statements (agreement, year, obligation, corrects, revision, version, as_of, content, sha256)
       select agreement, year, obligation, true, 2, 2, as_of, content, sha256 from hour_statements where id = 1`,
    );
    expect((await open(urls.karin)).html).toContain('Det finns ett rättat besked, version 2.');
  });

  it('that expired, was revoked, or whose holder left, opens nothing, does nothing and says whom to ask', async () => {
    const [karin, ...others] = contract.contacts.customer;
    const changed = (customer: CustomerContact[]) => () => changeContacts(customer);
    const cookie = await enter(urls.karin);
    const form = formOf(await open(urls.karin, { headers: { cookie } }));
    const at = new Date(morning).toISOString();
    const cases: [string, () => unknown][] = [
      ['Länken gäller inte längre', changed(others)],
      ['Länken gäller inte längre', changed([{ ...karin!, roles: ['tester'] }, ...others])],
      ['Länken gäller inte längre', changed([{ ...karin!, email: 'k@testbolaget.example.com' }, ...others])],
      ['Länken är återkallad', () => revokeLinks(database.db, [linkOf(urls.karin).id], { by: 'erik', at })],
      ['Länken har gått ut', () => (clock.now = morning + minutes(91 * 24 * 60))],
    ];
    for (const [title, change] of cases) {
      await change();
      for (const page of [
        await open(urls.karin, { headers: { cookie } }),
        await send(urls.karin, { form, ...question }, cookie),
        await send(urls.karin, { form, do: 'code-send' }, cookie),
      ]) {
        expect([page.status, page.html]).toEqual([410, expect.stringContaining(title)]);
        expect(page.html).toContain('Anna Berg, anna.berg@pector.example');
      }
    }
    expect(await told()).toEqual([]);
    // Each reason is kept once in an hour, and the last is seen in the list.
    const whys = (await eventsOf(database.db, linkOf(urls.karin).id)).flatMap(({ event, details }) =>
      event === 'refused' ? [details.why] : [],
    );
    expect(whys).toEqual(['left', 'revoked', 'expired']);
    const listed = await listLinks(database.db, new Date(clock.now).toISOString(), { refused: true });
    expect(listed.find(({ id }) => id === linkOf(urls.karin).id)?.refusedAt).toBe(
      new Date(clock.now).toISOString(),
    );
  });

  it('that is forged tells nothing of anybody', async () => {
    const forged = [
      signPageLink(`${linkKey}!`, linkOf(urls.karin)),
      `${urls.karin.split('/').at(-1)!.slice(0, -2)}xx`,
    ];
    for (const token of forged) {
      const { status, html } = await open(`${intake.url}/pages/${token}`);
      expect([status, html]).toEqual([403, expect.stringContaining('Länken gäller inte')]);
      expect(html).not.toMatch(/Anna|Testbolaget|pector\.example/);
    }
    expect(await happened(urls.karin)).toEqual(['refused']);
    // Genuine, of a database that was restored from before.
    const unknown = signPageLink(linkKey, { ...linkOf(urls.karin), id: 4_711 });
    expect((await open(`${intake.url}/pages/${unknown}`)).status).toBe(410);
  });
});

describe('a code by mail', () => {
  it('goes to the link’s own person, and shows prices for an hour to the browser that entered it', async () => {
    const asked = await send(urls.maria, { do: 'code-send', email: 'mallory@example.com' });
    expect(asked.html).toContain('m…@testbolaget.example.com');
    const sent = mailbox.mails.at(-1);
    expect(mailbox.envelopes.at(-1)?.to).toBe('maria.strand@testbolaget.example.com');
    expect(sent?.subject).not.toContain(lastCode());
    const { status, headers } = await send(urls.maria, { do: 'code-enter', code: ` ${lastCode()} ` });
    expect([status, new URL(headers.get('location')!, urls.maria).href]).toEqual([
      303,
      `${urls.maria}#code-box`,
    ]);
    const path = new URL(urls.maria).pathname;
    const set = headers.get('set-cookie') ?? '';
    expect(set).toContain(`; Path=${path}; Max-Age=3600; HttpOnly; SameSite=Strict`);
    expect(set).not.toContain('Secure');
    const cookie = set.split(';')[0]!;
    const proven = (await open(urls.maria, { headers: { cookie } })).html;
    expect(proven).toMatch(/1\s232,50\skr\/tim/);
    expect(proven).toContain('exkl. moms');
    // Neither another browser, nor another link, nor later.
    for (const [url, sends, later] of [
      [urls.maria, '', 0],
      [urls.karin, cookie, 0],
      [urls.maria, cookie, 61],
    ] as const) {
      clock.now = morning + minutes(later);
      expect((await open(url, { headers: { cookie: sends } })).html).not.toMatch(/\skr\b/);
    }
    const all = ['opened', 'code-asked', 'code-sent', 'code-entered', 'opened'];
    expect(await happened(urls.maria)).toEqual(all);
    const kept = await database.db.query('select * from page_codes, page_events');
    expect(JSON.stringify(kept)).not.toContain(lastCode());
    await expect(database.db.query('delete from page_events')).rejects.toThrow('append-only');
  });

  it('is sent only once by a form, and not too often', async () => {
    const form = formOf(await open(urls.karin));
    for (let count = 0; count < 3; count++) await send(urls.karin, { form, do: 'code-send' });
    expect(mailbox.mails).toHaveLength(1);
    for (let count = 0; count < 2; count++) await ask(urls.karin);
    expect(mailbox.mails).toHaveLength(3);
    const { status, html } = await ask(urls.karin);
    expect([status, html]).toEqual([
      429,
      expect.stringContaining('för många koder. Du kan be om en ny om 10 minuter.'),
    ]);
    expect(mailbox.mails).toHaveLength(3);
  });

  it('is right or wrong, five times, for ten minutes, and once', async () => {
    await ask(urls.karin);
    const code = lastCode();
    expect((await send(urls.karin, { do: 'code-enter', code: '12345' })).html).toContain('sex siffror');
    const form = formOf(await open(urls.karin));
    // Sent twice by one form, a code counts once.
    for (let count = 0; count < 2; count++)
      expect((await send(urls.karin, { form, do: 'code-enter', code: another(code) })).html).toContain(
        'Koden stämmer inte. Försök kvar: 4.',
      );
    for (let left = 3; left >= 1; left--)
      expect((await send(urls.karin, { do: 'code-enter', code: another(code) })).html).toContain(
        `kvar: ${left}.`,
      );
    const spent = await send(urls.karin, { do: 'code-enter', code: another(code) });
    expect([spent.status, spent.html]).toEqual([400, expect.stringContaining('Be om en ny.')]);
    expect((await send(urls.karin, { do: 'code-enter', code })).status).toBe(400);

    await ask(urls.karin);
    const late = formOf(await open(urls.karin));
    clock.now = morning + minutes(10) + 1;
    expect((await send(urls.karin, { form: late, do: 'code-enter', code: lastCode() })).status).toBe(400);

    await ask(urls.karin);
    const once = formOf(await open(urls.karin));
    // The answer got lost on its way: the same form is answered the same, another is not.
    for (let count = 0; count < 2; count++)
      expect((await send(urls.karin, { form: once, do: 'code-enter', code: lastCode() })).status).toBe(303);
    expect((await send(urls.karin, { do: 'code-enter', code: lastCode() })).status).toBe(400);
  });

  it('is not for whoever has no role for it, and what a session shows ends with the role', async () => {
    expect((await open(urls.johan)).html).toContain('rollen ledning eller ekonomi');
    const form = formOf(await open(`${urls.johan}?line=1`));
    const { status } = await send(urls.johan, { form, do: 'code-send' });
    expect([status, mailbox.mails.length]).toEqual([403, 0]);
    expect(await happened(urls.johan)).toEqual(['opened', 'refused']);
    const [karin, johan, maria] = contract.contacts.customer;
    await changeContacts([karin!, { ...johan!, roles: ['system-owner', 'finance'] }, maria!]);
    const cookie = await enter(urls.johan);
    expect((await open(urls.johan, { headers: { cookie } })).html).toMatch(/\skr\b/);
    await changeContacts(contract.contacts.customer);
    expect((await open(urls.johan, { headers: { cookie } })).html).not.toMatch(/\skr\b/);
  });

  it('that cannot be mailed is told, and the next one can; an English contact gets it in English', async () => {
    mailbox.next.push('busy');
    const { status, html } = await ask(urls.karin);
    expect([status, html]).toEqual([503, expect.stringContaining('gick inte att skicka just nu')]);
    expect(await happened(urls.karin)).toEqual(['opened', 'code-asked', 'code-not-sent']);
    expect(html).toContain('<button>Skicka koden</button>');
    expect((await ask(urls.karin)).status).toBe(200);
    const [holder] = contract.contacts.customer;
    const english = {
      link: { ...linkOf(urls.karin), language: 'en' as const },
      holder: holder!,
      form: randomUUID(),
    };
    await sendPageCode(database.db, codeMail(mailbox.smtpUrl), linkKey, {
      ...english,
      now: new Date(morning).toISOString(),
    });
    expect(mailbox.mails.at(-1)?.subject).toBe('Your code for the page of the service agreement');
  });

  it('gives a session for https alone where the pages are reached by it, under the path they have there', async () => {
    await intake.stop();
    intake = await listen(database.db, { ...options(), publicUrl: 'https://avtal.example/in' });
    const moved = Object.fromEntries(
      Object.entries(urls).map(([name, url]) => [name, `${intake.url}${new URL(url).pathname}`]),
    );
    await ask(moved.karin!);
    const { headers } = await send(moved.karin!, { do: 'code-enter', code: lastCode() });
    expect(headers.get('set-cookie')).toMatch(/; Path=\/in\/pages\/\S+; .*; Secure$/);
  });
});

describe('a question about a line', () => {
  it('reaches the workflow once, however often it is sent, and is shown at its line', async () => {
    const shown = await open(`${urls.karin}?line=1`);
    expect(shown.html).toContain('Anna Berg får frågan och svarar dig med mejl');
    const form = formOf(shown);
    const first = await send(urls.karin, { form, ...question });
    expect(first.html).toContain('Tack, frågan är skickad');
    expect(first.html).toContain('Vad var det här?');
    const fields = Object.keys(messages.lineQuestioned.fields);
    const again = await send(urls.karin, { form, ...question });
    const withoutForm = ({ html }: Page): string => html.replace(/name="form" value="[^"]+"/g, '');
    expect(withoutForm(again)).toBe(withoutForm(first));
    const [event] = (await eventsOf(database.db, linkOf(urls.karin).id)).filter(
      ({ event }) => event === 'line-questioned',
    );
    expect(event?.details).toMatchObject({ entry: 1, question: 'Vad var det här?' });
    const input = { entry: 1, question: 'Vad var det här?', contact: 'contact-1', ref: `page-${event?.id}` };
    expect(await told()).toEqual([{ payload: { signal: 'lineQuestioned', input } }]);
    expect(fields).toEqual(expect.arrayContaining(Object.keys(input)));
    expect((await open(urls.maria)).html).toContain('Fråga ställd 10 mars 2027');
    // As the run books it, and our answer.
    const book = (said: Partial<ReportedEntry>) =>
      createHoursActivities(database).reportHours({
        agreement,
        year: 1,
        entries: [
          {
            entryId: randomUUID(),
            by: 'contact-1',
            byAssumed: false,
            asOf: '2027-03-11T09:00:00.000Z',
            ...said,
          },
        ],
      });
    await book({ asks: { number: 1 }, note: input.question, ref: input.ref });
    expect((await open(urls.maria)).html).toContain('Fråga ställd 11 mars 2027');
    await book({ answers: { number: 1 }, by: 'anna', note: 'Layouten.', asOf: '2027-03-12T09:00:00.000Z' });
    expect((await open(urls.maria)).html).toContain('Besvarad 12 mars 2027: Layouten.');
  });

  it('that cannot be taken says why, and nothing that was written is lost', async () => {
    const cases: [Record<string, string>, string][] = [
      [{ question: '  ' }, 'Skriv vad du undrar.'],
      [{ question: 'å'.repeat(1_001) }, 'du skrev 1001'],
      [{ line: '7' }, 'Raden finns inte i beskedet.'],
      [{ form: 'x' }, 'hör inte till den här sidan'],
    ];
    for (const [changed, why] of cases) {
      const { status, html } = await send(urls.karin, { ...question, ...changed });
      expect([status, html]).toEqual([400, expect.stringContaining(why)]);
      const written = (changed.question ?? question.question).replace(/\s+/g, ' ').trim();
      if (!changed.line) expect(html).toContain(`${written}</textarea>`);
    }
    expect(await told()).toEqual([]);
  });

  it('says what is true of a form that stood open too long, or came without the cookie of its code', async () => {
    const plain = formOf(await open(urls.karin));
    const cookie = await enter(urls.karin);
    const proven = formOf(await open(`${urls.karin}?line=1`, { headers: { cookie } }));
    const cases: [form: string, sends: string | undefined, later: number, why: string][] = [
      [proven, undefined, 0, 'kakor måste vara tillåtna'],
      [plain, cookie, 0, 'öppnades innan koden angavs'],
      [plain, undefined, 12 * 60, 'hade stått öppen för länge'],
    ];
    for (const [form, sends, later, why] of cases) {
      clock.now = morning + minutes(later);
      const { status, html } = await send(urls.karin, { ...question, form }, sends);
      expect([status, html]).toEqual([400, expect.stringContaining(why)]);
    }
    expect(await told()).toEqual([]);
  });

  it('is not taken too often by one link, nor where the agreement has ended', async () => {
    for (let count = 0; count < 20; count++)
      await send(urls.karin, { ...question, question: `Vad var det här? ${count}` });
    const { status, html } = await send(urls.karin, question);
    expect([status, html]).toEqual([429, expect.stringContaining('försök igen om 24 timmar')]);
    await database.db.query(`update agreements set state = 'ended'`);
    expect((await send(urls.maria, question)).html).toContain(
      'Skriv till Anna Berg, anna.berg@pector.example.',
    );
  });

  it('that cannot be kept just now is told as a page', async () => {
    const form = formOf(await open(urls.karin));
    await database.db.query('alter table outbox rename to outbox_away');
    const { status, html } = await send(urls.karin, { form, ...question });
    expect([status, html]).toEqual([500, expect.stringContaining('Det går inte just nu')]);
    await database.db.query('alter table outbox_away rename to outbox');
    expect((await send(urls.karin, { form, ...question })).html).toContain('Tack, frågan är skickad');
    expect(await told()).toHaveLength(1);
  });
});

describe('links, on the command line', () => {
  it('are listed, shown with what was done by them, and revoked one by one or for a person', async () => {
    const dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
    const run = (...args: string[]) => serviceavtalOn(dataDir, 'links', ...args);
    // Commands run on the wall clock.
    await database.db.query(`update page_links set expires_at = '2999-01-01T00:00:00Z'`);
    await open(urls.karin);
    const { id } = linkOf(urls.karin);
    const listed = (await run(agreement)).out;
    expect(listed).toContain(`${id}`);
    expect(listed).toMatch(/contact-3, maria\.strand@\S+: till 2999-\d\d-\d\d \d\d:\d\d, inte öppnad/);
    expect((await run('no-such-agreement')).errors).toContain('no-such-agreement');
    await ask(urls.maria);
    expect((await run('show', `${linkOf(urls.maria).id}`, '--language', 'en')).out).toMatch(
      /hour statement \(statement\/1\)/,
    );
    expect((await run('revoke', `${id}`)).errors).toContain('--yes');
    expect((await run('revoke')).errors).toContain('antingen en länks id');
    expect((await run('revoke', `${id}`, '--yes', '--by', 'erik')).out).toContain('Återkallade: 1');
    expect((await run('show', `${id}`)).out).toMatch(/återkallad, by: erik/);
    const all = ['revoke', '--agreement', agreement, '--contact', 'Maria.Strand@testbolaget.example.com'];
    expect((await run(...all, '--yes')).out).toMatch(/Återkallade: \d+/);
    expect((await run(agreement, '--json')).out).not.toContain('maria.strand');
    expect((await run('show', '4711')).errors).toContain('hittade 4711');
  });
});
