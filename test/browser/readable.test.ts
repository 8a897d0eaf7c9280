/** Every page and mail that people read, as it is drawn on a phone, in the dark, at a desk and on paper. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Handlebars from 'handlebars';
import type { Browser, Page } from 'playwright-core';
import type { Language } from '../../rules/engine/basics/text';
import { templateIds } from '../../rules/engine/plan/plan';
import { agendaDocument } from '../../templates/agenda/document';
import { documentHtml } from '../../templates/documents/html';
import type { MailData } from '../../templates/mails/mail-data';
import { renderMail } from '../../templates/mails/render-mail';
import { renderPage } from '../../templates/pages/render-page';
import { aboutWords, actWords } from '../../templates/pages/wording';
import { htmlDrawing } from '../../templates/preview/draw';
import { describeInBrowser, openBrowser } from '../helpers/browser';
import type { Look } from '../helpers/looked-at';
import { faultsOf, heard, looks } from '../helpers/looked-at';
import { emptyAgenda, fullAgenda } from '../templates/agenda-example';
import { breaking, preview, whole } from '../templates/preview-example';
import { testPages } from '../templates/test-page-example';

const everyLook = Object.keys(looks) as Look[];
const onScreens = everyLook.filter((look) => look !== 'paper');
const languages: Language[] = ['sv', 'en'];

const example = (id: string): MailData =>
  JSON.parse(
    readFileSync(path.join(__dirname, '../../templates/mails', id, 'example.json'), 'utf8'),
  ) as MailData;

/** Data whose free texts are long, and of words as long as they get. */
function withLongWords<T>(value: T, key = ''): T {
  const free = ['name', 'what', 'note', 'reason', 'title', 'place', 'path', 'runbook', 'detail', 'answer'];
  if (typeof value === 'string' && free.includes(key))
    return `Försäkringsaktiebolaget ${value} https://intranet.testbolaget.example.com/documents/of/the/year?id=4711` as T;
  if (Array.isArray(value)) return value.map((one: unknown) => withLongWords(one, key)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withLongWords(one as unknown, name)]),
  ) as T;
}

const documents: Record<string, string> = Object.fromEntries(
  languages.flatMap((language) => [
    [`a plan in ${language}`, whole(htmlDrawing(language), language, preview(), breaking)],
    [`an agenda in ${language}`, documentHtml(agendaDocument(fullAgenda(), language))],
    [`an empty agenda in ${language}`, documentHtml(agendaDocument(emptyAgenda(), language))],
  ]),
);

const alerted = {
  customer: 'Försäkringsaktiebolaget Testbolaget',
  agreement: 'testbolaget-2027',
  check: 'Import av order från webshop',
  severity: 'nere',
  message: 'förväntade 200, fick 500 från https://shop.testbolaget.example.com/api/v2/orders?status=pending',
  since: '2 mars 2027 kl. 16:00',
  taken: 'Lina, 2 mars 2027 kl. 16:05',
};
const form = {
  act: 'pause',
  button: actWords.pause.button.sv,
  by: 'Lina',
  asksNote: true,
  ends: [{ value: 'open', text: '3 mars 2027 kl. 08:30, när supporten öppnar' }],
  firstDay: '2027-03-02',
  lastDay: '2027-04-01',
};
const statementLine = {
  ...{ day: '2 mars 2027', number: 12, what: 'Tekniskt arbete', by: 'Försäkringsaktiebolaget Testbolaget' },
  note: 'https://shop.testbolaget.example.com/api/v2/orders?status=pending',
  ...{
    time: '−112:15',
    left: '1 008:15',
    reported: '112:20',
    prices: '1 305,00 kr / 1 450,00 kr',
    amount: '146 486,25 kr',
  },
};
const askedCode = { state: 'enter', title: 'Se priser', text: '', to: 'k…@testbolaget.example.com' } as const;
/** Pages that are no paper: those behind links and of the intake, and the local inbox. */
const pages: Record<string, string> = {
  'an alert': renderPage('alert', 'sv', actWords.pause.title.sv, {
    lead: actWords.pause.lead.sv,
    form,
    ...alerted,
  }),
  'what was noted': renderPage('noted', 'sv', actWords.taken.noted.sv, {
    lead: 'Lina har tagit larmet.',
    form,
    ...alerted,
    over: '2 mars 2027 kl. 17:00',
  }),
  'a statement': renderPage(
    'statement',
    'sv',
    'Rättat slutbesked för timbanken, Försäkringsaktiebolaget Testbolaget',
    {
      lead: 'Så här såg timbanken ut till och med 31 december 2027. Version 1.',
      newer: 'Det finns ett rättat besked, version 2.',
      figures: [{ name: 'Köpta eller bjudna', value: '1 120:30' }],
      opening: { day: '1 januari 2027', left: '1 120:30' },
      lines: [{ ...statementLine, asked: 'Besvarad 3 mars 2027: det var layouten', ask: '?line=12' }],
      money: true,
    },
    { code: askedCode, problems: [{ field: 'code', text: 'Koden stämmer inte. Försök kvar: 4.' }] },
  ),
  'a question': renderPage(
    'question',
    'sv',
    'Fråga om raden',
    { lead: 'Anna Berg får frågan.', line: statementLine, question: 'Vad var det?' },
    { problems: [{ field: 'question', text: 'Skriv högst 1 000 tecken; du skrev 1001.' }] },
  ),
  'a question that was asked': renderPage('asked', 'en', 'Thank you, the question is sent', {
    ...{ lead: 'Anna Berg answers you by mail.', line: statementLine, question: 'Vad var det?' },
  }),
  'why a link opens nothing': renderPage('refused', 'sv', 'Länken har gått ut', {
    ...{ lead: 'Ingenting är ändrat.', whom: 'Hör av dig till Anna Berg, anna.berg@pector.example.' },
  }),
  'the intake’s own address': renderPage('about', 'sv', aboutWords.title.sv, {
    lead: aboutWords.lead.sv,
    more: aboutWords.more.sv,
    link: aboutWords.link.sv,
  }),
  'a worksheet': renderPage(
    'worksheet',
    'sv',
    'Arbetsblad: uppgraderingen hos Försäkringsaktiebolaget Testbolaget',
    {
      lead: 'Fas 3 av 7: Teknisk uppgradering, senast 1 juni 2027. Ansvarig: dedikerad konsult.',
      stands: 'Återställd och planerad på nytt, försök 2: konverteringen stannade',
      news: {
        when: 'Det du skickade 1 juni 2027 10:00 togs inte emot',
        refused: 'visma-business: förväntade en version som 18.0.2, hittade den nya',
        some: 'Det som kom före i formuläret togs emot: 1.',
        written: ['https://shop.testbolaget.example.com/api/v2/orders?status=pending'],
      },
      form: {
        phase: 'upgrade/technical',
        heading: 'Nu: Teknisk uppgradering',
        parts: [
          {
            ...{ name: 'Försäkringsaktiebolagets ordergränssnitt', versions: '17.0 → 18.10.0' },
            result: 'result-visma-business',
            choices: [{ value: 'passed', text: 'godkänd', checked: true }],
            version: { name: 'version-visma-business', value: '18.10.0' },
            note: { name: 'note-visma-business', value: '' },
          },
        ],
        values: [{ name: 'on', text: 'Dag överenskommen med kunden', value: '2027-06-01', isDay: true }],
        hasParts: true,
        byParts: true,
        note: '',
        accept: { open: true, people: [{ value: 'manager', text: 'Erik Holm' }], reason: '' },
        fail: { open: true, reason: '', ways: [{ value: '', text: 'Som reglerna säger: försök igen' }] },
      },
      phases: [
        {
          ...{ name: 'Förkontroll', state: 'avslutad' },
          lines: [
            {
              ...{ name: 'Säkerhetskopia tagen', who: 'Anna Berg, 1 juni 2027' },
              accepted:
                'godtagen av Karin Ek: https://intranet.testbolaget.example.com/documents/of/the/year',
            },
          ],
        },
      ],
    },
    { problems: [{ field: 'failReason', text: 'Skriv vad som gick fel.' }] },
  ),
  'the customer’s page': renderPage(
    'agreement',
    'sv',
    'Mitt avtal, Försäkringsaktiebolaget Testbolaget',
    {
      lead: 'Serviceavtal Guld, avtalsår 1: 1 jan 2027 – 31 dec 2027. Så här står det till 10 mars 2027 10:00.',
      ended: 'Avtalet har upphört. Sidan visar hur det slutade.',
      news: { taken: 'Noterat 10 mars 2027 10:00: åtgärden är klar.' },
      waits: [
        { text: 'Uppgraderingen: Godkännande väntar på er, senast 1 juli 2027.', url: 'https://a.example/x' },
      ],
      own: [
        {
          id: '1',
          text: 'https://intranet.testbolaget.example.com/documents/of/the/year, senast 1 mars 2027',
        },
      ],
      dates: [
        { name: 'Förvaltningsmöte 1', day: 'tis 16 feb 2027 10:00', state: 'hållet 10 feb 2027', good: true },
        { name: 'Uppgradering: testledning', day: 'ons 23 juni 2027', state: 'blev inte av', bad: true },
      ],
      hours: [{ name: 'Utöver timbanken, väntar på beställning', value: '1 007:15' }],
      kinds: [{ name: 'Konsultarbete', value: '1 007:15' }],
      reported: 'Senast rapporterat 1 feb 2027, för arbete till och med 1 feb 2027.',
      money: true,
      upgrades: [
        {
          ...{ title: 'Uppgraderingen från avtalsår 1', stands: 'Uppgraderingen är uppskjuten.' },
          ...{ agreed: 'Överenskommen dag: 27 maj 2027.' },
          systems: [{ name: 'Visma Business', value: '17.0 → 18.10.0' }],
          phases: [{ name: 'Godkännande', day: 'senast 1 juli 2027', state: 'väntar på er', bad: true }],
        },
      ],
      monitors: [{ name: 'Försäkringsaktiebolagets ordergränssnitt', state: 'fungerar inte', bad: true }],
      others: [{ what: 'Byta rapport', who: 'Anna Berg', due: 'senast 1 apr 2027, försenat' }],
      toRead: [{ href: '?statement=1', text: 'Timbanksbesked per 10 mars 2027, version 2' }],
      requests: [{ name: 'Ändrad kontakt, Johan Lind 10 mars 2027', state: 'väntar på Anna Berg' }],
      asks: {
        today: '2027-03-10',
        meeting: { open: true, about: '', on: '', at: '' },
        time: {
          ...{ open: true, on: '', at: '', why: '' },
          meetings: [{ value: 'meeting-2', text: 'Förvaltningsmöte 2, 18 maj 2027' }],
        },
        contact: { open: true, changed: 'https://intranet.testbolaget.example.com/documents/of/the/year' },
        canMakeFeed: false,
      },
      feed: {
        address:
          'https://avtal.pector.example/pages/eyJpZCI6NDcxMSwiYWdyZWVtZW50IjoidGVzdGJvbGFnZXQtMjAyNyJ9',
        subscribe: 'webcal://avtal.pector.example/pages/eyJpZCI6NDcxMX0',
        text: 'Lägg in adressen som en kalender att prenumerera på. Den gäller till och med 9 mars 2028.',
      },
      reach: ['Anna Berg, er dedikerade konsult: anna.berg@pector.example.'],
    },
    { problems: [{ field: 'wishedOn', text: 'Välj en dag från och med i dag.' }] },
  ),
  'the minutes of a meeting': renderPage('minutes', 'sv', 'Minnesanteckningar: förvaltningsmöte 1', {
    ...{ lead: 'Mötet hölls 10 feb 2027, 1 tim 35 min.', participants: ['Karin Ek', 'Anna Berg'] },
    ...{ decisions: ['Orderimporten flyttas'], note: 'https://intranet.testbolaget.example.com/documents' },
    actions: [
      { name: 'Skicka prislistan (Johan Lind)', day: 'senast 1 mars 2027', state: 'försenat', bad: true },
    ],
  }),
  'what was asked for': renderPage('done', 'sv', 'Tack, det är skickat', {
    lead: 'Anna Berg får det som mejl och hör av sig.',
  }),
  'a question to a partner': renderPage(
    'partner',
    'sv',
    'Fungerar Försäkringsaktiebolagets ordergränssnitt?',
    {
      lead: 'Affärssystemet hos Testbolaget AB är uppgraderat. Fungerar integrationen med den nya versionen?',
      news: { taken: 'Tack, svaret är noterat 1 juni 2027 10:00.' },
      systems: [{ name: 'Visma Business', versions: '17.0 → 18.10.0' }],
      said: 'Vi har ert svar: nej, 1 juni 2027.',
      form: {
        ...{ yes: 'Ja, den fungerar', no: 'Nej, något fungerar inte', isNo: true },
        ...{ asksVersion: true, version: '7.1', note: 'https://partner.example/en/mycket/lang/adress' },
      },
      more: 'Undrar ni något? Hör av er till Anna Berg, anna.berg@pector.example.',
    },
  ),
  ...testPages,
  'the inbox': Handlebars.compile(readFileSync(path.join(__dirname, '../../worker/local/inbox.hbs'), 'utf8'))(
    {
      words: {
        language: 'sv',
        inbox: 'Mejlkorg',
        all: 'Alla mejl',
        from: 'från',
        to: 'till',
        source: 'Källtext',
      },
      mails: [
        { id: 'a', to: '"Karin Ek" <karin.ek@testbolaget.example.com>', subject: 'Timbanken', open: true },
      ],
      mail: { id: 'a', subject: 'Timbanken', from: 'a@pector.example', to: 'b@kund.example', text: 'Hej!' },
    },
    { helpers: { local: () => '2027-03-02 16:00' } },
  ),
};

describeInBrowser('drawn by a browser', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    page = await browser.newPage();
  });

  afterAll(() => browser.close());

  it('finds what it looks for', async () => {
    const bad = `<p style="color:#999">pale</p><p style="font-size:8px">small</p>
      <table style="table-layout:fixed;width:60px"><td style="overflow-wrap:anywhere">uppgradering</td></table>
      <pre>${'wide '.repeat(40)}</pre>`;
    expect(await faultsOf(page, bad, ['phone'])).toEqual({
      phone: [
        expect.stringMatching(/^wider than the window: \d+ of 390$/) as string,
        'pale (2.8): pale',
        'small (8): small',
        'broken: uppgradering',
      ],
    });
  });

  it.each(Object.entries(documents))('%s is readable everywhere', async (_name, html) => {
    expect(await faultsOf(page, html, everyLook)).toEqual({});
  });

  it.each(Object.entries(pages))('the page of %s is readable on every screen', async (_name, html) => {
    const found = await faultsOf(page, html, onScreens);
    // An address may be broken where a line ends.
    const faults = Object.values(found).flat();
    expect(faults.filter((fault) => !fault.startsWith('broken'))).toEqual([]);
  });

  it.each(templateIds)('the mail %s is readable on every screen', async (id) => {
    for (const language of languages)
      expect(await faultsOf(page, renderMail(id, language, example(id)).html, onScreens)).toEqual({});
  });

  it.each(['monitor-alert', 'monitor-storm', 'monitor-recovery', 'monitor-digest'] as const)(
    'the mail %s stays on a phone with names in wide capitals, in the light and in the dark',
    async (id) => {
      const wide = /"(name|customer|runbook|takenBy)":"[^"]*"/g;
      const text = JSON.stringify(example(id)).replaceAll(wide, '"$1":"FÖRSÄKRINGSAKTIEBOLAGETSMWMW AB"');
      const { html } = renderMail(id, 'sv', JSON.parse(text) as MailData);
      const found = await faultsOf(page, html, ['phone', 'phone in the dark']);
      expect(
        Object.values(found)
          .flat()
          .filter((fault) => !fault.startsWith('broken')),
      ).toEqual([]);
    },
  );

  it('says rows and headers of a table to a screen reader, on a phone as at a desk', async () => {
    for (const look of ['phone', 'desk'] as const) {
      const plan = await heard(page, documents['a plan in sv']!, look);
      expect(plan).toContain('- table "åtaganden":');
      expect(plan).toContain('- rowheader "förvaltningsmöte 5"');
      const agenda = await heard(page, documents['an agenda in sv']!, look);
      expect(agenda).toContain('- table "Överenskomna åtgärder"');
      expect(agenda).toContain('- rowheader "Utse testare för uppgraderingen"');
    }
  });

  it('says a mail’s tables of data as tables, and none that only lays it out', async () => {
    const statement = await heard(
      page,
      renderMail('hour-statement', 'sv', example('hour-statement')).html,
      'phone',
    );
    const tables = [...statement.matchAll(/- table(?: "(.*)")?:/g)].map(([, name]) => name);
    expect(tables).toEqual(['Timbanken', 'Timmar månad för månad', 'Bokförda timmar']);
    expect(statement).toContain('- rowheader "Avtalade timmar"');
    expect(statement).toContain('- columnheader "Datum och arbete"');
  });

  it.each(templateIds)('the mail %s stays on a phone with the longest of words and addresses', async (id) => {
    const mail = renderMail(id, 'sv', withLongWords(example(id)));
    expect(await faultsOf(page, mail.html, ['phone'])).toEqual({});
  });

  it('the mail signing-amendment stays on a phone, whatever people have written in what changes', async () => {
    const text = JSON.stringify(example('signing-amendment'));
    const free = /"(sv|en|title|name)":"([^"]*)"/g;
    const long = text.replaceAll(free, '"$1":"$2 Försäkringsaktiebolaget Redovisningsavdelningens"');
    for (const language of languages) {
      const { html } = renderMail('signing-amendment', language, JSON.parse(long) as MailData);
      expect(await faultsOf(page, html, onScreens)).toEqual({});
    }
  });
});
