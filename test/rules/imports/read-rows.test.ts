import { pairRows } from '../../../rules/engine/imports/pair-rows';
import type { ImportProfile } from '../../../rules/engine/imports/profile';
import { readRows } from '../../../rules/engine/imports/read-rows';

const profile: ImportProfile = {
  columns: { date: 'Datum', customer: 'Kund', project: 'Projekt', person: 'Vem', time: 'Tid', note: 'Vad' },
  dates: 'YYYY-MM-DD',
  times: '1,5',
  agreements: [
    { when: { customer: 'Acme*', project: 'Särskilt' }, agreement: 'acme-extra' },
    { when: { customer: ['Acme*', 'ACME AB'] }, agreement: 'acme-2027' },
  ],
  notOurs: [{ when: { customer: 'Vi själva' } }, { when: { customer: 'Acme*', project: '*fast pris' } }],
  kinds: [
    { when: { project: 'Utbildning*' }, kind: 'training' },
    { when: { project: ['Drift', 'Särskilt', ''] }, kind: 'technical' },
  ],
  negative: 'corrects',
};
const good = {
  date: '2027-02-01',
  customer: 'Acme AB',
  project: 'Drift',
  person: 'Anna',
  time: '1,5',
  note: '',
};
type Cells = Record<string, string>;

const read = (cells: Cells[], changed: Partial<ImportProfile> = {}) =>
  readRows(
    cells.map((each, at) => ({ line: at + 2, text: (column) => ({ ...good, ...each })[column] ?? '' })),
    { ...profile, ...changed },
    '2027-03-01',
  );

test.each<[Cells, object]>([
  [{}, { agreement: 'acme-2027', on: '2027-02-01', person: 'Anna', kind: 'technical', seconds: 5400 }],
  [{ customer: 'acme  handel' }, { agreement: 'acme-2027' }],
  [{ project: 'Särskilt' }, { agreement: 'acme-extra' }],
  [{ project: 'utbildning i order' }, { kind: 'training' }],
  [{ project: '' }, { kind: 'technical' }],
  [{ time: '-1,5' }, { seconds: -5400 }],
  [{ time: '24' }, { seconds: 86_400 }],
  [{ date: '2027-03-01' }, { on: '2027-03-01' }],
  [{ note: 'Prislistor' }, { note: 'Prislistor' }],
])('%j is time of an agreement', (cells, expected) => {
  const { rows, faults, notOurs } = read([cells]);
  expect({ faults, notOurs }).toEqual({ faults: [], notOurs: [] });
  expect(rows).toMatchObject([{ line: 2, ...expected }]);
});

test.each<[Cells]>([
  [{ customer: 'vi själva' }],
  [{ customer: 'Vi själva', date: 'trasigt', time: 'x' }],
  [{ project: 'Nytt lager, fast pris' }],
])('%j is not ours, and is listed', (cells) => {
  const { rows, faults, notOurs } = read([cells]);
  expect({ rows, faults }).toEqual({ rows: [], faults: [] });
  const { date, customer, project, person, time } = { ...good, ...cells };
  expect(notOurs).toEqual([{ line: 2, text: [date, customer, project, person, time].join(' · ') }]);
});

test.each<[Cells, string | undefined, string, string]>([
  [
    { date: '1/2 2027' },
    'date',
    'expected a date as YYYY-MM-DD, found "1/2 2027"',
    'ett datum som YYYY-MM-DD',
  ],
  [
    { date: '2027-03-02' },
    'date',
    'expected a day up to 2027-03-01, found 2027-03-02',
    'en dag till och med',
  ],
  [{ time: '1.5' }, 'time', 'expected hours as 1,5, found "1.5"', 'timmar som 1,5'],
  [{ time: '' }, 'time', 'expected hours as 1,5, found nothing', 'hittade inget'],
  [{ time: '24,5' }, 'time', 'expected at most a day on a row, found "24,5"', 'högst ett dygn'],
  [
    { person: '' },
    'person',
    'expected who worked, at most 200 characters, found nothing',
    'den som arbetade',
  ],
  [{ customer: 'Beta' }, undefined, 'expected one of the agreements in the profile', 'ett av avtalen'],
  [{ project: 'Drfit' }, undefined, "expected a kind of work in the profile's kinds", 'ett slag av arbete'],
  [{ note: 'x'.repeat(1001) }, 'note', 'expected at most 1000 characters, found 1001', 'högst 1000 tecken'],
])('%j is a fault', (cells, column, en, sv) => {
  const { rows, faults } = read([{}, cells]);
  expect(rows).toHaveLength(1);
  expect(faults).toMatchObject([{ line: 3, message: { en: expect.stringContaining(en) as string } }]);
  expect(faults[0]?.column).toBe(column);
  expect(faults[0]?.message.sv).toContain(sv);
});

test('all that is wrong with a row is told at once', () => {
  expect(read([{ date: 'x', time: 'y', customer: 'Beta' }]).faults.map(({ line }) => line)).toEqual([
    2, 2, 2,
  ]);
});

test('a row below zero is a fault where the profile says so', () => {
  const { rows, faults } = read([{ time: '-1' }], { negative: 'refused' });
  expect(rows).toEqual([]);
  expect(faults[0]?.message.en).toContain('expected no time below zero');
});

test('a key names each row once', () => {
  const changed = { columns: { ...profile.columns, id: 'Nr' }, key: ['id'] };
  const { rows, faults } = read([{ id: '1' }, { id: '2' }, { id: '1', date: '2027-02-02' }], changed);
  expect(rows.map(({ line }) => line)).toEqual([2, 3]);
  expect(faults).toMatchObject([
    { line: 4, message: { en: 'expected each key once, found "1" again, first on line 2' } },
  ]);
});

test('a row whose key is empty is a fault', () => {
  const changed = { columns: { ...profile.columns, id: 'Nr' }, key: ['id'] };
  expect(read([{ id: '' }], changed).faults).toMatchObject([
    { line: 2, column: 'id', message: { en: 'expected a text that names the row, found nothing' } },
  ]);
});

test('without a key, rows have the name of their day, customer, project, person and sign', () => {
  const names = read([
    {},
    { time: '7', note: 'x' },
    { time: '-1' },
    { person: 'Lars' },
    { project: '' },
  ]).rows.map(({ name }) => name);
  expect(names[0]).toBe(names[1]);
  expect(new Set(names).size).toBe(4);
});

describe('rows and what they were', () => {
  const row = (name: string, content: string) => ({ name, content });
  const pairs = (known: [string, string][], now: [string, string][]) => {
    const found = pairRows(
      known.map(([name, content]) => row(name, content)),
      now.map(([name, content]) => row(name, content)),
    );
    return {
      rows: found.rows.map(({ row: { content }, before }) => [before?.content, content]),
      gone: found.gone.map(({ content }) => content),
    };
  };
  test.each<[string, [string, string][], [string, string][], [string | undefined, string][], string[]]>([
    ['are the same', [['a', '1']], [['a', '1']], [['1', '1']], []],
    ['are new', [], [['a', '1']], [[undefined, '1']], []],
    ['have changed', [['a', '1']], [['a', '2']], [['1', '2']], []],
    [
      'are gone',
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [['b', '2']],
      [['2', '2']],
      ['1'],
    ],
    [
      'came between others',
      [
        ['a', '1'],
        ['a', '3'],
      ],
      [
        ['a', '1'],
        ['a', '2'],
        ['a', '3'],
      ],
      [
        ['1', '1'],
        [undefined, '2'],
        ['3', '3'],
      ],
      [],
    ],
    [
      'stand in another order',
      [
        ['a', '1'],
        ['a', '2'],
      ],
      [
        ['a', '2'],
        ['a', '1'],
      ],
      [
        ['2', '2'],
        ['1', '1'],
      ],
      [],
    ],
    [
      'are alike and one more',
      [['a', '1']],
      [
        ['a', '1'],
        ['a', '1'],
      ],
      [
        ['1', '1'],
        [undefined, '1'],
      ],
      [],
    ],
  ])('%s', (_, known, now, rows, gone) => {
    expect(pairs(known, now)).toEqual({ rows, gone });
  });
});
