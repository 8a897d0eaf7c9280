/** `serviceavtal hours import`: files of three time systems, imported, again, changed, and with faults. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createHoursActivities } from '../../activities/hours/hours';
import type { ImportedTime, TimeImport } from '../../activities/hours/import';
import { importHours } from '../../activities/hours/import';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { readHours } from '../../activities/hours/facts';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays, addMonths } from '../../rules/engine/calendar/dates';
import { readProfileNamed, readTimeRows } from '../../worker/files/read-time-rows';
import { projectRoot } from '../../worker/settings/configuration';
import { signAndPlan } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const examples = path.join(projectRoot, 'examples/imports');
const asOf = '2026-11-30T09:00:00.000Z';
let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.close());

const plan = async (...agreements: [agreement: string, startsOn: string][]): Promise<void> => {
  for (const [agreement, startsOn] of agreements)
    await signAndPlan(database.db, { agreement, startsOn, signedOn: startsOn });
};
const planExamples = () =>
  plan(
    ['vastkusten-2026', '2026-03-01'],
    ['slussen-2026', '2026-03-15'],
    ['fjallet-2025', '2026-04-01'],
    ['harbour-2026', '2026-05-01'],
  );

/** Reads a file by a profile, and imports it. */
async function importBytes(bytes: Buffer, name: string, how: Partial<TimeImport> = {}) {
  const { profile } = readProfileNamed(path.join(projectRoot, 'rules'), name);
  if (!profile) throw new Error(`no profile ${name}`);
  const read = await readTimeRows(bytes, profile, localDateOf(how.asOf ?? asOf));
  const outcome = await importHours(database.db, {
    ...{ profile: name, rows: read.rows, by: 'eva', asOf, file: { name, sha256: '' } },
    ...how,
  });
  return { read, outcome };
}
const example = (file: string): Buffer => readFileSync(path.join(examples, file));

/** What became of the rows, by line. */
const fates = ({ rows }: ImportedTime): Record<number, string> =>
  Object.fromEntries(rows.map(({ line, fate }) => [line, fate]));

/** Uses that stand on an agreement: day, person, kind and hours. */
const uses = async (agreement: string): Promise<string[]> =>
  (await readHours(database.db, agreement)).uses.map(
    ({ on, entry, reported }) => `${on} ${entry.by} ${entry.service} ${reported / 3600}`,
  );

const countOf = async (table: string): Promise<number> =>
  Number((await database.db.query<{ count: string }>(`select count(*) from ${table}`))[0]?.count);

describe('the examples', () => {
  beforeEach(planExamples);

  it.each([
    {
      ...{ file: 'tidrapport.csv', name: 'tidrapport', encoding: 'Windows-1252', notOurs: [4, 8, 13, 14] },
      booked: {
        'vastkusten-2026': [
          '2026-10-05 Anna Berg consulting 4',
          '2026-10-06 Anna Berg training 2.5',
          '2026-10-08 Anna Berg consulting 1.25',
          '2026-10-08 Anna Berg consulting 1.25',
        ],
        // A row of −1.5 takes from the 5 of the same day.
        'slussen-2026': ['2026-10-05 Anna Berg consulting 3.5', '2026-10-12 Åsa Öberg consulting 3.5'],
        'fjallet-2025': ['2026-10-06 Lars Nyman technical 7.75', '2026-10-07 Lars Nyman consulting 6.33'],
      },
    },
    {
      ...{ file: 'clockify.csv', name: 'clockify', encoding: 'UTF-8', notOurs: [5, 7] },
      booked: {
        'harbour-2026': [
          '2026-10-06 Lars Nyman consulting 2.5',
          `2026-10-06 Lars Nyman consulting ${4 / 3}`,
          '2026-10-07 Anna Berg training 3',
        ],
        'slussen-2026': ['2026-10-08 Anna Berg consulting 1.75'],
      },
    },
    {
      ...{ file: 'excel.txt', name: 'excel', encoding: 'UTF-16', notOurs: [3, 8] },
      booked: {
        'vastkusten-2026': ['2026-11-02 Anna Berg consulting 3.25', '2026-11-04 Anna Berg consulting 1.25'],
        'fjallet-2025': ['2026-11-03 Lars Nyman technical 5', '2026-11-04 Lars Nyman meeting 1.5'],
      },
    },
  ])(
    '$file is booked once, after a dry run that books nothing',
    async ({ file, name, encoding, notOurs, booked }) => {
      const dry = await importBytes(example(file), name, { dryRun: true });
      expect(dry.read).toMatchObject({ encoding, faults: [] });
      expect(dry.read.notOurs.map(({ line }) => line)).toEqual(notOurs);
      expect(await countOf('hour_entries')).toBe(0);
      expect(await countOf('hour_imports')).toBe(0);
      const first = await importBytes(example(file), name);
      expect(first.outcome).toEqual({ ...dry.outcome, done: true });
      expect(
        first.outcome.rows.every(({ draws = [] }) => draws.every(({ grant }) => grant === 'contracted-1')),
      ).toBe(true);
      for (const [agreement, stands] of Object.entries(booked)) expect(await uses(agreement)).toEqual(stands);
      const told = await database.db.query<{ agreement: string }>(
        `select agreement from outbox where kind = 'hours-changed' order by 1`,
      );
      expect(told.map(({ agreement }) => agreement)).toEqual(Object.keys(booked).sort());
      const before = [await countOf('hour_entries'), await countOf('hour_postings'), await countOf('outbox')];
      const again = await importBytes(example(file), name);
      expect(again.outcome).toMatchObject({ done: false, faults: [], agreements: [], missing: [] });
      expect(new Set(Object.values(fates(again.outcome)))).toEqual(new Set(['unchanged']));
      expect([
        await countOf('hour_entries'),
        await countOf('hour_postings'),
        await countOf('outbox'),
      ]).toEqual(before);
    },
  );

  it('books the entries that reports would have booked', async () => {
    await plan(['reported-2026', '2026-03-01']);
    await importBytes(example('excel.txt'), 'excel');
    const facts = await readHours(database.db, 'vastkusten-2026');
    const said = facts.entries.filter(({ action }) => action === 'use');
    await createHoursActivities(database).reportHours({
      agreement: 'reported-2026',
      year: 1,
      entries: said.map(({ reported = 0, on, service, by, note }, at): ReportedEntry => ({
        ...{ entryId: `r${at}`, seconds: reported, byAssumed: false, asOf, by: by ?? '' },
        ...(on !== undefined && { on }),
        ...(service !== undefined && { service }),
        ...(note !== undefined && { note }),
      })),
    });
    const reported = (await readHours(database.db, 'reported-2026')).entries;
    expect(said.map(({ id: _, ...entry }) => entry)).toEqual(reported.map(({ id: _, ...entry }) => entry));
  });
});

describe('a file that has changed', () => {
  beforeEach(() => plan(['vastkusten-2026', '2026-03-01'], ['fjallet-2025', '2026-04-01']));
  const header = 'Nr\tDag\tAvtal\tSlag\tVem\tTid\tVad';
  const table = (...rows: string[]): Buffer =>
    Buffer.from([header, ...rows.map((row) => row.replaceAll('|', '\t'))].join('\n'));
  const rows = [
    '1|2026-11-02|Västkusten|Konsult|Anna Berg|3:00|a',
    '2|2026-11-03|Fjället|Teknik|Lars Nyman|5:00|b',
  ];
  const [first = '', second = ''] = rows;
  const importRows = async (...now: string[]) => (await importBytes(table(...now), 'excel')).outcome;

  it.each([
    ['time', first.replace('3:00', '2:00'), 'corrected', ['2026-11-02 Anna Berg consulting 2']],
    ['the day', first.replace('11-02', '11-05'), 'corrected', ['2026-11-05 Anna Berg consulting 3']],
    ['no time left', first.replace('3:00', '0:00'), 'corrected', ['2026-11-02 Anna Berg consulting 0']],
    ['the kind', first.replace('Konsult', 'Teknik'), 'rebooked', ['2026-11-02 Anna Berg technical 3']],
    [
      'the person',
      first.replace('Anna Berg', 'Åsa Öberg'),
      'rebooked',
      ['2026-11-02 Åsa Öberg consulting 3'],
    ],
    ['the agreement', first.replace('Västkusten', 'Fjället'), 'rebooked', []],
    ['the note alone', first.replace('|a', '|c'), 'unchanged', ['2026-11-02 Anna Berg consulting 3']],
  ])('corrects what a row booked: %s', async (_, now, fate, stands) => {
    await importRows(...rows);
    expect(fates(await importRows(now, second))).toEqual({ 2: fate, 3: 'unchanged' });
    expect(await uses('vastkusten-2026')).toEqual(stands);
    expect(await uses('fjallet-2025')).toHaveLength(stands.length === 0 ? 2 : 1);
    expect(fates(await importRows(now, second))).toEqual({ 2: 'unchanged', 3: 'unchanged' });
  });

  it('follows a row that takes time of another, whatever becomes of both', async () => {
    const taking = (time: string, kind = 'Konsult') =>
      `3|2026-11-02|Västkusten|${kind}|Anna Berg|${time}|restid`;
    const stands: string[][] = [];
    for (const now of [
      [first, taking('-1:00')],
      [first, taking('-1:30')],
      [first.replace('3:00', '4:00'), taking('-1:30')],
      [first.replace('3:00|a', '4:00|a').replace('Konsult', 'Teknik'), taking('-1:30', 'Teknik')],
      [first.replace('3:00|a', '4:00|a').replace('Konsult', 'Teknik'), taking('0:00', 'Teknik')],
    ]) {
      expect((await importRows(...now)).faults).toEqual([]);
      stands.push(await uses('vastkusten-2026'));
    }
    expect(stands).toEqual([
      ['2026-11-02 Anna Berg consulting 2'],
      ['2026-11-02 Anna Berg consulting 1.5'],
      ['2026-11-02 Anna Berg consulting 2.5'],
      ['2026-11-02 Anna Berg technical 2.5'],
      ['2026-11-02 Anna Berg technical 4'],
    ]);
    const { entries } = await readHours(database.db, 'vastkusten-2026');
    expect(entries.find(({ action }) => action === 'correction')).toMatchObject({
      by: 'Anna Berg',
      note: 'restid',
    });
  });

  it('leaves what people have corrected, and what they have taken back', async () => {
    await importRows(...rows);
    const report = (agreement: string, entry: Partial<ReportedEntry>) =>
      createHoursActivities(database).reportHours({
        ...{ agreement, year: 1 },
        entries: [{ entryId: agreement, seconds: 0, by: 'eva', byAssumed: false, asOf, ...entry }],
      });
    await report('vastkusten-2026', { corrects: { number: 1 }, seconds: 3600 });
    await report('fjallet-2025', { undoes: { number: 1 } });
    expect(fates(await importRows(...rows))).toEqual({ 2: 'unchanged', 3: 'unchanged' });
    const now = [first.replace('3:00', '2:00'), second.replace('5:00', '6:00')];
    expect(fates(await importRows(...now))).toEqual({ 2: 'corrected', 3: 'leftAlone' });
    expect(await uses('vastkusten-2026')).toEqual(['2026-11-02 Anna Berg consulting 2']);
    expect(await uses('fjallet-2025')).toEqual([]);
  });

  it('books a file once that is imported twice at the same time', async () => {
    const both = await Promise.all([importRows(...rows), importRows(...rows)]);
    expect(both.map(({ done }) => done).sort()).toEqual([false, true]);
    expect(await uses('vastkusten-2026')).toEqual(['2026-11-02 Anna Berg consulting 3']);
  });

  it('tells that the same file was imported by another profile', async () => {
    const file = { name: 'tid.txt', sha256: 'a hash' };
    const { profile } = readProfileNamed(path.join(projectRoot, 'rules'), 'excel');
    const read = await readTimeRows(table(...rows), profile!, '2026-11-30');
    const importBy = (name: string) =>
      importHours(database.db, {
        profile: name,
        rows: read.rows,
        by: 'eva',
        asOf,
        file,
        dryRun: name === 'ark',
      });
    expect((await importBy('excel')).otherProfiles).toEqual([]);
    expect((await importBy('excel')).otherProfiles).toEqual([]);
    expect((await importBy('ark')).otherProfiles).toEqual(['excel']);
  });

  it('tells what is not in it any more, and takes nothing back', async () => {
    const third = '3|2026-11-04|Västkusten|Konsult|Anna Berg|1:00|';
    await importRows(first, second, third);
    const { done, missing } = await importRows(first, third);
    expect({ done, missing }).toEqual({
      done: false,
      missing: [{ agreement: 'fjallet-2025', entry: 1, on: '2026-11-03', seconds: 18_000 }],
    });
    expect(await uses('fjallet-2025')).toHaveLength(1);
    // A part of the days says nothing of others.
    expect((await importRows(third)).missing).toEqual([]);
  });

  it.each([
    ['-1:00', '2026-11-02', { nothingToTake: { seconds: 3600 } }],
    ['1:00', '2026-02-01', { outside: { on: '2026-02-01', first: '2026-03-01' } }],
    ['22:00', '2026-11-02', { tooMuch: { on: '2026-11-02', seconds: 25 * 3600 } }],
  ])('books nothing where a row has a fault: %s on %s', async (time, on, why) => {
    const kind = time.startsWith('-') ? 'Teknik' : 'Konsult';
    const faulty = `3|${on}|Västkusten|${kind}|Anna Berg|${time}|`;
    const { done, faults, rows: told } = await importRows(first, second, faulty);
    expect({ done, faults }).toEqual({
      done: false,
      faults: [{ line: 4, agreement: 'vastkusten-2026', why }],
    });
    expect(told.map(({ fate }) => fate)).toEqual(['booked', 'booked', 'refused']);
    expect([await uses('vastkusten-2026'), await uses('fjallet-2025')]).toEqual([[], []]);
  });

  it('books nothing where a person has more than a day on several agreements, of which one is in the same file', async () => {
    const others = [
      '3|2026-11-02|Fjället|Konsult|Anna Berg|11:00|',
      '4|2026-11-02|Västkusten|Teknik|Anna Berg|11:00|',
    ];
    const { done, faults } = await importRows(first, ...others);
    const tooMuch = { on: '2026-11-02', seconds: 25 * 3600, elsewhere: 11 * 3600 };
    expect({ done, faults }).toEqual({
      done: false,
      faults: [{ line: 4, agreement: 'vastkusten-2026', why: { tooMuch } }],
    });
  });

  it('books work of long ago with a manager’s yes, which only that work carries', async () => {
    const late = { asOf: '2027-11-04T09:00:00.000Z' };
    const refused = await importBytes(table(...rows), 'excel', late);
    const needsManager = { on: '2026-11-02', days: 366 };
    expect(refused.outcome.faults).toEqual([
      { line: 2, agreement: 'vastkusten-2026', why: { needsManager } },
    ]);
    const approved = { ...late, approvedBy: 'Erik Holm', reason: 'glömd rapport' };
    expect((await importBytes(table(...rows), 'excel', approved)).outcome.done).toBe(true);
    const texts = await database.db.query('select approved_by from hour_entry_texts order by approved_by');
    expect(texts).toEqual([{ approved_by: 'Erik Holm' }, { approved_by: null }]);
    expect(await database.db.query('select approved_by, reason from hour_imports')).toEqual([
      { approved_by: 'Erik Holm', reason: 'glömd rapport' },
    ]);
  });
});

describe('the command', () => {
  const today = localDateOf(new Date().toISOString());
  const [day, began] = [addDays(today, -3), addDays(today, -60)];
  let dataDir: string;
  let folder: string;
  beforeEach(async () => {
    await plan(['slussen-2026', began]);
    dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
    folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-import-'));
  });
  afterEach(() => {
    for (const made of [dataDir, folder]) rmSync(made, { recursive: true });
  });
  const head = 'Datum;Kund;Projekt;Användare;Timmar';
  const run = async (text: string, ...args: string[]) => {
    const file = path.join(folder, 'tid.csv');
    writeFileSync(file, text, 'latin1');
    const ran = await serviceavtalOn(dataDir, 'hours', 'import', file, '--profile', 'tidrapport', ...args);
    return {
      ...ran,
      out: ran.out.replaceAll(file, 'tid.csv'),
      errors: ran.errors.replaceAll(file, 'tid.csv'),
    };
  };
  const good = [
    `${day};Slussen Bygg AB;Förvaltning;Anna Berg;4,00`,
    `${day};Slussen Bygg AB;Förvaltning;Anna Berg;-0,50`,
    `${day};Pector AB;Internt;Anna Berg;1,00`,
  ];

  it('shows what would be booked and on which hours, and books it once it is told to', async () => {
    const text = [head, ...good].join('\r\n');
    const seen = await run(text, '--dry-run');
    expect(seen.code).toBe(0);
    expect(seen.out).toBe(`tid.csv med profilen tidrapport: 3 rader
  bokförs    1  4:00
  rättar     1
  inte våra  1
Filen lästes som Windows-1252.

slussen-2026: 2 rader
  år 1: kvar 120:00 → 116:30
  3:30 ur avtalade timmar från ${began}, upphör ${addMonths(began, 12)}
  rad  dag           tid  av         slag
    2  ${day}   4:00  Anna Berg  Konsultarbete  3:30 avtalade
    3  ${day}  −0:30  Anna Berg  Konsultarbete  rättar post 1: 3:30 avtalade

Inte våra: 1 rad
  4: ${day} · Pector AB · Internt · Anna Berg · 1,00

Inget bokfördes (--dry-run).
`);
    expect((await run(text)).errors).toContain('Inget är ändrat.');
    const booked = await run(text, '--yes', '--language', 'en');
    expect(booked.code).toBe(0);
    expect(booked.out).toContain('Booked on slussen-2026: 1 row booked, 1 corrected.');
    const again = await run(text, '--yes');
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('Inget att bokföra.')]);
    const asJson = JSON.parse((await run(text, '--json', '--dry-run')).out) as object;
    expect(asJson).toMatchObject({ done: false, counts: { rows: 3, unchanged: 2, notOurs: 1, problems: 0 } });
  });

  it('tells every fault by its line, and books nothing', async () => {
    const text = [
      head,
      ...good,
      `${day};Slussen Bygg AB;Förvaltning;Anna Berg;1.5`,
      `${day};Okänd AB;X;Anna;2`,
      `${day};Västkusten Handel AB;Förvaltning;Anna;2`,
    ];
    const { code, out, errors } = await run(text.join('\n'), '--yes');
    expect(code).toBe(1);
    expect(errors).toContain('tid.csv:5: Timmar: förväntade timmar som 1,5, hittade "1.5"\n');
    expect(errors).toContain(
      'tid.csv:6: förväntade ett av avtalen i profilens agreements, eller ett villkor i notOurs',
    );
    expect(errors).toContain(
      'tid.csv:7: förväntade ett undertecknat avtal i profilen, hittade vastkusten-2026\n',
    );
    expect(out).toContain('felaktiga  3');
    expect(out).toContain('Inget bokfördes: 3 fel.');
    expect(await countOf('hour_entries')).toBe(0);
  });

  it.each([
    [
      ['--profile', 'tidrapprot'],
      '',
      'en profil i rules/imports: ett av clockify, excel, tidrapport, hittade "tidrapprot"; menade du "tidrapport"?',
    ],
    [
      [],
      'Datum;Kund;Projekt;Anställd;Timmar\n',
      'tid.csv:1: förväntade kolumnen "Användare", hittade "Datum"',
    ],
    [['--json'], '', 'förväntade --yes eller --dry-run med --json'],
    [['--approved-by', 'Erik'], '', 'förväntade --reason med --approved-by'],
  ])('says what it expects: %j %s', async (args, text, said) => {
    const { code, errors } = await run(text === '' ? [head, ...good].join('\n') : text, ...args);
    expect(code).toBe(1);
    expect(errors).toContain(said);
  });
});
