import type { Language } from '../../rules/engine/basics/text';
import type { PreviewTotals } from '../../templates/preview/document';
import { agreementBlock, showValue, summaryLines, unusableBlock } from '../../templates/preview/document';
import type { Drawing } from '../../templates/preview/draw';
import { htmlDrawing, markdownDrawing, textDrawing } from '../../templates/preview/draw';
import { movedBlocks } from '../../templates/preview/campaign';
import { explanationText } from '../../templates/preview/explain';
import { dividedBlock } from '../../templates/preview/targets';
import { breaking, place, preview, totals, value, whole } from './preview-example';

const hostile = '# <script>alert("1")</script> | `x` *b*\n- [a](b) \u001b[31m &amp;';
const drawings: [string, (language: Language) => Drawing][] = [
  ['text', () => textDrawing(false)],
  ['markdown', () => markdownDrawing],
  ['HTML', htmlDrawing],
];

describe('a preview drawn', () => {
  for (const language of ['sv', 'en'] as const)
    it.each(drawings)(`as %s in ${language} reads`, (_name, drawing) => {
      expect(whole(drawing(language), language, preview(), breaking)).toMatchSnapshot();
    });

  it('is coloured in a terminal and nowhere else, with the same words', () => {
    const coloured = whole(textDrawing(true), 'sv', preview());
    expect(coloured).toContain('\u001b[33m~\u001b[0m');
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(whole(textDrawing(false), 'sv', preview()));
  });
});

it('shows the day of a mail as it is in Sweden, also of one at midnight', () => {
  const night = (at: string) => ({
    change: 'added' as const,
    obligation: 'meeting-2',
    step: 'invite',
    to: 'customer' as const,
    template: 'meeting-invitation' as const,
    toAt: at,
  });
  const mails = [night('2027-06-30T22:00:00.000Z'), night('2027-12-31T23:30:00.000Z')];
  const { groups } = agreementBlock(preview({ plan: { obligations: [], mails } }), 'en');
  expect(
    groups.find(({ title }) => title === 'mails')!.lines.map(({ change }) => change.slice(0, 16)),
  ).toEqual(['2027-07-01 00:00', '2028-01-01 00:30']);
});

it.each<[string, Partial<PreviewTotals>, string]>([
  ['nothing changes', {}, 'No live agreement changes'],
  ['releases concern upgrades', { targets: 3 }, 'The releases concern the upgrade of 3 agreements.'],
  ['a campaign moves them', { windows: 1 }, '1 running agreement gets another time from the campaign.'],
])('ends with what becomes of the agreements where %s', (_what, more, said) => {
  const lines = summaryLines({ ...totals, changed: 0, ...more }, 0, 'en');
  expect(lines[0]).toContain(said);
  expect(lines.filter((line) => line.startsWith('No live'))).toHaveLength(
    Object.keys(more).length === 0 ? 1 : 0,
  );
});

it('calls phases as the rules do: of an agreement, and of one that windows move', () => {
  const phaseNames = { licences: { sv: 'licenskontroll', en: 'licence check' } };
  const moved = { change: 'moved' as const, id: 'upgrade/licences', from: '2027-05-10', to: '2027-05-18' };
  const about = { obligation: moved.id, step: 'start', to: 'consultant' as const, change: 'added' as const };
  const mails = [{ ...about, template: 'upgrade-phase' as const, toAt: '2027-05-03T06:30:00.000Z' }];
  const later = [{ on: '2027-04-01', obligations: [moved], mails }];
  const block = agreementBlock(preview({ plan: { obligations: [moved], mails }, later, phaseNames }), 'sv');
  const named = {
    agreement: 'testbolaget-2027',
    customer: 'Testbolaget AB',
    obligations: [moved],
    phaseNames,
  };
  for (const { draw, blank } of [
    { draw: textDrawing(false), blank: ' +' },
    { draw: htmlDrawing('sv'), blank: '[^]*?' },
  ]) {
    const drawn = draw.block(block);
    expect(drawn.match(/licenskontroll/g)).toHaveLength(4);
    expect(drawn).not.toContain('licences');
    const [movedBlock] = movedBlocks([named], 'sv').map((one) => draw.block(one));
    expect(movedBlock).toMatch(
      new RegExp(
        `Faser som flyttas av tiderna[^]*Testbolaget AB \\(testbolaget-2027\\)[^]*licenskontroll${blank}2027-05-10[^]*2027-05-18`,
      ),
    );
  }
  expect(movedBlocks([], 'sv')).toEqual([]);
});

it('says of a shared installation where its agreements would go by themselves, and where all go', () => {
  const choices = [
    { agreement: 'a', version: '18.00.0' },
    { agreement: 'b', version: '18.10.0' },
  ];
  const divided = { installation: 'drift', product: 'visma-business', version: '18.00.0', choices };
  const block = dividedBlock([{ ...divided, customers: { a: 'Alfa AB', b: 'Beta AB' } }], 'sv')!;
  expect(textDrawing(false).block(block)).toBe(
    [
      '\n! Installationer vars avtal skulle gå till olika versioner',
      '    drift: alla går till Visma Business 18.00.0',
      '      = Alfa AB (a)  skulle för sig gå till 18.00.0',
      '      ! Beta AB (b)  skulle för sig gå till 18.10.0\n',
    ].join('\n'),
  );
  expect(dividedBlock([], 'sv')).toBeUndefined();
});

describe('what people wrote', () => {
  const named = preview({
    customer: hostile,
    values: [value({ rule: hostile, from: hostile, to: '|' })],
    plan: { obligations: [], mails: [] },
    broken: [
      { path: 'support.opens', signed: hostile, now: '09:00', on: '2027-03-15', rule: hostile, place },
    ],
  });
  const drawn = (drawing: Drawing): string =>
    drawing.block(agreementBlock(named, 'sv')) + drawing.block(unusableBlock('b-2027', hostile, 'sv'));

  it('begins no line, moves no cursor and writes no colour in a terminal', () => {
    const text = drawn(textDrawing(false));
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(text.replace(/\n/g, '')).not.toMatch(/[\u0000-\u001f]/);
    expect(text.split('\n').filter((line) => line.trimStart().startsWith('- '))).toEqual([]);
    expect(text).toContain('<script>');
  });

  it('is no markup, no heading, no list and no cell of its own in markdown', () => {
    const text = drawn(markdownDrawing);
    expect(text).not.toMatch(/(?<!\\)<|(?<!\\)\[a|(?<!\\)\*b|(?<!\\)&amp;|^# |^- \[/m);
    for (const line of text.split('\n').filter((one) => one.startsWith('|')))
      expect(line.replace(/\\\\/g, '').replace(/\\\|/g, '').match(/\|/g)).toHaveLength(5);
    for (const customer of ['- a', '1. a', '12) a', '=== a', '+ a', '# a', '> a', '~~~ a', '    ---']) {
      const block = markdownDrawing.block(agreementBlock(preview({ customer }), 'sv'));
      expect(block.split('\n')[3]).toMatch(/^\s{0,3}(\\|\d+\\)/);
    }
  });

  it('is text in HTML', () => {
    const html = drawn(htmlDrawing('sv'));
    expect(html).not.toContain('<script');
    expect(html).not.toContain('"1"');
    expect(html).toContain('&#60;script&#62;alert(&#34;1&#34;)');
    expect(html).toContain('&#38;amp;');
  });
});

describe('what is long', () => {
  it('is shortened group by group, and what is left out is counted', () => {
    const obligations = Array.from({ length: 50 }, (_, at) => ({
      change: 'added' as const,
      id: `meeting-${at + 1}`,
      to: '2027-09-20',
    }));
    const block = agreementBlock(preview({ plan: { obligations, mails: [] } }), 'en');
    const group = block.groups.find(({ title }) => title === 'obligations')!;
    expect([group.lines.length, group.note]).toEqual([12, 'and 38 more']);
    const exactly = agreementBlock(
      preview({ plan: { obligations: obligations.slice(0, 12), mails: [] } }),
      'en',
    );
    expect(exactly.groups.find(({ title }) => title === 'obligations')!.lines).toHaveLength(12);
    expect(exactly.groups.every(({ note }) => note === undefined)).toBe(true);
  });

  it('never hides a broken promise', () => {
    const broken = Array.from({ length: 30 }, () => breaking.broken[0]!);
    expect(agreementBlock(preview({ broken }), 'sv').groups[0]!.lines).toHaveLength(30);
  });

  it('is cut within a value, by characters as people count them', () => {
    expect(showValue('å'.repeat(60), 'sv')).toBe('å'.repeat(60));
    expect(showValue('🌧'.repeat(61), 'sv')).toBe(`${'🌧'.repeat(59)}…`);
  });

  it.each<[unknown, string]>([
    [undefined, '(nothing)'],
    [0, '0'],
    ['', ''],
    [[], '[]'],
    [['a', 1, { daysBefore: 3 }], '[a, 1, {"daysBefore":3}]'],
    [true, 'true'],
    [[{ daysBefore: 7, to: ['customer'] }, { daysBefore: 3 }], 'daysBefore 7, to [customer]; daysBefore 3'],
    [[{ hours: 20, pricePerHour: 1190 }], '20 hours at SEK 1,190.00, SEK 23,800.00 excl. VAT'],
  ])('of a value %j is shown as %s', (given, shown) => {
    expect(showValue(given, 'en').replaceAll('\u00a0', ' ')).toBe(shown);
  });
});

it('a list of things that changes says which go and which come, in money', () => {
  const sold = (pricePerHour: number) => [
    { hours: 10, pricePerHour: 1200 },
    { hours: 20, pricePerHour },
  ];
  const change = { path: 'hourBank.packages', from: sold(1190), to: sold(1150), on: '2027-05-01' };
  const { groups } = agreementBlock(preview({ values: [change] }), 'sv');
  const line = groups.flatMap(({ lines }) => lines).find(({ what }) => what === 'hourBank.packages');
  expect(line?.change.replaceAll('\u00a0', ' ')).toMatch(
    /^− 20 timmar à 1 190,00 kr, 23 800,00 kr exkl. moms; \+ 20 timmar à 1 150,00 kr, 23 000,00 kr exkl. moms, /,
  );
});

describe('an explanation', () => {
  for (const language of ['sv', 'en'] as const)
    it(`reads in ${language}`, () => {
      const said = { place, rule: 'kund: mer', priority: 500 };
      const explanation = {
        agreement: 'a-2027',
        customer: 'Åkeri & Söner AB',
        on: '2027-06-01',
        yearNumber: 1,
        rulesetHash: '1234567890abcdef',
        facts: { level: 'guld', integrations: ['a', 'b'] } as never,
        values: [
          {
            path: 'hourBank.discountPercent',
            value: 12.5,
            because: [],
            instead: [{ value: 15, ...said }],
          },
          {
            path: 'hourBank.rollover.percent',
            value: 30,
            ...said,
            because: [
              { fact: 'level' as const, operator: 'equal', value: 'guld', found: 'guld', negated: false },
              {
                fact: 'contractedHours' as const,
                operator: 'lessThan',
                value: 50,
                found: 120,
                negated: true,
              },
              {
                fact: 'integrations' as const,
                operator: 'contains',
                value: 'a',
                found: ['a', 'b'],
                negated: false,
              },
            ],
            instead: [],
          },
        ],
        kept: [{ path: 'hourBank.rollover.percent', from: 20, to: 30 }],
        periodEnds: '2028-01-01',
      };
      expect(explanationText(explanation, language)).toMatchSnapshot();
    });
});
