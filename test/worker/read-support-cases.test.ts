import type { CaseOwner } from '../../activities/agreements/support-cases';
import { readSupportCases } from '../../worker/commands/cases/read-support-cases';

const owner = (agreement: string, customerId: string, customerName: string, ended = false): CaseOwner => ({
  agreement,
  ended,
  customerId,
  customerName,
});

const owners = [
  owner('akeri-2025', 'akeri', 'Åkeri & Söner AB', true),
  owner('akeri-2026', 'akeri', 'Åkeri & Söner AB'),
  owner('akeri-2027', 'akeri', 'Åkeri & Söner AB'),
  owner('bygg-2025', 'bygg', 'Bygg AB', true),
  owner('norr-2027', 'norr', 'Samma namn AB'),
  owner('soder-2027', 'soder', 'Samma namn AB'),
];

const read = (content: string | Buffer) =>
  readSupportCases(Buffer.from(content as string), 'cases.csv', owners, '2027-05-11');

const header = 'reference,agreement,customer,opened,closed,title,category,status,hours,resolution';

const row = (changed: Record<string, string> = {}): string =>
  Object.values({
    reference: 'A-1',
    agreement: 'akeri-2027',
    customer: '',
    opened: '2027-03-15',
    closed: '',
    title: 'Delfaktura',
    category: 'question',
    status: '',
    hours: '',
    resolution: '',
    ...changed,
  })
    .map((value) => `"${value.replaceAll('"', '""')}"`)
    .join(',');

const delfaktura = {
  agreements: ['akeri-2027'],
  reference: 'A-1',
  title: 'Delfaktura',
  category: 'question',
  state: 'open',
  openedOn: '2027-03-15',
  closedOn: null,
  hours: null,
  resolution: null,
};

describe('reading a file of support cases', () => {
  it.each([
    ['commas', `${header}\n${row()}\n`],
    ['a byte order mark and CR LF', `\ufeff${header}\r\n${row()}\r\n`],
    [
      'semicolons and Swedish headings',
      'Referens;Avtal;Öppnat;Rubrik;Kategori;Annat fält\nA-1;akeri-2027;2027-03-15;Delfaktura;Fråga;x',
    ],
    [
      'tabs',
      'id\tagreement\tcreated\tsubject\ttype\nA-1\takeri-2027\t2027-03-15 14:05\tDelfaktura\tquestion',
    ],
    [
      'a line that says the separator',
      'sep=;\r\nid;avtal;skapat;ämne;typ\r\nA-1;AKERI-2027;2027-03-15;Delfaktura;fråga',
    ],
    ['empty lines', `\n${header}\n\n${row()}\n\n\n`],
  ])('takes %s', async (_, content) => {
    expect(await read(content)).toEqual({
      encoding: 'UTF-8',
      cases: [delfaktura],
      problems: [],
      unreadable: false,
    });
  });

  it('takes Windows-1252 where it is not UTF-8', async () => {
    const content = Buffer.from(
      'ärende;kund;öppnat;rubrik;kategori\nA-1;Åkeri & Söner AB;2027-03-15;Åäö;övrigt',
      'latin1',
    );
    const { encoding, cases } = await readSupportCases(content, 'cases.csv', owners, '2027-05-11');
    expect(encoding).toBe('Windows-1252');
    expect(cases).toMatchObject([{ title: 'Åäö', category: 'other' }]);
  });

  it('takes the characters that Windows-1252 has beyond Latin-1', async () => {
    // 0x80 is the euro sign, 0x96 a dash, 0x92 an apostrophe.
    const content = Buffer.from(
      'ärende;kund;öppnat;rubrik;kategori\nA-1;Åkeri & Söner AB;2027-03-15;5 \x80 \x96 it\x92s;övrigt',
      'latin1',
    );
    const { cases } = await readSupportCases(content, 'cases.csv', owners, '2027-05-11');
    expect(cases).toMatchObject([{ title: '5 € – it’s' }]);
  });

  /** Code page 850, as programs for DOS and the console of Windows save it. */
  const dos = (text: string): Buffer =>
    Buffer.from(
      [...text].map((each) => {
        const at = 'åäöÅÄÖé'.indexOf(each);
        return at < 0 ? each.charCodeAt(0) : ([0x86, 0x84, 0x94, 0x8f, 0x8e, 0x99, 0x82][at] ?? 0);
      }),
    );

  it.each([
    ['ärende;kund;öppnat;rubrik;kategori\nA-1;Åkeri & Söner AB;2027-03-15;Går ej;övrigt', 'Går ej'],
    ['ärende;kund;öppnat;rubrik;kategori\nA-1;akeri;2027-03-15;Ny skrivare;övrigt', 'Ny skrivare'],
    ['id;kund;created;rubrik;type\nA-1;akeri;2027-03-15;Bra miljö;other', 'Bra miljö'],
    ['id;kund;created;rubrik;type\nA-1;akeri;2027-03-15;Idé om möte;other', 'Idé om möte'],
    ['id;kund;created;rubrik;type\nA-1;akeri;2027-03-15;ÄNDRA VÄRDE;other', 'ÄNDRA VÄRDE'],
  ])('takes CP850 (DOS) where letters tell it: %j', async (content, title) => {
    const { encoding, cases, problems } = await readSupportCases(dos(content), 'x', owners, '2027-05-11');
    expect(problems).toEqual([]);
    expect(encoding).toBe('CP850');
    expect(cases).toMatchObject([{ title }]);
  });

  it.each(['Sa ”nej” till Björn', '”ja”', '„ja”', 'Željko Žic', '5 † 6', 'Filen är „klar”', '20 % – 5 €'])(
    'does not take Windows-1252 for CP850: %s',
    async (title) => {
      const signs: Record<string, number> = {
        '”': 0x94,
        '„': 0x84,
        Ž: 0x8e,
        '†': 0x86,
        '–': 0x96,
        '€': 0x80,
      };
      const content = `id;kund;created;rubrik;type\nA-1;akeri;2027-03-15;${title};other`;
      const bytes = Buffer.from([...content].map((each) => signs[each] ?? each.charCodeAt(0)));
      const { encoding, cases } = await readSupportCases(bytes, 'x', owners, '2027-05-11');
      expect([encoding, cases[0]?.title]).toEqual(['Windows-1252', title]);
    },
  );

  it('asks for the encoding where letters of two are there, and takes the one that is named', async () => {
    const start = 'id;kund;created;rubrik;type\nA-1;akeri;2027-03-15;';
    const bytes = Buffer.concat([Buffer.from(start), dos('möte'), Buffer.from(' möte;other', 'latin1')]);
    const asked = await readSupportCases(bytes, 'x', owners, '2027-05-11');
    expect(asked.problems).toMatchObject([
      { line: 1, message: { sv: expect.stringContaining('förväntade --encoding med vad') as string } },
    ]);
    const read = async (encoding: 'CP850' | 'Windows-1252') =>
      (await readSupportCases(bytes, 'x', owners, '2027-05-11', { encoding })).cases[0]?.title;
    expect([await read('CP850'), await read('Windows-1252')]).toEqual(['möte m÷te', 'm”te möte']);
  });

  it.each(['UTF-8', 'UTF-16'] as const)(
    'refuses bytes that are not in the %s that is named',
    async (encoding) => {
      const { problems, unreadable } = await readSupportCases(
        Buffer.from('id;r\xf6da', 'latin1'),
        'x',
        owners,
        '2027-05-11',
        { encoding },
      );
      expect([unreadable, problems[0]?.message.sv]).toEqual([
        true,
        `förväntade en tabell som text: CSV (UTF-8) eller Unicode-text, hittade ${encoding} med trasiga tecken`,
      ]);
    },
  );

  it.each([
    ['a quote that nobody closes', 'A-2;"akeri', 'ett citattecken (") som aldrig avslutas'],
    ['text after a closed quote', '"A-2"x;akeri', 'text direkt efter ett avslutande citattecken (")'],
  ])('tells %s in Swedish', async (_, line, found) => {
    const { problems } = await read(`id;kund;created;rubrik;type\n${line}`);
    expect(problems[0]?.message.sv).toBe(`förväntade en rad som CSV, hittade ${found}`);
  });

  it('takes quoted fields with separators, quotes and line breaks', async () => {
    const { cases } = await read(`${header}\n${row({ title: 'Skärm, 17" bred\r\nrad två' })}`);
    expect(cases[0]?.title).toBe('Skärm, 17" bred rad två');
  });

  it.each([
    [
      { status: 'Löst', closed: '2027-03-16', hours: '1,5' },
      { state: 'closed', closedOn: '2027-03-16', hours: 150 },
    ],
    [{ closed: '2027-03-15T23:30:00Z' }, { state: 'closed', closedOn: '2027-03-16' }],
    [{ status: 'Väntar' }, { state: 'waiting' }],
    [
      { status: 'in progress', hours: '0.25' },
      { state: 'open', hours: 25 },
    ],
    [
      { category: 'Driftstörning', resolution: 'Startade om' },
      { category: 'incident', resolution: 'Startade om' },
    ],
    [{ opened: '2027-03-15 14:05:30' }, { openedOn: '2027-03-15' }],
    [{ opened: '2027-03-15 9:05' }, { openedOn: '2027-03-15' }],
    [{ opened: '2027-03-15T23:30:00.123+0100' }, { openedOn: '2027-03-15' }],
    [{ opened: '2027-03-15 23:30:00 +00:00' }, { openedOn: '2027-03-16' }],
    [{ opened: '2027-03-15 23:30 UTC' }, { openedOn: '2027-03-16' }],
    [{ opened: '2027-03-15 23:30 CET' }, { openedOn: '2027-03-15' }],
    [{ hours: '1:30' }, { hours: 150 }],
    [{ hours: '0:20:00' }, { hours: 33 }],
    [{ hours: '1 000,5' }, { hours: 100_050 }],
    [{ hours: '1,5 tim' }, { hours: 150 }],
    [{ agreement: '', customer: 'akeri' }, { agreements: ['akeri-2026', 'akeri-2027'] }],
    [{ agreement: '', customer: 'åkeri &  söner ab' }, { agreements: ['akeri-2026', 'akeri-2027'] }],
    [{ agreement: '', customer: 'Bygg AB' }, { agreements: ['bygg-2025'] }],
    [{ agreement: 'bygg-2025', customer: 'bygg' }, { agreements: ['bygg-2025'] }],
    [{ agreement: '', customer: 'norr' }, { agreements: ['norr-2027'] }],
  ])('understands %j', async (changed, expected) => {
    const { cases, problems } = await read(`${header}\n${row(changed)}`);
    expect(problems).toEqual([]);
    expect(cases).toMatchObject([expected]);
  });

  it.each([
    [{ reference: '' }, 'reference', 'expected a text, found nothing'],
    [{ title: ' ' }, 'title', 'expected a text, found nothing'],
    [{ title: 'x'.repeat(501) }, 'title', 'expected at most 500 characters, found 501 characters'],
    [{ agreement: '' }, 'agreement', 'expected an agreement or a customer, found nothing'],
    [{ agreement: 'nobody' }, 'agreement', 'expected the number of a signed agreement, found "nobody"'],
    [
      { customer: 'bygg' },
      'customer',
      'expected the customer of akeri-2027, "Åkeri & Söner AB", found "bygg"',
    ],
    [
      { agreement: '', customer: 'Okänd' },
      'customer',
      'expected a customer with an agreement, found "Okänd"',
    ],
    [
      { agreement: '', customer: 'samma namn ab' },
      'customer',
      'expected one customer, found several named "samma namn ab"; give the customer\'s id',
    ],
    [{ opened: '' }, 'opened', 'expected a date such as 2027-03-15, found nothing'],
    [{ opened: '15/3 2027' }, 'opened', 'expected a date such as 2027-03-15, found "15/3 2027"'],
    [{ opened: '2027-02-30' }, 'opened', 'expected a date such as 2027-03-15, found "2027-02-30"'],
    [{ opened: '2027-05-12' }, 'opened', 'expected a day up to 2027-05-11, found 2027-05-12'],
    [{ closed: '2027-03-14' }, 'closed', 'expected a day from 2027-03-15 on, found 2027-03-14'],
    [{ status: 'closed' }, 'closed', 'expected the date of a closed case, found nothing'],
    [
      { status: 'open', closed: '2027-03-16' },
      'status',
      'expected closed, since it has a date, found "open"',
    ],
    [{ category: 'fel' }, 'category', /^expected one of incident, .*, found "fel"$/],
    [{ status: 'kanske' }, 'status', /^expected one of open, .*, found "kanske"$/],
    [{ hours: '-1' }, 'hours', /^expected hours from 0 to 10000 .*, found "-1"$/],
    [{ hours: '1,255' }, 'hours', /found "1,255"$/],
    [{ hours: '1 500' }, 'hours', /found "1 500"; if that many are meant, write 1500$/],
    [{ hours: '0x10' }, 'hours', /found "0x10"$/],
    [{ hours: '1e2' }, 'hours', /found "1e2"$/],
    [{ hours: 'Infinity' }, 'hours', /found "Infinity"$/],
    [{ hours: '1:75' }, 'hours', /found "1:75"$/],
    [{ opened: '2027-03-15 25:05' }, 'opened', /found "2027-03-15 25:05"$/],
    [{ opened: '2027-03-15 14:05 EST' }, 'opened', /found "2027-03-15 14:05 EST"$/],
    [{ hours: '10000,01' }, 'hours', /found "10000,01"$/],
  ])('refuses %j', async (changed, column, message) => {
    const { cases, problems } = await read(`${header}\n${row({ reference: 'A-0' })}\n${row(changed)}`);
    expect(cases).toHaveLength(1);
    expect(problems).toEqual([
      {
        line: 3,
        column,
        message: {
          en: typeof message === 'string' ? message : expect.stringMatching(message),
          sv: expect.stringMatching(/^förväntade .*, hittade /) as string,
        },
      },
    ]);
  });

  it('tells the line a row begins on, also after quoted line breaks and empty lines', async () => {
    const content = [
      header,
      row({ title: 'en\r\ntvå\r\ntre' }),
      '',
      row({ reference: 'A-2', opened: 'x' }),
    ].join('\r\n');
    const { problems } = await read(`${content}\r\nA-3,akeri-2027\r\n${row()}`);
    expect(problems.map(({ line, message }) => [line, message.en])).toEqual([
      [6, 'expected a date such as 2027-03-15, found "x"'],
      [7, 'expected a text, found nothing'],
      [7, 'expected a date such as 2027-03-15, found nothing'],
      [7, expect.stringMatching(/^expected one of incident, .*, found nothing$/)],
      [8, 'expected each reference once, found "A-1" again, first on line 2'],
    ]);
  });

  it('tells everything that is wrong in a row', async () => {
    const { problems } = await read(`${header}\n${row({ opened: 'x', category: 'y', hours: 'z' })}`);
    expect(problems.map(({ column }) => column)).toEqual(['opened', 'category', 'hours']);
  });

  it.each([
    ['', 1, 'found an empty file'],
    ['a,b\n1,2', 1, 'found "a", "b"'],
    ['reference,opened,title,category\n', 1, 'expected a header with reference, agreement or customer'],
    [`${header},id\n`, 1, 'expected each column once, found "id" besides "reference"'],
    [`${header}\n${row()}\nA-2,"akeri`, 3, 'expected a row of CSV, found Quote Not Closed'],
  ])('reads nothing of %j', async (content, line, message) => {
    const { unreadable, cases, problems } = await read(content);
    expect([unreadable, cases]).toEqual([true, []]);
    expect(problems).toMatchObject([{ line, message: { en: expect.stringContaining(message) as string } }]);
  });

  it.each([
    ['HaloPSA', 'In Progress', 'open'],
    ['HaloPSA', 'With User', 'waiting'],
    ['HaloPSA', 'With Supplier', 'waiting'],
    ['HaloPSA', 'Action Required', 'open'],
    ['Autotask', 'Dispatched', 'open'],
    ['Autotask', 'Waiting Customer', 'waiting'],
    ['Autotask', 'Complete', 'closed'],
    ['ConnectWise', 'Re-Opened', 'open'],
    ['ConnectWise', 'Waiting on Vendor', 'waiting'],
    ['ConnectWise', '>Closed', 'closed'],
    ['Zendesk', 'On-hold', 'waiting'],
    ['Zendesk', 'Solved', 'closed'],
    ['Jira', 'To Do', 'open'],
    ['Jira', 'Waiting for support', 'open'],
    ['Jira', 'Waiting for customer', 'waiting'],
    ['Jira', 'DONE', 'closed'],
    ['an API', 'in_progress', 'open'],
    ['ServiceNow', 'On Hold', 'waiting'],
    ['ServiceNow', 'Awaiting Caller', 'waiting'],
    ['ServiceNow', 'On hold - Awaiting Vendor', 'waiting'],
    ['ServiceNow', 'Closed Complete', 'closed'],
    ['ServiceNow', 'Closed Skipped', 'closed'],
    ['ServiceNow', 'Canceled', 'closed'],
    ['TOPdesk', 'Logged', 'open'],
    ['TOPdesk', 'Updated by user', 'open'],
    ['TOPdesk', 'Waiting for user', 'waiting'],
    ['TOPdesk', 'Completed', 'closed'],
    ['TOPdesk', 'Registrerat', 'open'],
    ['TOPdesk', 'Uppdaterad av användare', 'open'],
    ['TOPdesk', 'Väntar på användare', 'waiting'],
    ['TOPdesk', 'Slutfört', 'closed'],
    ['Jira', 'Waiting for agent', 'open'],
    ['Jira', 'Awaiting CAB approval', 'waiting'],
    ['Jira', 'Won’t do', 'closed'],
    ['Freshdesk', 'Waiting on Third Party', 'waiting'],
    ['Freshdesk', 'Customer responded', 'open'],
    ['HaloPSA', 'Closed - Order', 'closed'],
    ['Autotask', 'Waiting Materials', 'waiting'],
    ['ConnectWise', 'New (email connector)', 'open'],
    ['ConnectWise', 'Waiting Client Response', 'waiting'],
    ['ConnectWise', '>Closed (no response)', 'closed'],
    ['Zendesk in Swedish', 'Väntande', 'waiting'],
    ['Zendesk in Swedish', 'Spärrad', 'waiting'],
    ['Lime', 'Inkommet', 'open'],
    ['Lime', 'Ej påbörjat', 'open'],
    ['Lime', 'Inväntar svar från kund', 'waiting'],
    ['Lime', 'Avslutat', 'closed'],
    ['Swedish', 'Stängt utan åtgärd', 'closed'],
    ['Swedish', 'Att göra', 'open'],
    ['Swedish', 'Väntar på kund', 'waiting'],
    ['Swedish', 'Åtgärdad', 'closed'],
  ])('knows the status that %s calls "%s"', async (_, status, state) => {
    const closed = state === 'closed' ? '2027-03-16' : '';
    const { cases, problems } = await read(`${header}\n${row({ status, closed })}`);
    expect(problems).toEqual([]);
    expect(cases).toMatchObject([{ state }]);
  });

  it('tells of a large file how far it has come', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => row({ reference: `A-${index}` }));
    const told: number[] = [];
    const content = Buffer.from([header, ...rows].join('\n'));
    const { cases } = await readSupportCases(content, 'cases.csv', owners, '2027-05-11', {
      onProgress: (count) => told.push(count),
    });
    expect([cases.length, told]).toEqual([2500, [1000, 2000]]);
  });
});

describe("a help desk's own words", () => {
  it.each([
    ['Open - Awaiting Customer', 'waiting'],
    ['Open - In Progress', 'open'],
    ['Active: Pending vendor', 'waiting'],
    ['Öppet – väntar på kund', 'waiting'],
  ])('say a state in two steps: %s is %s', async (status, state) => {
    const { cases, problems } = await read(`${header}\n${row({ status })}\n`);
    expect(problems).toEqual([]);
    expect(cases).toMatchObject([{ state }]);
  });

  it("name the columns of ServiceNow's list", async () => {
    const { cases, problems } = await read(
      'Number,Company,Opened,Short description,Category,State\nINC0010001,norr,2027-03-15,Fakturor,incident,Open\n',
    );
    expect(problems).toEqual([]);
    expect(cases).toMatchObject([{ reference: 'INC0010001', title: 'Fakturor', agreements: ['norr-2027'] }]);
  });

  it('names of columns that are not known are told with the place where all of them are', async () => {
    const { problems } = await read('Foo,Bar\n1,2\n');
    expect(problems[0]?.message.en).toMatch(
      /found "Foo", "Bar"; all names of columns are in `cases import --help`$/,
    );
    expect(problems[0]?.message.sv).toMatch(
      /hittade "Foo", "Bar"; alla namn på kolumner står i `cases import --help`$/,
    );
  });

  it.each(['1,06E+03', '1.06E+03', '1E+15'])(
    'asks for the whole of a number that Excel shortened: %s',
    async (reference) => {
      const { cases, problems } = await read(`${header}\n${row({ reference })}\n`);
      expect(cases).toEqual([]);
      expect(problems[0]?.message.en).toBe(
        `expected the whole number of the case, found "${reference}", which Excel has shortened; make the column text, and save it from the help desk again`,
      );
    },
  );
});
