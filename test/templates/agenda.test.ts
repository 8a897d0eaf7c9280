import type { Language } from '../../rules/engine/basics/text';
import type { AgendaData } from '../../templates/agenda/data';
import { hourBankChart } from '../../templates/documents/hour-chart';
import type { Block, PrintedDocument } from '../../templates/documents/document';
import { agendaDocument, meetingName } from '../../templates/agenda/document';
import { documentHtml } from '../../templates/documents/html';
import { emptyAgenda, fullAgenda } from './agenda-example';

const languages: Language[] = ['sv', 'en'];

const section = (document: PrintedDocument, id: string): Block[] =>
  document.sections.find((each) => each.id === id)?.blocks ?? [];

const rows = (document: PrintedDocument, id: string): string[][] =>
  section(document, id)
    .flatMap((block) => (block.kind === 'table' ? block.rows : []))
    .map((cells) => cells.map(({ text }) => text));

const empties = (document: PrintedDocument): string[] =>
  document.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'empty' ? [block.text] : [])),
  );

describe('the agenda as HTML', () => {
  it.each(languages)('tells a year with much in it, in %s', (language) => {
    expect(documentHtml(agendaDocument(fullAgenda(), language))).toMatchSnapshot();
    expect(documentHtml(agendaDocument(fullAgenda(), language))).toMatch(
      /<figure><figcaption>(Dra diagrammet åt sidan|Swipe the chart sideways) .*<\/figcaption><div tabindex="0"><svg /,
    );
  });

  it.each(languages)('tells a year in which nothing has happened, in %s', (language) => {
    expect(documentHtml(agendaDocument(emptyAgenda(), language))).toMatchSnapshot();
  });

  it('lets nothing that people wrote act as HTML', () => {
    const hostile = '<img src=x onerror="alert(1)"> & \'</td>\u0000\u001b[31m';
    const data = replaceTexts(fullAgenda(), hostile);
    const html = documentHtml(agendaDocument(data, 'sv'));
    expect(html.match(/<img|<script|<\/td>&|(?!\n)\p{Cc}/gu)).toBeNull();
    expect(html).toContain('&#60;img src=x onerror=&#34;alert(1)&#34;&#62; &#38; &#39;&#60;/td&#62;');
  });

  it('fetches nothing and runs nothing', () => {
    const html = documentHtml(agendaDocument(fullAgenda(), 'en'));
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html.match(/<script|<link|src=|url\(|@import|https?:/g)).toBeNull();
  });
});

/** Every text a person wrote replaced. */
function replaceTexts(data: AgendaData, text: string): AgendaData {
  return {
    ...data,
    customer: text,
    meeting: { ...data.meeting, place: text, participants: [text] },
    since: { ...data.since, decisions: [text] },
    topics: [text, { sv: text, en: text }],
    entries: data.entries.map((entry) => ({ ...entry, note: text, service: text })),
    cases: data.cases.map((each) => ({ ...each, title: text, reference: text, resolution: text })),
    actions: data.actions.map((action) => ({ ...action, what: text, owner: text })),
    training: data.training.map((note) => ({ ...note, text })),
    proposals: data.proposals.map((note) => ({ ...note, text })),
    improvements: data.improvements.map((each) => ({ ...each, title: text, note: text })),
    upgrade: { ...data.upgrade, news: data.upgrade.news.map((note) => ({ ...note, text })) },
  };
}

describe('what the agenda says', () => {
  it('says in each section that there is nothing', () => {
    expect(empties(agendaDocument(emptyAgenda(), 'sv'))).toEqual([
      'Inga stående punkter är bestämda i avtalet.',
      'Inga timmar är rapporterade sedan sist.',
      'Inga steg i uppstart eller uppgradering är avslutade sedan sist.',
      'Inga incidenter är rapporterade sedan sist.',
      'Inga supportärenden sedan sist.',
      'Inga öppna åtgärder.',
      'Inga utbildningsbehov är antecknade sedan sist.',
      'Inga förslag är antecknade sedan sist.',
      'Inga förslag att besluta om och inga beslutade förbättringar som väntar.',
      'Inga nyheter är antecknade ännu.',
      'Ingen uppgradering är planerad under det här avtalsåret.',
      'Inga fler datum under avtalsåret.',
    ]);
    expect(empties(agendaDocument(emptyAgenda(), 'en'))).toHaveLength(12);
    expect(empties(agendaDocument(fullAgenda(), 'sv'))).toEqual([]);
  });

  it.each([
    ['meeting-2', 'sv', 'Förvaltningsmöte 2'],
    ['meeting-extra-1', 'sv', 'Extra förvaltningsmöte 1'],
    ['meeting-extra-10', 'en', 'Extra management meeting 10'],
  ] as const)('calls %s in %s %s', (id, language, name) => {
    expect(meetingName(id, language)).toBe(name);
  });

  it('names the topics by their codes or their wordings, and where their material is', () => {
    const [list] = section(agendaDocument(fullAgenda(), 'en'), 'topics');
    expect(list).toMatchObject({
      items: [
        { text: 'New needs and improvements – what could work better for you?', section: 'improvements' },
        { text: 'Work done and support cases since last time', note: 'see section 1' },
        { text: 'Training needs', note: 'see section 6' },
        { text: 'Planning future improvements', note: 'see section 7' },
        { text: 'News in the annual upgrade that matter to you', note: 'see section 8' },
        { text: 'Year-end closing' },
      ],
    });
  });

  it('adds up the hours since last time, corrections with their sign', () => {
    const document = agendaDocument(fullAgenda(), 'en');
    expect(rows(document, 'work').slice(0, 4)).toEqual([
      ['10 Mar 2027', 'Ny fakturalayout med QR-kod', 'Consulting', '2:30'],
      ['22 Mar 2027', 'Utbildning i periodisering, två dagar', 'Training', '16:00'],
      ['14 Apr 2027', 'Correction of time from 22 Mar 2027', 'Training', '−2:00'],
      ['3 May 2027', 'Work without a note', 'Technical work', '33:15'],
    ]);
    const [, table] = section(document, 'work');
    expect(table).toMatchObject({ total: [{ text: 'Total' }, {}, {}, { text: '49:45' }] });
  });

  it('keeps incidents and other cases apart, and counts each', () => {
    const document = agendaDocument(fullAgenda(), 'sv');
    expect(rows(document, 'incidents').slice(0, 2)).toEqual([
      [
        'INC-1042',
        '3 mars 2027',
        '3 mars 2027',
        'Orderimporten stod still',
        'Katalogen var full; gamla filer flyttas nu varje natt.',
      ],
      ['INC-1077', '10 maj 2027', 'öppet', 'Löneverifikat saknas', 'inte angivet'],
    ]);
    expect(rows(document, 'cases').map(([reference, , closed]) => [reference, closed])).toEqual([
      ['A-2031', '16 mars 2027'],
      ['A-2044', 'väntar'],
    ]);
    expect(section(document, 'cases')[0]).toEqual({
      kind: 'text',
      text: '2 ärenden: 1 stängt, 1 öppet. Nedlagd tid: 15\u00a0minuter.',
    });
  });

  it('tells what monitoring alerted, how soon somebody acted, and what is not watched', () => {
    const document = agendaDocument(fullAgenda(), 'sv');
    expect(rows(document, 'incidents').slice(2)).toEqual([
      ['Import av order från webshop', 'nere', '10 maj 2027 08:12', 'öppet', '12 min'],
      ['Webshoppens certifikat', 'varning', '2 mars 2027 00:30', '2 mars 2027 10:05', '1 tim 35 min'],
    ]);
    const many = Array.from({ length: 23 }, (_, index) => ({
      name: `Kontroll ${index}`,
      severity: 'down' as const,
      since: '2027-05-10T06:12:00.000Z',
    }));
    const calm = agendaDocument(
      fullAgenda({ cases: [], monitoring: { checks: 1, incidents: [], notChecked: [] } }),
      'sv',
    );
    const busy = agendaDocument(
      fullAgenda({ monitoring: { checks: 1, incidents: many, notChecked: [] } }),
      'sv',
    );
    expect(JSON.stringify(section(calm, 'incidents'))).toContain(
      '1 kontroll övervakas; inga larm sedan sist.',
    );
    expect(JSON.stringify(section(busy, 'incidents'))).toContain('… och 3 larm till.');
  });

  it('marks overdue actions as of the day it is written', () => {
    const states = (asOf: string) =>
      rows(agendaDocument(fullAgenda({ asOf }), 'sv'), 'actions').map(([, , , state]) => state);
    expect(states('2027-05-11T06:30:00.000Z')).toEqual(['försenad', 'öppen', 'klart 25 feb 2027']);
    expect(states('2027-03-31T06:30:00.000Z')).toEqual(['öppen', 'öppen', 'klart 25 feb 2027']);
  });

  it('tells where each improvement stands', () => {
    expect(rows(agendaDocument(fullAgenda(), 'sv'), 'improvements').map(([, , state]) => state)).toEqual([
      'att besluta, föreslagen 2 feb 2027',
      'beslutad 16 feb 2027, inte klar',
      'klar 8 apr 2027',
      'avböjd 16 feb 2027',
    ]);
  });

  it('tells of a done upgrade what it brought', () => {
    const full = fullAgenda();
    const phases = full.upgrade.phases.map((phase, index) => ({
      ...phase,
      state: 'done' as const,
      closedOn: `2027-06-0${index + 1}`,
    }));
    const document = agendaDocument(fullAgenda({ upgrade: { ...full.upgrade, phases } }), 'sv');
    expect(section(document, 'upgrade').slice(0, 3)).toEqual([
      { kind: 'text', text: 'Årets uppgradering är genomförd, godkänd 5 juni 2027.' },
      { kind: 'text', text: 'Era system i dag: Visma Business 17.0, Pector Import 5.2.' },
      { kind: 'heading', text: 'Det här gav uppgraderingen er' },
    ]);
    const open = agendaDocument(fullAgenda(), 'sv');
    expect(section(open, 'upgrade')[1]).toEqual({ kind: 'heading', text: 'Nyheter som är relevanta för er' });
  });

  it('tells at the first meeting after it from what to what was upgraded and what that brought, and what comes next apart', () => {
    const full = fullAgenda();
    const [release] = full.upgrade.releaseNews;
    const upgraded = {
      on: '2027-06-08',
      systems: [
        { id: 'visma-business', from: '17.0', to: '18.00.2' },
        { id: 'pector-import', to: '5.4' },
      ],
      news: [release!],
    };
    const releaseNews = [{ ...release!, version: '18.10.0', text: 'E-faktura' }];
    const blocks = (language: 'sv' | 'en', news: typeof releaseNews) =>
      section(
        agendaDocument(fullAgenda({ upgrade: { ...full.upgrade, upgraded, releaseNews: news } }), language),
        'upgrade',
      );
    expect(blocks('sv', releaseNews).slice(1, 7)).toMatchObject([
      {
        kind: 'text',
        text: 'Sedan 8 juni 2027 arbetar ni i Visma Business 18.00.2 (tidigare 17.0), Pector Import 5.4.',
      },
      { kind: 'heading', text: 'Det här gav uppgraderingen er' },
      { kind: 'list', items: [{ text: release!.text, note: 'från Visma Business 18.00.0' }] },
      { kind: 'table' },
      { kind: 'heading', text: 'Nyheter som är relevanta för er' },
      { kind: 'list', items: [{ text: 'E-faktura', note: 'från Visma Business 18.10.0' }] },
    ]);
    const [, text, ...rest] = blocks('en', []);
    expect(text).toMatchObject({
      text: 'Since 8 Jun 2027 you work in Visma Business 18.00.2 (17.0 before), Pector Import 5.4.',
    });
    expect(rest.filter(({ kind }) => kind === 'heading')).toHaveLength(2);
  });

  it('tells from when it covers, and that a meeting is not booked', () => {
    const facts = (data: AgendaData) =>
      Object.fromEntries(
        agendaDocument(data, 'sv').facts.map(({ label, value, note }) => [label, [value, note]]),
      );
    expect(facts(fullAgenda())).toMatchObject({
      Tid: ['Tisdag 18 maj 2027 kl. 10:00–11:30', undefined],
      'Avser tiden': ['sedan förvaltningsmöte 1, 16 feb 2027', 'Underlaget är sammanställt 11 maj 2027'],
    });
    expect(facts(emptyAgenda())).toMatchObject({
      Tid: ['Tisdag 16 februari 2027 kl. 10:00–11:00', 'planerad tid, ännu inte bokad'],
      Plats: ['Inte bestämd ännu', undefined],
      'Avser tiden': ['sedan avtalet började, 1 jan 2027', 'Underlaget är sammanställt 9 feb 2027'],
    });
  });
});

describe('the chart of the hour bank', () => {
  const lines = (data: AgendaData, tone: string): (readonly [number, number])[][] =>
    hourBankChart(data, 'sv').shapes.flatMap((shape) =>
      shape.kind === 'line' && shape.tone === tone && shape.points.length > 2 ? [[...shape.points]] : [],
    );
  const texts = (data: AgendaData): string[] =>
    hourBankChart(data, 'sv').shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));

  it('draws what is used as stairs that end today', () => {
    const data = fullAgenda();
    const [used = []] = lines(data, 'used');
    const today = hourBankChart(data, 'sv').shapes.find(({ tone }) => tone === 'today');
    const at = today?.kind === 'line' ? today.points[0]?.[0] : undefined;
    expect(used.at(-1)?.[0]).toBeCloseTo(at ?? 0);
    // 130 of 365 days of a plot that is 453 points wide and begins at 34.
    expect(at).toBeCloseTo(34 + (453 * 130) / 365, 1);
    // Stairs: from one point to the next either the day changes or the hours.
    for (const [index, [x, y]] of used.slice(1).entries())
      expect(x === used[index]?.[0] || y === used[index]?.[1]).toBe(true);
  });

  it('draws what there is to use over the whole year, and its fall when rolled hours lapse', () => {
    const [whole] = lines(fullAgenda(), 'available');
    expect(new Set(whole?.map(([, y]) => y)).size).toBe(1);
    const { hours } = fullAgenda();
    const curve = [...hours.curve.slice(0, 3), { on: '2027-03-01', used: 1500, available: 12000 }];
    const [lapsed] = lines(fullAgenda({ hours: { ...hours, rolledIn: 0, used: 1500, curve } }), 'available');
    expect(new Set(lapsed?.map(([, y]) => y)).size).toBe(2);
  });

  it('stays within its frame when more is used than there is, and without any hours', () => {
    const { hours } = fullAgenda();
    const over = {
      ...hours,
      used: 20000,
      curve: [...hours.curve, { on: '2027-05-09', used: 20000, available: 14400 }],
    };
    const none = { ...hours, contracted: 0, rolledIn: 0, used: 0, curve: [] };
    for (const data of [fullAgenda({ hours: over }), fullAgenda({ hours: none })])
      for (const shape of hourBankChart(data, 'sv').shapes)
        for (const [x, y] of 'points' in shape ? shape.points : [shape.at]) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(495);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(178);
        }
  });

  it('names the months of the agreement year, by their first day where that is not the 1st', () => {
    expect(texts(fullAgenda())).toEqual(expect.arrayContaining(['jan', 'juni', 'dec', '11 maj 2027', '150']));
    const year = { number: 1, from: '2026-06-15', to: '2027-06-15' };
    expect(texts(fullAgenda({ year }))).toEqual(expect.arrayContaining(['15 juni', '15 dec', '15 maj']));
  });
});
