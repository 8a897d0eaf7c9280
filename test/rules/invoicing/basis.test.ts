/** What an agreement has to be invoiced, and what of it is new; made-up agreements over three years add up to the öre. */
import fc from 'fast-check';
import { sum } from '../../../rules/engine/basics/sum';
import { addDays, addMonths } from '../../../rules/engine/calendar/dates';
import { amountOf } from '../../../rules/engine/hours/price';
import { basisOf, cutOf } from '../../../rules/engine/invoicing/basis';
import type { DocumentDraft, IssuedRow } from '../../../rules/engine/invoicing/basis';
import { owedLines } from '../../../rules/engine/invoicing/owed';
import type { InvoicedFacts, InvoicedYear, OrderedOverage } from '../../../rules/engine/invoicing/owed';

const hour = 3600;
const terms: InvoicedYear['terms'] = {
  instalments: 4,
  when: 'advance',
  daysBefore: 30,
  vatCode: 'MP1',
  article: '3010',
  overageArticle: '3020',
};
const year = (changed: Partial<InvoicedYear> = {}): InvoicedYear => ({
  ...{ number: 1, from: '2027-01-01', to: '2028-01-01', terms, priceMinor: 123_250 },
  given: [{ seconds: 120 * hour, on: '2027-01-01' }],
  ...changed,
});
const facts = (changed: Partial<InvoicedFacts> = {}): InvoicedFacts => ({
  ...{ years: [year()], purchases: [], overage: [], ended: [] },
  ...changed,
});
const overage = (changed: Partial<OrderedOverage> = {}): OrderedOverage => ({
  ...{ id: 'e7', entry: 7, on: '2027-11-20', ordered: '2027-11-25', service: 'technical' },
  ...{ seconds: 51_048, priceMinor: 131_750, amountMinor: 1_868_215 },
  ...changed,
});

/** Exports a month as PostgreSQL would keep it. */
function issue(issued: IssuedRow[], documents: readonly DocumentDraft[]): string[] {
  const numbers = new Set(issued.map(({ basis }) => basis)).size;
  documents.forEach(({ rows }, index) =>
    rows.forEach(({ of, ...row }, at) =>
      issued.push({
        ...{ ...row, basis: `U-${numbers + index + 1}`, row: at + 1 },
        ...(of && { of: { basis: `U-${numbers + 1}`, ...of } }),
      }),
    ),
  );
  return documents.map((_, index) => `U-${numbers + index + 1}`);
}
const told = (documents: readonly DocumentDraft[]) =>
  documents.map(({ credits, rows }) => [
    credits?.basis ?? (credits ? 'its own' : ''),
    ...rows.map(({ key, kind, amountMinor, of }) => [
      key,
      kind,
      amountMinor / 100,
      ...(of ? [`${of.basis ?? 'this'}:${of.row}`] : []),
    ]),
  ]);
const owedBy = (all: InvoicedFacts, month: string, issued: IssuedRow[] = [], today = `${month}-01`) =>
  basisOf(owedLines(all), issued, cutOf(month, today));

test.each<[string, Partial<InvoicedYear['terms']>, string, unknown[]]>([
  ['in advance, so many days before its period', {}, '2027-03', ['2027-03-02', '2027-04-01', '2027-06-30']],
  [
    'without daysBefore, on its first day',
    { daysBefore: 0 },
    '2027-04',
    ['2027-04-01', '2027-04-01', '2027-06-30'],
  ],
  [
    'in arrears, when its period is over',
    { when: 'arrears' },
    '2027-07',
    ['2027-07-01', '2027-04-01', '2027-06-30'],
  ],
])('the second of four instalments is invoiced %s', (_what, changed, month, days) => {
  const all = facts({ years: [year({ terms: { ...terms, ...changed } })] });
  const second = owedLines(all).find(({ key }) => key === 'instalment/1/2')!;
  expect([second.on, second.from, second.to]).toEqual(days);
  expect(second).toMatchObject({ seconds: 30 * hour, amountMinor: 3_697_500, part: { number: 2, of: 4 } });
  expect(second).toMatchObject({ article: '3010', vatCode: 'MP1' });
  const before = addMonths(`${month}-01`, -1).slice(0, 7);
  const keys = (of: string): string[] => owedBy(all, of).flatMap(({ rows }) => rows.map(({ key }) => key));
  expect(keys(before)).not.toContain('instalment/1/2');
  expect(keys(month)).toContain('instalment/1/2');
});

test('instalments add up to the year: the last takes the rest', () => {
  const years = [
    year({ terms: { ...terms, instalments: 12 }, given: [{ seconds: 100 * hour + 7, on: '2027-01-01' }] }),
  ];
  const lines = owedLines(facts({ years }));
  expect(new Set(lines.slice(0, 11).map(({ amountMinor }) => amountMinor))).toEqual(new Set([1_027_103]));
  expect(lines[11]!.amountMinor).toBe(1_027_106);
  expect(sum(lines.map(({ seconds }) => seconds))).toBe(100 * hour + 7);
});

test('an amendment within the year is in the instalments to come; what it adds to those before is a row of its own', () => {
  const issued: IssuedRow[] = [];
  issue(issued, owedBy(facts(), '2027-03'));
  const years = [year({ given: [...year().given, { seconds: 60 * hour, on: '2027-05-10' }] })];
  expect(told(owedBy(facts({ years }), '2027-06', issued))).toEqual([
    ['', ['amendment/1/1', 'amendment', 36_975], ['instalment/1/3', 'instalment', 55_462.5]],
  ]);
});

test('what was ordered beyond the bank has its own article, and is invoiced once it is ordered', () => {
  const all = facts({ overage: [overage()] });
  expect(told(owedBy(all, '2027-11', [], '2027-11-24')).flat(2)).not.toContain('overage/e7');
  const [{ rows } = { rows: [] }] = owedBy(all, '2027-11', [], '2027-11-25');
  expect(rows.find(({ key }) => key === 'overage/e7')).toMatchObject({
    ...{ article: '3020', service: 'technical', from: '2027-11-20', to: '2027-11-20' },
    ...{ amountMinor: 1_868_215, entry: 7 },
  });
});

describe('what was exported', () => {
  const year1 = year({ terms: { ...terms, instalments: 1 } });
  const first = facts({ years: [year1], overage: [overage()] });
  const issued: IssuedRow[] = [];
  issue(issued, owedBy(first, '2027-12'));

  test('is not exported again', () => {
    expect(owedBy(first, '2027-12', issued)).toEqual([]);
    expect(owedBy(first, '2028-01', issued)).toEqual([]);
  });

  test('is credited whole and owed anew where it was corrected, never netted', () => {
    const corrected = overage({ seconds: 10 * hour, amountMinor: 1_317_500 });
    const documents = owedBy(facts({ years: [year1], overage: [corrected] }), '2028-01', issued);
    expect(told(documents)).toEqual([
      ['', ['overage/e7', 'overage', 13_175]],
      ['U-1', ['overage/e7', 'credit', -18_682.15, 'U-1:2']],
    ]);
  });

  test('is credited where a package that was bought later covers it, or it was moved or taken back', () => {
    const purchases = [
      {
        ...{ id: 'p1', entry: 9, on: '2027-12-10', from: '2027-11-20', expires: '2028-12-10' },
        ...{ seconds: 20 * hour, priceMinor: 120_000 },
      },
    ];
    expect(told(owedBy(facts({ years: [year1], purchases }), '2028-01', issued))).toEqual([
      ['', ['purchase/p1', 'purchase', 24_000]],
      ['U-1', ['overage/e7', 'credit', -18_682.15, 'U-1:2']],
    ]);
  });

  test('stays as it is while a question about it is open, and waits where it was not exported', () => {
    const corrected = owedLines(
      facts({ years: [year1], overage: [overage({ seconds: hour, amountMinor: 131_750 })] }),
    );
    const isHeld = ({ entry }: { entry?: number }): boolean => entry === 7;
    expect(basisOf(corrected, issued, cutOf('2028-01', '2028-01-01'), isHeld)).toEqual([]);
    const fresh = basisOf(owedLines(first), [], cutOf('2027-12', '2027-12-01'), isHeld);
    expect(told(fresh)).toEqual([['', ['instalment/1/1', 'instalment', 147_900]]]);
  });

  test('is refunded as a credit that names it, the last instalment first', () => {
    const end = { endedBy: 'us', cause: 'notice', unused: 'refund', beyondPaid: 'manager' } as const;
    const refunds = [
      { id: 'contracted-1', year: 1, seconds: 40 * hour, priceMinor: 123_250, amountMinor: 4_930_000 },
    ];
    const ended = [{ year: 1, on: '2027-06-01', end, refunds, beyondPaid: 0, beyondPaidMinor: 0 }];
    const all = facts({ years: [year({ endedOn: '2027-06-01' })], ended });
    const before: IssuedRow[] = [];
    issue(before, owedBy(facts(), '2027-01'));
    expect(told(owedBy(all, '2027-06', before))).toEqual([
      ['', ['instalment/1/2', 'instalment', 36_975]],
      ['U-1', ['refund/contracted-1/instalment/1/1', 'refund', -12_325, 'U-1:1']],
      ['its own', ['refund/contracted-1/instalment/1/2', 'refund', -36_975, 'this:1']],
    ]);
  });
});

test('hours used beyond the instalments are invoiced where the terms say so', () => {
  const end = { endedBy: 'customer', cause: 'notice', unused: 'forfeit', beyondPaid: 'invoice' } as const;
  const one = {
    year: 1,
    on: '2027-06-01',
    end,
    refunds: [],
    beyondPaid: 10 * hour,
    beyondPaidMinor: 1_232_500,
  };
  const all = facts({ years: [year({ endedOn: '2027-06-01' })], ended: [one] });
  expect(owedLines(all).at(-1)).toMatchObject({ key: 'beyond-paid/1', amountMinor: 1_232_500 });
  const manager = { ...one, end: { ...end, beyondPaid: 'manager' as const } };
  expect(owedLines({ ...all, ended: [manager] }).map(({ kind }) => kind)).not.toContain('beyondPaid');
});

test('what was due before an agreement was taken over is invoiced by somebody else', () => {
  const keys = owedLines(facts({ years: [year({ since: '2027-03-15' })] })).map(({ key }) => key);
  expect(keys).toEqual(['instalment/1/3', 'instalment/1/4']);
});

/** Three years in which hours are added, bought, ordered, corrected and taken back, with a run of the basis now and then. */
const instalmentsAYear = fc.constantFrom(1, 2, 4, 12) as fc.Arbitrary<1 | 2 | 4 | 12>;
const story = fc.record({
  instalments: instalmentsAYear,
  when: fc.constantFrom('advance' as const, 'arrears' as const),
  daysBefore: fc.nat(60),
  years: fc.array(
    fc.record({
      seconds: fc.integer({ min: 0, max: 900_000 }),
      priceMinor: fc.integer({ min: 1, max: 200_000 }),
      added: fc.array(fc.tuple(fc.integer({ min: 1, max: 364 }), fc.integer({ min: 1, max: 90_000 })), {
        maxLength: 2,
      }),
    }),
    { minLength: 3, maxLength: 3 },
  ),
  events: fc.array(
    fc.record({
      day: fc.integer({ min: 0, max: 1094 }),
      what: fc.constantFrom('order' as const, 'buy' as const, 'correct' as const, 'take back' as const),
      entry: fc.nat(5),
      seconds: fc.integer({ min: 1, max: 90_000 }),
      priceMinor: fc.integer({ min: 1, max: 200_000 }),
    }),
    { maxLength: 25 },
  ),
  runs: fc.uniqueArray(fc.nat(35), { maxLength: 20 }),
});

type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

/** What is known on a day of a story. */
function factsOn({ years, events, instalments, when, daysBefore }: Story, day: string): InvoicedFacts {
  const dayOf = (days: number): string => addDays('2027-01-01', days);
  const beyond = new Map<number, OrderedOverage>();
  const bought: Record<string, InvoicedFacts['purchases'][number]> = {};
  const happened = events.map((event, at) => ({ ...event, at })).filter((event) => dayOf(event.day) <= day);
  for (const { what, entry, seconds, priceMinor, at, ...event } of happened.sort((a, b) => a.day - b.day)) {
    const on = dayOf(event.day);
    const known = beyond.get(entry);
    if (what === 'buy')
      bought[at] = {
        ...{ id: String(at), entry, on, from: on, expires: addMonths(on, 12) },
        seconds,
        priceMinor,
      };
    else if (what === 'take back') beyond.delete(entry);
    else if (what === 'order' && !known)
      beyond.set(entry, {
        ...{ id: String(entry), entry, on, ordered: on, seconds, priceMinor },
        amountMinor: amountOf(seconds, priceMinor),
      });
    else if (known)
      beyond.set(entry, { ...known, seconds, amountMinor: amountOf(seconds, known.priceMinor) });
  }
  return {
    years: years.map(({ seconds, priceMinor, added }, index) => {
      const from = addMonths('2027-01-01', 12 * index);
      const given = [
        { seconds, on: from },
        ...added
          .map(([days, more]) => ({ seconds: more, on: addDays(from, days) }))
          .sort((a, b) => (a.on < b.on ? -1 : 1))
          .filter(({ on }) => on <= day),
      ];
      const to = addMonths('2027-01-01', 12 * (index + 1));
      return {
        ...{ number: index + 1, from, to, given, priceMinor },
        terms: { ...terms, instalments, when, daysBefore },
      };
    }),
    ...{ overage: [...beyond.values()], purchases: Object.values(bought), ended: [] },
  };
}

test('over three years the sum of all rows is what there is to invoice, to the öre, whenever the basis is run', () => {
  fc.assert(
    fc.property(story, (told) => {
      const issued: IssuedRow[] = [];
      const months = [...told.runs.sort((a, b) => a - b), 37].map((month) =>
        addMonths('2027-01-01', month).slice(0, 7),
      );
      for (const month of months) {
        const all = factsOn(told, `${month}-01`);
        const before = JSON.stringify(issued);
        const documents = owedBy(all, month, issued);
        issue(issued, documents);
        // What stood before stands, and a second run finds nothing.
        expect(JSON.stringify(issued).startsWith(before.slice(0, -1))).toBe(true);
        expect(owedBy(all, month, issued)).toEqual([]);
        // An invoice holds no credit, and a credit is one of one basis.
        for (const { credits, rows } of documents)
          for (const row of rows) expect(row.amountMinor > 0).toBe(credits === undefined);
      }
      const { years, purchases, overage: beyond } = factsOn(told, '2031-01-01');
      const bank = years.map(({ given, priceMinor }) =>
        amountOf(sum(given.map(({ seconds }) => seconds)), priceMinor),
      );
      const others = [...purchases, ...beyond].map(({ seconds, priceMinor }) =>
        amountOf(seconds, priceMinor),
      );
      expect(sum(issued.map(({ amountMinor }) => amountMinor))).toBe(sum([...bank, ...others]));
    }),
    { numRuns: 150 },
  );
});
