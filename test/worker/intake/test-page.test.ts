/** The customer's test page and the page to approve, over HTTP, with a running agreement that decides what it is sent. */
import { createHash } from 'node:crypto';
import net from 'node:net';
import { eventually } from '../../activities/signed-agreement';
import { listen } from './listening';
import type { LiveTest } from './live-test';
import { openTest } from './live-test';

let test: LiveTest;
let urls: Record<'johan' | 'maria' | 'approvalOfKarin' | 'approvalOfMaria', string>;

beforeAll(async () => {
  test = await openTest();
  urls = {
    johan: await test.linkTo('test', 'johan'),
    maria: await test.linkTo('test', 'maria'),
    approvalOfKarin: await test.linkTo('approval', 'karin'),
    approvalOfMaria: await test.linkTo('approval', 'maria'),
  };
});
afterAll(() => test.close());

interface Page {
  status: number;
  html: string;
  headers: Headers;
}
async function open(url: string, init: RequestInit = {}): Promise<Page> {
  const answer = await fetch(url, init);
  return { status: answer.status, html: await answer.text(), headers: answer.headers };
}
const tokenOf = ({ html }: Page): string => /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';
const textOf = ({ html }: Page): string =>
  html
    .replace(/<style>[^]*<\/style>|<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&nbsp;', ' ');
const caseOf = ({ html }: Page, id: string): string =>
  html.split('<div class="case"').find((part) => part.includes(`id="case-${id}"`)) ?? '';
const seenOf = (page: Page, id: string): string =>
  /name="seen" value="([^"]*)"/.exec(caseOf(page, id))?.[1] ?? '';

type Fields = Record<string, string>;
interface Sending {
  cookie?: string;
  /** The page as it was opened, by default anew. */
  page?: Page;
  files?: File[];
}
/** Sends a form as a browser does: as the page has it, with or without pictures. */
async function send(url: string, fields: Fields, { cookie, page, files }: Sending = {}): Promise<Page> {
  const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
  const shown = page ?? (await open(url, { headers }));
  const all: Fields = { form: tokenOf(shown), ...fields };
  if (!files) return open(url, { method: 'POST', headers, body: new URLSearchParams(all) });
  const body = new FormData();
  for (const [name, value] of Object.entries(all)) if (name !== 'do') body.append(name, value);
  for (const file of files) body.append('picture', file);
  body.append('do', fields.do ?? '');
  return open(url, { method: 'POST', headers, body });
}
const report = async (url: string, does: string, id: string, more: Fields = {}, sending: Sending = {}) => {
  const page = sending.page ?? (await open(url));
  const fields = { do: `case-${does}`, case: id, seen: seenOf(page, id), ...more };
  return send(url, fields, { files: [], ...sending, page });
};

const png = (size = 200, fill = 0): Buffer =>
  Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(size, fill)]);
const file = (bytes: Buffer | string, name: string): File => new File([bytes as never], name);
const results = (): Promise<{ part: string; ok: boolean; reported_by: string }[]> =>
  test.live.db.query(
    `select part, ok, note, not_applicable, reported_by from upgrade_parts where phase = 'test' order by part`,
  );
const pictures = (): Promise<object[]> => test.live.db.query('select sha256 from page_pictures');
const first = 'order-to-invoice.1';

it('shows every case by process before the test begins, and takes nothing yet', async () => {
  const page = await open(urls.johan);
  expect(page.status).toBe(200);
  const text = textOf(page);
  for (const words of [
    'Testet har inte börjat än',
    'Order till faktura 0 av 2 testade',
    'Registrera en kundorder och fakturera den inte testat',
    'Leverera den och skriv ut följesedeln',
    'Rätt resultat: Priser, rabatter och moms stämmer',
    'Order från webshop',
  ])
    expect(text).toContain(words);
  expect(page.html).not.toContain('case-passed');
  const refused = await send(urls.johan, { do: 'case-passed', case: first, seen: '' }, { files: [] });
  expect([refused.status, textOf(refused)]).toEqual([400, expect.stringContaining('testet pågår inte')]);
  const early = await open(urls.approvalOfKarin);
  expect(textOf(early)).toContain('Det är inte dags att godkänna än: Planering pågår');
  await test.reachTest();
});

it('keeps what each reports, and shows it to the others', async () => {
  const saved = await report(urls.johan, 'passed', first);
  expect(textOf(saved)).toMatch(/Sparat .*: fungerar\./);
  // The next one stands open.
  expect(caseOf(saved, 'order-to-invoice.2')).toMatch(/<details open>/);
  expect(caseOf(saved, first)).not.toMatch(/<details open>/);
  await report(urls.maria, 'none', 'stock.1');
  const other = textOf(await open(urls.maria));
  expect(other).toMatch(/Johan Lind, .*: fungerar/);
  expect(other).toContain('1 av 2 testade');
  expect(await results()).toContainEqual(
    expect.objectContaining({ part: first, ok: true, reported_by: 'contact-2' }),
  );
});

it('a case that fails needs a comment, tells the consultant, and says so at once', async () => {
  const mute = await report(urls.johan, 'failed', 'vat.1');
  expect([mute.status, textOf(mute)]).toEqual([400, expect.stringContaining('Skriv vad som inte fungerar')]);
  const note = '<script>alert(1)</script> beloppen skiljer sig';
  const said = await report(urls.johan, 'failed', 'vat.1', { note }, { files: [file(png(), 'moms.png')] });
  expect(textOf(said)).toMatch(/Tack, det är registrerat .*Anna Berg har fått veta det och återkommer/);
  expect(said.html).not.toContain('<script>');
  expect(said.html).toContain('&lt;script&gt;');
  await eventually('the consultant is told', () =>
    test.live.mailbox.mails.some(({ text }) => text?.includes('beloppen skiljer sig')),
  );
});

it('asks for a retest where we answer so, and says both on the case', async () => {
  expect(
    await test.say('testAnswered', { case: 'vat.1', note: 'perioden var fel', retest: true }),
  ).toBeUndefined();
  const page = await open(urls.johan);
  expect(caseOf(page, 'vat.1')).toMatch(/<details open>[^]*testa igen/);
  expect(textOf(page)).toMatch(/Anna Berg svarar, .*: testa igen perioden var fel/);
  await report(urls.johan, 'passed', 'vat.1');
  expect(caseOf(await open(urls.johan), 'vat.1')).toContain('class="state good">fungerar<');
});

it('shows what somebody else reported meanwhile before it is replaced', async () => {
  const old = await open(urls.johan);
  await report(urls.maria, 'failed', 'reports.1', { note: 'tom rapport' });
  const late = await report(urls.johan, 'passed', 'reports.1', {}, { page: old });
  expect([late.status, textOf(late)]).toEqual([
    400,
    expect.stringMatching(/Maria Strand rapporterade|Maria Strand har rapporterat ”fungerar inte”/),
  ]);
  const again = await report(urls.johan, 'passed', 'reports.1', {}, { page: late });
  expect(again.status).toBe(200);
  expect(textOf(again)).toContain('tom rapport');
  // Also where both are on their way at once: the agreement has taken the first before the page can know of it.
  const id = 'month-close.1';
  const known = (from: string, to: string): Promise<object[]> =>
    test.live.db.query('update upgrade_parts set part = $2 where part = $1 returning part', [from, to]);
  await report(urls.maria, 'failed', id, { note: 'perioden är öppen' });
  expect(await known(id, 'not known')).toHaveLength(1);
  await report(urls.johan, 'passed', id);
  await known('not known', id);
  expect((await results()).find(({ part }) => part === id)).toMatchObject({ ok: false });
  expect(textOf(await open(urls.johan))).toMatch(
    /togs inte emot.* Maria Strand har rapporterat ”fungerar inte”/,
  );
  // Another case of the page that was opened long ago is taken: each case is a form of its own.
  expect((await report(urls.johan, 'passed', 'order-to-invoice.2', {}, { page: old })).status).toBe(200);
});

describe('pictures', () => {
  const id = 'bank-files.1';
  const failing = (files: File[], more: Fields = {}): Promise<Page> =>
    report(urls.johan, 'failed', id, { note: 'filen saknas', ...more }, { files });
  const shown = (html: string): string[] =>
    [...html.matchAll(/src="[^"]*\/pictures\/([0-9a-f]{64})"/g)].map(([, hash]) => hash!);

  let made = 0;
  it.each([
    ['one of 20 MB', file(png(20 * 1024 * 1024), 'stor.png'), 'Bilden stor.png är för stor: högst 10 MB'],
    ['one that is none', file('%PDF-1.7 this is a document', 'x.jpg'), 'x.jpg är ingen bild vi kan visa'],
    ['a drawing with a script', file('<svg onload="alert(1)"/>', 'x.svg'), 'x.svg är ingen bild'],
    ['an empty one', file('', 'tom.png'), 'tom.png är ingen bild'],
    ['a HEIC', file('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'IMG_1.heic'), 'i formatet HEIC'],
  ])('%s is refused in a sentence, and the rest of the form stays', async (_what, bad, words) => {
    const before = (await pictures()).length;
    const good = png(300 + (made += 1));
    const page = await failing([file(good, 'bra.png'), bad]);
    expect([page.status, textOf(page)]).toEqual([400, expect.stringContaining(words)]);
    expect(page.html).toContain('>filen saknas</textarea>');
    const hash = createHash('sha256').update(good).digest('hex');
    expect(caseOf(page, id)).toContain(`name="pictures" value="${hash}"`);
    expect(await pictures()).toHaveLength(before + 1);
    expect((await results()).find(({ part }) => part === id)).toBeUndefined();
  });

  it('five are too many, and forms of others, or far too large, keep nothing', async () => {
    const five = Array.from({ length: 5 }, (_, index) => file(png(300, 50 + index), `${index}.png`));
    expect(textOf(await failing(five))).toContain('Högst fyra bilder');
    const before = (await pictures()).length;
    const forged = await failing([file(png(9), 'a.png')], { form: 'forged' });
    expect([forged.status, textOf(forged)]).toEqual([400, expect.stringContaining('hör inte till den här')]);
    const huge = await open(urls.johan, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: Buffer.alloc(101 * 1024 * 1024),
    }).then(
      ({ status }) => status,
      () => 413,
    );
    expect(huge).toBe(413);
    expect((await send(urls.approvalOfKarin, { do: 'approved' }, { files: [] })).status).toBe(415);
    expect(await pictures()).toHaveLength(before);
  });

  const part = (head: string, body: string): string =>
    `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}`;
  it.each<[string, string, string, number]>([
    ['without a boundary', 'multipart/form-data', 'x', 400],
    ['with nothing in it', 'multipart/form-data; boundary=x', '', 400],
    ['cut in a field', 'multipart/form-data; boundary=x', part('name="note"', 'a'), 400],
    [
      'cut in a file',
      'multipart/form-data; boundary=x',
      part('name="picture"; filename="a.png"', '\x89PNG'),
      400,
    ],
    [
      'of a prototype',
      'multipart/form-data; boundary=x',
      `${part('name="__proto__"', 'a')}\r\n--x--\r\n`,
      400,
    ],
    [
      'of 100 files',
      'multipart/form-data; boundary=x',
      `${part('name="p"; filename="a"', 'a\r\n').repeat(100)}--x--\r\n`,
      413,
    ],
    [
      'of 100 fields',
      'multipart/form-data; boundary=x',
      `${part('name="p"', 'a\r\n').repeat(100)}--x--\r\n`,
      413,
    ],
  ])('a form %s is refused', async (_what, type, body, status) => {
    const answer = await open(urls.johan, { method: 'POST', headers: { 'content-type': type }, body });
    expect(answer.status).toBe(status);
    expect((await open(urls.johan)).status).toBe(200);
  });

  it('may take their time to arrive, unlike other requests', async () => {
    const quick = await listen(test.live.db, { now: () => Date.now(), receiveWithin: 1_000 });
    const { hostname, port } = new URL(quick.url);
    const body = `${part('name="case"', 'vat.1')}\r\n--x--\r\n`;
    const begin = (path: string, type: string): { socket: net.Socket; answer: Promise<string> } => {
      const head = [
        `POST ${path} HTTP/1.1`,
        ...['host: a', 'connection: close', `content-type: ${type}`],
        `content-length: ${body.length}`,
      ];
      const socket = net.connect(Number(port), hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\n`));
      let said = '';
      socket.on('data', (data) => (said += data.toString()));
      const answer = new Promise<string>((resolve) => socket.on('close', () => resolve(said)));
      return { socket, answer };
    };
    const slow = begin(new URL(urls.johan).pathname, 'multipart/form-data; boundary=x');
    let at = 0;
    // A byte now and then: a connection that is silent is closed all the same.
    const drip = setInterval(() => slow.socket.write(body[at++] ?? ''), 100);
    const cut = begin('/alerts/any', 'application/x-www-form-urlencoded');
    const dripped = setInterval(() => cut.socket.write('x'), 100);
    expect(await cut.answer).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(dripped);
    clearInterval(drip);
    slow.socket.write(body.slice(at));
    // No form of ours: but it was read to its end.
    expect(await slow.answer).toMatch(/^HTTP\/1\.1 400 [^]*hör inte till den här sidan/);
    await quick.stop();
  });

  it('go with the report, and are shown to those of the agreement and the consultant alone', async () => {
    const page = await failing([file(png(300, 7), 'fil.png')]);
    const [hash = ''] = shown(caseOf(page, id));
    const picture = await fetch(`${urls.maria}/pictures/${hash}`);
    expect([picture.status, Buffer.from(await picture.arrayBuffer()).equals(png(300, 7))]).toEqual([
      200,
      true,
    ]);
    expect(Object.fromEntries(picture.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining(`default-src 'none'; sandbox`) as string,
      'content-disposition': `inline; filename="${hash.slice(0, 12)}.png"`,
    });
    const worksheet = await test.linkTo('worksheet', 'anna');
    expect(shown((await open(worksheet)).html)).toContain(hash);
    expect((await fetch(`${worksheet}/pictures/${hash}`)).status).toBe(200);
    // A page without pictures serves none, nor does any page one that is not the agreement's.
    expect((await fetch(`${urls.approvalOfKarin}/pictures/${hash}`)).status).toBe(404);
    expect((await fetch(`${urls.maria}/pictures/${'0'.repeat(64)}`)).status).toBe(404);
    await test.live.db.query(
      `insert into agreements select (jsonb_populate_record(a, '{"number": "another"}')).* from agreements a limit 1`,
    );
    await test.live.db.query(
      `insert into page_pictures (agreement, sha256, media_type, bytes, at) values ('another', $1, 'image/png', '', now())`,
      ['a'.repeat(64)],
    );
    expect((await fetch(`${urls.maria}/pictures/${'a'.repeat(64)}`)).status).toBe(404);
    expect((await fetch(`${test.intake.url}/pages/forged/pictures/${hash}`)).status).toBe(403);
  });
});

describe('testers', () => {
  const invitation = { do: 'tester-invited', name: 'Eva Åkesson', email: 'eva@testbolaget.example.com' };

  it('are invited by the system owner or the management, by name and address', async () => {
    const maria = await send(urls.maria, invitation);
    expect([maria.status, textOf(maria)]).toEqual([400, expect.stringContaining('Bara systemägaren')]);
    expect((await open(urls.maria)).html).not.toContain('tester-invited');
    for (const [wrong, words] of [
      [{ name: '' }, 'testarens namn'],
      [{ name: 'Vinn pengar på www.example.com' }, 'testarens namn'],
      [{ email: 'eva' }, 'du skrev ”eva”'],
      [{ email: 'Anna.Berg@pector.example' }, 'Anna Berg arbetar hos oss'],
    ] as const) {
      const page = await send(urls.johan, { ...invitation, ...wrong });
      expect([page.status, textOf(page)]).toEqual([400, expect.stringContaining(words)]);
    }
    const done = await send(urls.johan, { ...invitation, 'process-bank-files': 'yes' });
    expect(textOf(done)).toContain('Eva Åkesson får ett mejl till eva@testbolaget.example.com');
    // Contacts are no second persons: who is not asked by the terms gets the link, and the others have it.
    const contacts = await test.live.db.query('select 1 from testers');
    const maria2 = { ...invitation, name: 'M Strand', email: 'Maria.Strand@testbolaget.example.com' };
    expect(textOf(await send(urls.johan, maria2))).toContain(
      'Maria Strand är redan kontaktperson i avtalet. Vi mejlar',
    );
    const johan = await send(urls.johan, { ...invitation, email: 'johan.lind@testbolaget.example.com' });
    expect([johan.status, textOf(johan)]).toEqual([400, expect.stringContaining('Det är din egen adress')]);
    expect(await test.live.db.query('select 1 from testers')).toHaveLength(contacts.length + 1);
    expect(textOf(await open(urls.johan))).toMatch(/Testare.*Maria Strand/);
    const known = await send(urls.johan, { ...invitation, email: 'EVA@testbolaget.example.com' });
    expect(textOf(known)).toContain('Eva Åkesson är redan inbjuden');
    await eventually('the agreement knows', async () => {
      const rows = await test.live.db.query(
        `select 1 from events where ref = 'testerInvited' and detail ->> 'tester' in ('tester-1', 'contact-3')`,
      );
      return rows.length === 2;
    });
  });

  it('see and report the cases of their processes alone, until they are removed', async () => {
    const eva = await test.testerLink('tester-1', 'eva@testbolaget.example.com');
    const page = await open(eva);
    expect(textOf(page)).toContain('Läs in en fil med inbetalningar');
    expect(textOf(page)).not.toMatch(/Moms|Testare|Order till faktura/);
    expect(textOf(await report(eva, 'passed', 'bank-files.2'))).toMatch(/Sparat .*: fungerar/);
    const picturesOf = async (of: string): Promise<string[]> => {
      const rows = await test.live.db.query<{ hash: string }>(
        `select distinct jsonb_array_elements_text(detail -> 'pictures') as hash from events
          where ref = 'customerTested' and detail ->> 'case' like $1 and detail ? 'pictures'`,
        [of],
      );
      return rows.map(({ hash }) => hash);
    };
    const own = await picturesOf('bank-files.%');
    const others = (await picturesOf('vat.%')).filter((hash) => !own.includes(hash));
    const given = (hashes: string[]) =>
      Promise.all(hashes.map(async (hash) => (await fetch(`${eva}/pictures/${hash}`)).status));
    expect(new Set(await given(own))).toEqual(new Set([200]));
    expect(new Set(await given(others))).toEqual(new Set([404]));
    const foreign = await report(eva, 'failed', 'vat.1', { note: 'nej' });
    expect([foreign.status, textOf(foreign)]).toEqual([400, expect.stringContaining('finns inte här')]);
    expect(textOf(await open(urls.maria))).toContain('Eva Åkesson');
    // Another address than the one it was mailed to, and another page, open nothing.
    expect((await open(await test.testerLink('tester-1', 'adam@testbolaget.example.com'))).status).toBe(410);
    const removed = await send(urls.johan, { do: 'tester-removed', tester: 'tester-1' });
    expect(textOf(removed)).toContain('Länken till Eva Åkesson öppnar inget längre');
    const gone = await open(eva);
    expect([gone.status, textOf(gone)]).toEqual([
      410,
      expect.stringContaining('inte längre bland dem som testar'),
    ]);
    expect(textOf(gone)).toContain('Hör av dig till Anna Berg');
    expect(textOf(await open(urls.maria))).toContain('Eva Åkesson');
  });
});

describe('the approval', () => {
  let cookie: string;
  const sumOf = (page: Page): string => /Kontrollsumma: ([0-9a-f]{12})\b/.exec(textOf(page))?.[1] ?? '';
  const shownOf = ({ html }: Page): string => /name="shown" value="([0-9a-f]{64})"/.exec(html)?.[1] ?? '';
  const approve = (page: Page, more: Fields = {}): Promise<Page> =>
    send(
      urls.approvalOfKarin,
      { do: 'approved', shown: shownOf(page), sure: 'yes', ...more },
      { cookie, page },
    );
  const openAsKarin = (): Promise<Page> => open(urls.approvalOfKarin, { headers: { cookie } });

  beforeAll(async () => {
    const failed = (await results()).filter(({ ok }) => !ok).map(({ part }) => part);
    for (const id of failed) await report(urls.johan, 'passed', id);
    expect(
      await test.say('upgradePhaseCompleted', { phase: 'test', session: test.yesterday, passed: 'all' }),
    ).toBe(undefined);
  });

  it('shows what is approved, and asks somebody with the role for a code', async () => {
    const page = await open(urls.approvalOfMaria);
    const text = textOf(page);
    for (const words of [
      'Visma Business 17.0 → 18.00.2',
      'Boka in en leverans och se lagersaldot Maria Strand',
      'Gäller inte er: Boka in en leverans och se lagersaldot',
      'enkel elektronisk underskrift enligt eIDAS',
      'rollen systemägare eller ledning',
    ])
      expect(text).toContain(words);
    const [, passed, all] = /(\d+) av (\d+) delar är godkända/.exec(text) ?? [];
    // What does not concern them counts as passed, as on the test page.
    expect([passed, Number(all) > 10]).toEqual([all, true]);
    expect(sumOf(page)).toHaveLength(12);
    const refused = await send(urls.approvalOfMaria, { do: 'approved', shown: 'x', sure: 'yes' });
    expect(refused.status).toBe(403);
    const uncoded = await send(urls.approvalOfKarin, { do: 'approved', shown: 'x', sure: 'yes' });
    expect([uncoded.status, textOf(uncoded)]).toEqual([403, expect.stringContaining('kräver en kod')]);
  });

  it('takes the code, the box, and exactly the results that were shown', async () => {
    await send(urls.approvalOfKarin, { do: 'code-send' });
    const code = /^\d{6}$/m.exec(test.live.mailbox.mails.at(-1)?.text ?? '')?.[0] ?? '';
    const body = new URLSearchParams({
      ...{ do: 'code-enter', code, form: tokenOf(await open(urls.approvalOfKarin)) },
    });
    const entered = await fetch(urls.approvalOfKarin, { method: 'POST', body, redirect: 'manual' });
    cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const page = await openAsKarin();
    expect(textOf(page)).toContain(`Jag, Karin Ek, godkänner för Testbolaget AB`);
    expect(textOf(await approve(page, { sure: '' }))).toContain('Kryssa i rutan');
    const stale = await approve(page, { shown: 'f'.repeat(64) });
    expect([stale.status, textOf(stale)]).toEqual([400, expect.stringContaining('resultatet har ändrats')]);
    // The agreement takes the hash that the page computed: both compute the same.
    const approved = await approve(await openAsKarin());
    expect(textOf(approved)).toMatch(new RegExp(`Godkänd av Karin Ek .*\\. Kontrollsumma ${sumOf(page)}\\.`));
    const [row] = await test.live.db.query<{ contact: string; shown: string }>(
      `select contact, shown from upgrade_parts where part = 'decision'`,
    );
    expect(row).toEqual({ contact: 'contact-1', shown: shownOf(page) });
  });

  it('is asked for again after a late change, which is said, and opens the test for it', async () => {
    const before = sumOf(await openAsKarin());
    const failing = await report(urls.johan, 'failed', first, { note: 'momsen på fakturan' });
    expect(textOf(failing)).toContain('Anna Berg har fått veta det');
    expect(textOf(await openAsKarin())).toContain('Det är inte dags att godkänna än: Testledning pågår');
    await report(urls.johan, 'passed', first, { note: 'rättat' });
    const page = await openAsKarin();
    expect(textOf(page)).toMatch(
      new RegExp(`Karin Ek godkände .*kontrollsumma ${before}\\), men resultatet har ändrats`),
    );
    expect(page.html.match(/<strong>nytt<\/strong>/g)).toHaveLength(1);
    expect(sumOf(page)).not.toBe(before);
    expect(textOf(page)).not.toContain('Godkänd av');
  });

  it('waits where something is left, which reaches the consultant', async () => {
    const blank = await send(urls.approvalOfMaria, { do: 'approval-remains' });
    expect([blank.status, textOf(blank)]).toEqual([400, expect.stringContaining('Skriv vad som återstår')]);
    const said = await send(urls.approvalOfMaria, { do: 'approval-remains', note: 'utbildning i kassan' });
    expect(textOf(said)).toContain('Anna Berg har fått veta det');
    await eventually('the consultant is told', () =>
      test.live.mailbox.mails.some(({ text }) => text?.includes('utbildning i kassan')),
    );
    const again = await send(urls.approvalOfMaria, { do: 'approval-remains', note: 'utbildning i kassan' });
    expect(textOf(again)).toContain('Anna Berg har fått veta det');
    expect(
      await test.live.db.query(
        `select 1 from page_events where event = 'approval-remains' and details #>> '{form,note}' = 'utbildning i kassan'`,
      ),
    ).toHaveLength(1);
  });

  it('that a manager ends is never called one', async () => {
    const ended = { phase: 'approval', acceptedBy: 'manager', reason: 'ingen svarar' };
    expect(await test.say('upgradePhaseCompleted', { ...ended, by: 'manager' })).toBeUndefined();
    const text = textOf(await open(urls.approvalOfKarin));
    expect(text).toMatch(/Avslutad utan kundens godkännande .*, av Erik Holm: ingen svarar/);
    expect(text).not.toMatch(/Godkänd av|Godkänn|Godkännandet är en enkel/);
    expect(text).toContain('Uppgraderingen är avslutad utan ert godkännande: Testbolaget AB');
    // Days and times as the reader's language writes them.
    expect(text.replace(/[0-9a-f]{12}/g, '')).not.toMatch(/\d{4}-\d\d-\d\d/);
  });
});
