/** `sign --batch`, as somebody runs it on a stack that runs: what is wrong is told by its place, and a repeat goes on. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays, addMonths } from '../../rules/engine/calendar/dates';
import { readBatch } from '../../worker/commands/sign/read-takeovers';
import { printProblems } from '../../worker/commands/sign/print-batch';
import { publishWorkingRules } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const root = path.resolve(__dirname, '../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-batch-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

type Cells = Record<string, string>;

/** A row of the table, as Swedish headers name its columns. */
const row = (changed: Cells = {}): Cells => ({
  Avtal: 'slussen-2026',
  Nivå: 'guld',
  'Kund-id': 'slussen',
  Kund: 'Slussen Bygg AB',
  Orgnr: '556000-0035',
  Språk: 'svenska',
  Signerat: '2026-02-20',
  Startar: '2026-03-15',
  'Kontakt 1 namn': 'Olle Lås',
  'Kontakt 1 e-post': 'olle@slussen.example.com',
  'Kontakt 1 roll': 'ledning',
  'Kontakt 3 namn': 'Mia Port',
  'Kontakt 3 e-post': 'mia@slussen.example.com',
  'Kontakt 3 roll': 'ekonomi',
  Konsult: 'Anna Berg',
  'Konsult e-post': 'anna.berg@pector.example',
  Chef: 'Erik Holm',
  'Chef e-post': 'erik.holm@pector.example',
  Support: 'Pector Support',
  'Support e-post': 'support@pector.example',
  Timmar: '80,5',
  Timpris: '1 450,00',
  Valuta: 'SEK',
  System: 'visma-business=17.0',
  'Använda timmar': '22,25',
  'Hållna möten': '2026-05-05 2026-08-11',
  Uppgradering: 'klar',
  ...changed,
});

function table(rows: Cells[], separator = ';'): string {
  const names = Object.keys(rows[0] ?? {});
  const quoted = (text = '') => (text.includes(separator) || text.includes('\n') ? `"${text}"` : text);
  return [names, ...rows.map((one) => names.map((name) => quoted(one[name])))]
    .map((fields) => fields.join(separator))
    .join('\r\n');
}

const today = '2026-11-24';
const read = (file: string) => readBatch(file, ['guld'], today);
const problemsOf = async (file: string): Promise<string[]> =>
  printProblems((await read(file)).problems, 'en').map((one) => one.replace(`${folder}/`, ''));

describe('a table of agreements', () => {
  it('is read in Swedish and English, with any separator, in UTF-8 and Windows-1252', async () => {
    const english = Object.fromEntries(
      Object.entries(row()).map(([name, text]) => [inEnglish[name] ?? name, text]),
    );
    const files = [
      write('sv.csv', table([row()])),
      write('en.csv', table([english], '\t')),
      write('windows.csv', Buffer.from(table([row()]), 'latin1')),
    ];
    const [first, ...others] = await Promise.all(files.map(read));
    expect(first!.problems).toEqual([]);
    expect(first!.entries[0]).toMatchObject({
      contract: {
        agreement: 'slussen-2026',
        customer: { language: 'sv' },
        contacts: { customer: [{ roles: ['management'] }, { name: 'Mia Port', roles: ['finance'] }] },
        hourBank: { hours: 80.5, hourlyRate: 1450, currency: 'SEK' },
        systems: { 'visma-business': { version: '17.0' } },
        integrations: [],
        monitors: [],
      },
      takeOver: { hoursUsed: 22.25, meetingsHeld: ['2026-05-05', '2026-08-11'], upgrade: 'done' },
    });
    for (const other of others) {
      expect(other.problems).toEqual([]);
      expect(other.entries[0]?.contract).toEqual(first!.entries[0]?.contract);
    }
    expect(others.map(({ encoding }) => encoding)).toEqual(['UTF-8', 'Windows-1252']);
  });

  it('takes several roles of a contact, in one cell or as the same person again', async () => {
    const again = {
      'Kontakt 3 namn': 'Olle Lås',
      'Kontakt 3 e-post': 'Olle@slussen.example.com',
      'Kontakt 3 roll': 'testare',
    };
    const { entries, problems } = await read(
      write('roles.csv', table([row({ 'Kontakt 1 roll': 'VD, ekonomi och systemägare', ...again })])),
    );
    expect(problems).toEqual([]);
    expect(entries[0]?.contract.contacts.customer).toEqual([
      {
        name: 'Olle Lås',
        email: 'olle@slussen.example.com',
        roles: ['management', 'finance', 'system-owner', 'tester'],
      },
    ]);
  });

  it.each(['Ledning/Ekonomi', 'ledning & ekonomi', 'Ledning / VD; ekonomi'])(
    'takes roles as people part them: %s',
    async (cell) => {
      const { entries, problems } = await read(
        write('parted.csv', table([row({ 'Kontakt 1 roll': cell, 'Kontakt 3 roll': 'testare' })])),
      );
      expect(problems).toEqual([]);
      expect(entries[0]?.contract.contacts.customer[0]?.roles).toEqual(['management', 'finance']);
    },
  );

  it('names the words that a Swedish reader may write, no codes', async () => {
    const wrong = { 'Kontakt 1 roll': 'chef', Uppgradering: 'kanske', Språk: 'norska' };
    const { problems } = await read(write('words.csv', table([row(wrong)])));
    expect(printProblems(problems, 'sv').map((line) => line.replace(/^.*csv:2: /, ''))).toEqual([
      'kontakt 1 roll: förväntade ett av ledning, systemägare, ekonomi, testare, hittade "chef"',
      'språk: förväntade ett av svenska, engelska, hittade "norska"',
      'uppgradering: förväntade ett av klar, öppen, hittade "kanske"',
    ]);
  });

  it('tells a role that nobody has with its column', async () => {
    const file = write('role.csv', table([row({ 'Kontakt 1 roll': 'ledning, ekonmi' })]));
    expect(await problemsOf(file)).toEqual([
      expect.stringMatching(/^role\.csv:2.*contact 1 role.*expected one of management.*found "ekonmi"/),
    ]);
  });

  it('names its columns in the language of the reader, and tells what many rows have once', async () => {
    const wrong = { Startar: '15/3 2027', 'Kontakt 1 roll': 'chef', 'Konsult e-post': 'x' };
    const file = write(
      'swedish.csv',
      table([row({ Avtal: 'a-1', ...wrong }), row({ Avtal: 'a-2', ...wrong })]),
    );
    const { problems } = await read(file);
    const columnsIn = (language: 'sv' | 'en') =>
      printProblems(problems, language).map((line) => /csv:2: ([^:]+): .* \((.*)\)$/.exec(line)?.slice(1));
    expect(columnsIn('sv')).toEqual(
      ['kontakt 1 roll', 'konsult e-post', 'startar'].map((name) => [name, '2 rader: 2, 3']),
    );
    expect(columnsIn('en')).toEqual(
      ['contact 1 role', 'consultant email', 'starts'].map((name) => [name, '2 rows: 2, 3']),
    );
  });

  it('is told wrong by line and column, all at once', async () => {
    const rows = [
      row(),
      row({ Avtal: 'a b', 'Kontakt 3 e-post': 'mia', Timmar: '10,123', Uppgradering: 'kanske' }),
      row({
        Avtal: 'x-2',
        Kund: 'Två\nrader',
        'Kontakt 1 namn': '',
        'Kontakt 1 e-post': '',
        'Kontakt 1 roll': '',
      }),
      row({ Avtal: 'x-3', 'Hållna möten': '2026-05-05, 2026-02-01' }),
      row({ Avtal: 'x-4', Startar: '2027-01-01', 'Hållna möten': '' }),
      row({ Avtal: 'x-5', System: 'visma-business', Startar: '' }),
      row({ Avtal: 'x-6', Nivå: 'gult', Valuta: 'SEKK' }),
    ];
    expect(await problemsOf(write('wrong.csv', table(rows)))).toMatchInlineSnapshot(`
     [
       "wrong.csv:3: contact 3 email: expected a mail address as name@example.com, found "mia"",
       "wrong.csv:3: agreement: expected an id of 1 to 40 characters a–z, 0–9 and hyphen, found "a b"",
       "wrong.csv:3: hours: expected hours with at most two decimals, found "10,123"",
       "wrong.csv:3: upgrade: expected one of done, open, found "kanske"",
       "wrong.csv:6: meetings held: expected a day from 2026-03-15 to 2026-11-24, the agreement year so far, each day once, found 2026-02-01",
       "wrong.csv:7: starts: expected a start on 2026-11-23 at the latest for an agreement that is taken over, found 2027-01-01",
       "wrong.csv:8: systems: expected one line of text, at most 200 characters, found """,
       "wrong.csv:8: starts: expected a calendar date as 2027-01-31, years 2000–2099, found """,
       "wrong.csv:9: level: the rules give no terms that can be carried out: expected one of guld, found "gult"; did you mean "guld"?",
       "wrong.csv:9: currency: expected one of SEK, NOK, DKK, EUR, GBP, USD, CHF, PLN, found "SEKK"; did you mean "SEK"?",
     ]
    `);
  });

  it('is read as Excel saves it: Unicode text, days with times, spans of time, no empty cells at the end', async () => {
    const cells = {
      ...row({
        Signerat: '2026-02-20 00:00:00',
        Timmar: '80:30',
        Timpris: '1\u00a0450,00 kr',
        'Använda timmar': '22:15',
        Uppgradering: '',
      }),
      Kommentar: '',
    };
    const text = `\t\t\r\n${table([cells], '\t').replace(/\t+$/, '')}\r\n\t\t\t\r\n`;
    const { entries, problems, encoding } = await read(
      write('unicode.txt', Buffer.from(`\ufeff${text}`, 'utf16le')),
    );
    expect(problems).toEqual([]);
    expect(encoding).toBe('UTF-16');
    expect(entries).toMatchObject([
      {
        contract: { signedOn: '2026-02-20', hourBank: { hours: 80.5, hourlyRate: 1450 } },
        takeOver: { hoursUsed: 22.25, meetingsHeld: ['2026-05-05', '2026-08-11'] },
      },
    ]);
  });

  it.each([
    ['Timmar', '0x10'],
    ['Timmar', '1e2'],
    ['Timmar', 'Infinity'],
    ['Timpris', '1,450'],
    ['Timpris', '0x5aa'],
    ['Startar', '2026-03-15 25:00'],
  ])('is told wrong where %s is %s', async (column, text) => {
    const [problem, ...more] = await problemsOf(write('number.csv', table([row({ [column]: text })])));
    expect(more).toEqual([]);
    expect(problem).toMatch(/^number\.csv:2: (hours|hourly rate|starts): expected /);
    expect(problem).toContain(`found "${text}"`);
  });

  it('is refused where a column is misspelled, missing or there twice', async () => {
    const { Valuta: _, ...lacks } = row();
    expect(await problemsOf(write('lacks.csv', table([{ ...lacks, 'Använda timar': '3' }]))))
      .toMatchInlineSnapshot(`
     [
       "lacks.csv:1: expected columns that \`sign --help\` names, found "Använda timar"; did you mean "använda timmar"?",
       "lacks.csv:1: expected a column "currency" or "valuta", found none",
     ]
    `);
    expect(await problemsOf(write('twice.csv', table([{ ...row(), Agreement: 'x' }])))).toEqual([
      'twice.csv:1: agreement: expected each column once, found "Agreement" besides "Avtal"',
    ]);
    expect(await problemsOf(write('empty.csv', `${table([row()]).split('\r\n')[0]}\r\n;;;\r\n`))).toEqual([
      'empty.csv:1: expected a header and an agreement a row, found no rows',
    ]);
  });

  it.each(['examples/takeover', 'examples/takeover/avtal.csv'])(
    'of the examples, %s, is sound',
    async (example) => {
      const { entries, problems } = await read(path.join(root, example));
      expect(problems).toEqual([]);
      expect(entries.length).toBeGreaterThan(0);
    },
  );
});

describe('a folder of contracts', () => {
  it('is told wrong by file, line and column, the take over with the rest', async () => {
    const contract = { ...exampleContract({ agreement: 'json-1', startsOn: '2026-03-01' }), monitors: [] };
    const text = (takeover: object) => JSON.stringify({ ...contract, takeover }, null, 2);
    write('folder/a.json', text({ hoursUsed: 1.234, upgrade: 'perhaps' }));
    write('folder/b.json', text({ meetingsHeld: ['2026-04-01', '2026-04-01', '2027-01-01'], hours: 2 }));
    write('folder/c.json', text({ meetingsHeld: ['2026-04-01', '2026-04-01', '2027-01-01'] }));
    write('folder/d.json', '{ "agreement": ');
    write('folder/notes.txt', 'not read');
    expect(await problemsOf(path.join(folder, 'folder'))).toMatchInlineSnapshot(`
     [
       "folder/a.json:80:18 takeover.hoursUsed: expected hours with at most two decimals, found 1.234",
       "folder/a.json:81:16 takeover.upgrade: expected one of done, open, found "perhaps"",
       "folder/b.json:85:5 takeover.hours: expected one of hoursUsed, hoursRolledIn, meetingsHeld, upgrade, found unknown property "hours"; did you mean "hoursUsed"?",
       "folder/c.json:82:7 takeover.meetingsHeld[1]: expected a day from 2026-03-01 to 2026-11-24, the agreement year so far, each day once, found 2026-04-01 again",
       "folder/c.json:83:7 takeover.meetingsHeld[2]: expected a day from 2026-03-01 to 2026-11-24, the agreement year so far, each day once, found 2027-01-01",
       "folder/d.json:1:16 expected a value, found the end of the text",
       "folder/d.json:1:16 expected "}", found the end of the text",
     ]
    `);
  });
});

const inEnglish: Record<string, string> = {
  Avtal: 'Agreement',
  Nivå: 'level',
  'Kund-id': 'Customer ID',
  Kund: 'customer',
  Orgnr: 'org number',
  Språk: 'language',
  Signerat: 'signed',
  Startar: 'starts',
  'Kontakt 1 namn': 'Contact 1 name',
  'Kontakt 1 e-post': 'contact 1 email',
  'Kontakt 1 roll': 'contact 1 role',
  Konsult: 'consultant',
  'Konsult e-post': 'consultant email',
  Chef: 'manager',
  'Chef e-post': 'manager email',
  'Support e-post': 'support email',
  Timmar: 'hours',
  Timpris: 'hourly rate',
  Valuta: 'currency',
  System: 'systems',
  'Använda timmar': 'hours used',
  'Hållna möten': 'meetings held',
  Uppgradering: 'upgrade',
};

describe('sign --batch on a stack', () => {
  let database: FreshDatabase;
  let dataDir: string;
  beforeEach(async () => {
    database = await freshDatabase();
    await publishWorkingRules(database.db);
    dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
  });
  afterEach(async () => {
    await database.close();
    rmSync(dataDir, { recursive: true });
  });

  const sign = (...args: string[]) => serviceavtalOn(dataDir, 'sign', ...args, '--language', 'en');
  const now = localDateOf(new Date().toISOString());
  const started = addMonths(now, -7);
  const held = [addDays(started, 40), addDays(started, 130)];
  const running = (number: number, changed: Cells = {}): Cells =>
    row({
      Avtal: `batch-${String(number).padStart(3, '0')}`,
      Signerat: started,
      Startar: started,
      'Överförda timmar': '10',
      'Hållna möten': held.join(' '),
      ...changed,
    });
  const stored = () =>
    database.db.query<{ number: string; takeover: object; outbox: number }>(
      `select number, takeover, (select count(*)::int from outbox o where o.agreement = number and kind = 'start') as outbox
         from agreements order by number`,
    );

  it('shows on a dry run what would become of each, and signs nothing', async () => {
    const file = write(
      'dry.csv',
      table([
        running(1),
        running(2, {
          Startar: addDays(now, 10),
          'Använda timmar': '',
          'Överförda timmar': '',
          'Hållna möten': '',
          Uppgradering: '',
        }),
      ]),
    );
    const shown = await sign('--batch', file, '--dry-run');
    expect({ code: shown.code, errors: shown.errors }).toMatchObject({
      code: 0,
      errors: expect.stringContaining('E-invoices are refused in 2 agreements') as string,
    });
    expect(shown.out).toContain(
      `batch-001  Slussen Bygg AB: agreement year 1 (${started} to ${addMonths(started, 12)}), taken over`,
    );
    expect(shown.out).toContain('hours      80.5 contracted, 10 rolled in, 22.25 used: 68.25 left');
    expect(shown.out).toMatch(new RegExp(`done +meeting 1 ${held[0]}, .*meeting 2 ${held[1]}`));
    expect(shown.out).toMatch(/passed +.*kick-off/);
    expect(shown.out).toContain('the welcome to the customer');
    expect(shown.out).toMatch(
      /2 to sign, 1 of them taken over; 0 already signed\. \d+ mails in the next 14 days/,
    );
    expect(shown.out).toContain('Nothing was signed (--dry-run).');
    expect(await stored()).toEqual([]);
  });

  it('signs nothing where anything is wrong: terms, numbers, an upgrade that nobody told of', async () => {
    await sign('--batch', write('first.csv', table([running(1)])), '--yes');
    const rows = [
      running(1, { 'Använda timmar': '23' }),
      running(2),
      running(2),
      running(3, { Nivå: 'brons' }),
      running(4, { Uppgradering: '' }),
    ];
    const file = write('wrong-together.csv', table(rows));
    const refused = await sign('--batch', file, '--yes');
    expect(refused.code).toBe(1);
    for (const said of [
      ':2: agreement: expected a new agreement, or what was signed before, found "batch-001", signed with another content',
      ':4: agreement: expected each agreement once, found "batch-002" again',
      ':5: level: the rules give no terms that can be carried out: ',
      ':6: upgrade: expected "done" or "open", found nothing; by the plan this year\'s upgrade began on ',
      'Nothing was signed: 4 problems.',
    ])
      expect(refused.errors).toContain(said);
    expect((await stored()).map(({ number }) => number)).toEqual(['batch-001']);
    const json = await sign('--batch', file, '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      signed: 0,
      problems: [{ line: 2 }, { line: 4 }, { line: 5 }, { line: 6 }],
    });
  });

  it('signs nothing unless somebody says yes', async () => {
    const asked = await sign('--batch', write('ask.csv', table([running(1)])));
    expect(asked).toMatchObject({ code: 1 });
    expect(asked.errors).toContain('Sign 1 agreement?');
    expect(await stored()).toEqual([]);
  });

  it('tells of a level that no rule gives together with all else that is wrong in one contract', async () => {
    const contract = { ...exampleContract({ agreement: 'one-2' }), level: 'gult', startsOn: '2027-02-30' };
    const refused = await sign(write('level.json', JSON.stringify(contract)));
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.errors).toMatch(
      /level: the rules give no terms .* one of guld, found "gult"; did you mean "guld"\?/,
    );
    expect(refused.errors).toMatch(/startsOn: expected a calendar date .*, found "2027-02-30"/);
    expect(await stored()).toEqual([]);
  });

  it('signs one file with a take over the same way, and a contract that only began in the past as ever', async () => {
    const contract = exampleContract({
      agreement: 'one-1',
      startsOn: started,
      signedOn: started,
      monitors: [],
    });
    const takeover = { hoursUsed: 3, upgrade: 'open' };
    const file = write('one.json', JSON.stringify({ ...contract, takeover }));
    expect((await sign(file, '--yes')).out).toContain('1 agreement was signed.');
    const plain = write('plain.json', JSON.stringify({ ...contract, agreement: 'plain-1' }));
    const untold = await sign(plain);
    expect(untold).toMatchObject({ code: 1, out: '' });
    expect(untold.errors).toContain(`plain-1 began on ${started}: whether it is taken over has to be said.`);
    expect(untold.errors).toContain('--not-taken-over');
    expect((await sign(plain, '--not-taken-over')).out).toContain('plain-1 is signed.');
    expect((await sign(plain)).out).toContain('plain-1 is already signed, with this very content.');
    const swedish = (...args: string[]) => serviceavtalOn(dataDir, 'sign', ...args);
    expect((await swedish(plain)).out).toContain('plain-1 är redan signerat, med just det här innehållet.');
    const other = write(
      'other.json',
      JSON.stringify({ ...contract, agreement: 'plain-1', signedOn: addDays(started, -1) }),
    );
    expect((await swedish(other, '--not-taken-over')).errors).toMatch(
      /^plain-1 är redan signerat med ett annat innehåll; inget är ändrat\./,
    );
    const wrong = write('wrong.json', JSON.stringify({ ...contract, level: 7 }));
    expect((await swedish(wrong)).errors).toMatch(/^\S*wrong\.json går inte att signera:\n.*förväntade /);
    expect((await swedish()).errors).toMatch(/^förväntade antingen ett avtal eller --batch/);
    expect((await swedish('nowhere/none.json')).errors).toMatch(/^förväntade en läsbar fil på /);
    expect(await stored()).toEqual([
      { number: 'one-1', takeover: { ...takeover, year: 1 }, outbox: 1 },
      { number: 'plain-1', takeover: null, outbox: 1 },
    ]);
  });

  it('says on a dry run which meetings have no day left', async () => {
    const contract = exampleContract({
      agreement: 'late-1',
      startsOn: addMonths(addDays(now, 1), -12),
      signedOn: addMonths(addDays(now, -20), -12),
    });
    const file = write('late.json', JSON.stringify(contract));
    const late = await serviceavtalOn(dataDir, 'sign', file, '--dry-run', '--not-taken-over');
    expect(late.out).toMatch(
      /missat +.*möte 4.*: avtalsåret har ingen dag kvar; räknas som missat vid dess slut/,
    );
    expect((await sign(file, '--dry-run')).out).toMatch(
      /missed +.*meeting 4.*: no day of the agreement year/,
    );
  });

  it('says how many agreements are not planned, since something is wrong with them', async () => {
    const contract = exampleContract({ agreement: 'many-1' });
    write('many/1.json', JSON.stringify(contract));
    write('many/2.json', JSON.stringify({ ...contract, agreement: 'many-2', level: 7, signedOn: 'x' }));
    write('many/3.json', '{');
    const many = path.join(folder, 'many');
    expect((await sign('--batch', many, '--dry-run')).errors).toContain(
      'Planning 1 agreement, and not 2 with problems',
    );
    expect((await serviceavtalOn(dataDir, 'sign', '--batch', many, '--dry-run')).errors).toContain(
      'Planerar 1 avtal, och inte 2 som har fel',
    );
  });

  it('says that a contract is signed far ahead, as a slip of the year has it, and goes on', async () => {
    const ahead = (days: number): string => {
      const contract = exampleContract({ agreement: 'ahead-1', signedOn: addDays(now, days) });
      return write(`ahead-${days}.json`, JSON.stringify(contract));
    };
    const far = await sign(ahead(32), '--dry-run');
    expect(far.errors).toContain(
      `signedOn is ${addDays(now, 32)}, which is in the future: is the year right?`,
    );
    expect(far.out).toContain('ahead-1');
    expect((await serviceavtalOn(dataDir, 'sign', ahead(32), '--dry-run')).errors).toContain(
      'som ligger i framtiden: är året rätt?',
    );
    expect((await sign(ahead(31), '--dry-run')).errors).not.toContain('is the year right?');
  });

  it('says which checks are agreed on and not watched, and refuses a job that is never due', async () => {
    const job = { id: 'nightly', kind: 'heartbeat' as const, name: 'Nattjobbet' };
    const contract = exampleContract({ agreement: 'jobs-1', monitors: [job] });
    const signed = await sign(write('jobs.json', JSON.stringify(contract)), '--not-taken-over');
    expect(signed.out).toContain('jobs-1 is signed.');
    expect(signed.out).toContain(
      'The check Nattjobbet (nightly) is agreed on and not watched: it has no everyMinutes or dailyAt or weekdaysAt or cron.',
    );
    const never = { ...contract, agreement: 'jobs-2', monitors: [{ ...job, cron: '0 2 30 2 *' }] };
    expect((await sign(write('never.json', JSON.stringify(never)), '--not-taken-over')).errors).toMatch(
      /monitors\[0\]\.cron: expected a cron line whose day exists, found "0 2 30 2 \*", which never comes/,
    );
  });

  it('goes on where it was interrupted, and signs each once', async () => {
    const count = 120;
    const rows = Array.from({ length: count }, (_, index) => running(index + 1));
    const file = write('many.csv', table(rows));
    const child = spawn(
      process.execPath,
      ['--require', 'tsx/cjs', 'worker/cli.ts', 'sign', '--batch', file, '--yes'],
      { cwd: root, env: { ...process.env, SERVICEAVTAL_DATA: dataDir }, stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.on('close', resolve));
    let before = 0;
    for (const deadline = Date.now() + 60_000; before === 0 && Date.now() < deadline;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      before = (await stored()).length;
    }
    child.kill('SIGKILL');
    await ended;
    before = (await stored()).length;
    expect(before > 0 && before < count).toBe(true);

    const again = await sign('--batch', file, '--yes');
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain(
      `${count - before} to sign, ${count - before} of them taken over; ${before} already signed.`,
    );
    expect(again.out).toContain('batch-001  Slussen Bygg AB: already signed, with this very content');
    const all = await stored();
    expect(all).toHaveLength(count);
    expect(all.every(({ outbox }) => outbox === 1)).toBe(true);

    const third = await sign('--batch', file, '--yes', '--json');
    expect(JSON.parse(third.out)).toMatchObject({ signed: 0, problems: [] });
  });
});
