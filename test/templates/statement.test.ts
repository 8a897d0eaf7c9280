/** The hour statement: what its lines add up to, its mail and its PDF. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Language } from '../../rules/engine/basics/text';
import { documentPdf } from '../../templates/documents/pdf';
import type { MailData } from '../../templates/mails/mail-data';
import { renderMail } from '../../templates/mails/render-mail';
import { accountOf, changedLines, curveOf, monthsOf } from '../../templates/statement/account';
import type { StatementData, StatementLine } from '../../templates/statement/data';
import { statementDocument } from '../../templates/statement/document';
import { readPdf } from '../helpers/read-pdf';

const hour = 3600;
const year = { from: '2027-01-15', to: '2028-01-15' };
const lines: StatementLine[] = [
  { on: '2027-01-15', kind: 'contracted', seconds: 100 * hour },
  { on: '2027-01-15', kind: 'rolledIn', seconds: 20 * hour },
  { on: '2027-02-14', number: 1, kind: 'consulting', seconds: -50 * hour },
  { on: '2027-02-15', number: 2, kind: 'meeting', seconds: -80 * hour },
  { on: '2027-02-15', number: 2, kind: 'beyond', seconds: 10 * hour },
  { on: '2027-03-01', kind: 'added', seconds: 30 * hour },
  { on: '2027-07-15', kind: 'lapsed', seconds: -5 * hour },
  { on: '2028-01-15', kind: 'expired', seconds: -25 * hour },
];

const example = JSON.parse(
  readFileSync(path.join(__dirname, '../../templates/mails/hour-statement/example.json'), 'utf8'),
) as MailData & StatementData;
const statement = (changed: Partial<StatementData['hours']> = {}): typeof example => ({
  ...example,
  hours: { ...example.hours, ...changed },
});

describe('the account', () => {
  it('begins with what the first day gives, and has what is left after each line', () => {
    const { opening, lines: told } = accountOf(lines, year);
    expect(opening).toBe(120 * hour);
    expect(told.map(({ kind, left }) => [kind, left / hour])).toEqual([
      ['consulting', 70],
      ['meeting', -10],
      ['beyond', 0],
      ['added', 30],
      ['lapsed', 25],
      ['expired', 0],
    ]);
  });

  it('tells the months of the agreement’s own year, and nothing of those to come', () => {
    const months = monthsOf(lines, year, '2027-07-20');
    expect(months).toHaveLength(12);
    expect(
      months.slice(0, 3).map(({ from, used = 0, left = 0 }) => [from, used / hour, left / hour]),
    ).toEqual([
      ['2027-01-15', 50, 70],
      ['2027-02-15', 80, 30],
      ['2027-03-15', 0, 30],
    ]);
    expect(months[6]).toEqual({ from: '2027-07-15', used: 0, left: 25 * hour });
    expect(months[7]).toEqual({ from: '2027-08-15' });
    expect(monthsOf(lines, year, '2028-01-20')[11]).toMatchObject({ left: 25 * hour });
  });

  it('draws hours used, and hours to use, without what rolls over or expires at the end', () => {
    expect(curveOf(lines, year).at(-1)).toEqual({ on: '2027-07-15', used: 13_000, available: 14_500 });
  });

  it('finds what differs from the statement before, and nothing where nothing does', () => {
    expect(changedLines(lines, lines)).toEqual([]);
    const correction = { on: '2027-02-14', number: 3, kind: 'correction', by: 'Anna Berg', seconds: hour };
    const now = [...lines.slice(0, -1), correction, { ...lines.at(-1)!, seconds: -26 * hour }];
    expect(changedLines(lines, now)).toEqual([
      { on: '2027-02-14', number: 3, kind: 'correction', by: 'Anna Berg', after: hour },
      { on: '2028-01-15', kind: 'expired', before: -25 * hour, after: -26 * hour },
    ]);
    expect(
      changedLines(
        lines,
        lines.filter(({ kind }) => kind !== 'beyond'),
      ),
    ).toEqual([{ on: '2027-02-15', number: 2, kind: 'beyond', before: 10 * hour }]);
  });
});

describe('the mail', () => {
  const many = (note: string): StatementLine[] => [
    example.hours.lines![0]!,
    ...Array.from({ length: 300 }, (_, index) => ({
      ...{ on: '2027-06-20', number: index + 1, kind: 'consulting', by: 'Karin Ek' },
      ...{ note, seconds: -1200, prices: [130_500] },
    })),
  ];
  const changes = many('x').map(({ on, number = 1, kind, seconds }) => ({
    on,
    number,
    kind,
    after: seconds,
  }));
  const told = { on: '2027-06-01', version: 1, used: 0, rolledOut: 0, expired: 0, overage: 0, changes };

  it.each([
    ['sv', 'short', 'Rapport', /… (\d+) tidigare rader finns i bifogad PDF och CSV; då var (\S+) kvar/],
    [
      'en',
      'long',
      '<&">'.repeat(600),
      /… (\d+) earlier lines are in the attached PDF and CSV; (\S+) were left/,
    ],
  ] as const)(
    'stays below what Gmail shows whole with hundreds of lines, and says where the others are: %s, %s notes',
    (language, _, note, folded) => {
      const mail = renderMail('hour-statement', language, statement({ lines: many(note), told }));
      expect(Buffer.byteLength(mail.html)).toBeLessThan(102_000);
      const [, count = '', left] = folded.exec(mail.text) ?? [];
      const shown = mail.text.match(language === 'sv' ? /; kvar /g : /; left /g) ?? [];
      expect(shown.length).toBeGreaterThan(3);
      expect(Number(count) + shown.length).toBe(300);
      expect(left).toBe(`${Math.floor(100 - Number(count) / 3)}:${['00', '40', '20'][Number(count) % 3]}`);
    },
  );

  it.each([
    ['sv', '- 10 mars 2027 (nr 2): 12\u00a0tim 30\u00a0min, Konsultarbete: Ny rapport', '; kvar 85:00\n'],
    ['en', '- 10 Mar 2027 (no. 2): 12\u00a0h 30\u00a0min, Consulting: Ny rapport', '; left 85:00\n'],
  ] as const)(
    'tells lines with what was left, and the months as bars of cells: %s',
    (language, line, left) => {
      const { text, html } = renderMail('hour-statement', language, statement());
      expect(text).toContain(line);
      expect(text).toContain(left);
      expect(html).not.toMatch(/<svg|<img/);
      expect([...html.matchAll(/class="bar"[^>]*width="(\d+)%"/g)].map(([, width]) => width)).toEqual([
        ...['15', '77', '49', '18', '100'],
      ]);
    },
  );

  it.each([
    [
      { wouldRoll: 2000, wouldExpire: 3775 },
      'förs 20\u00a0timmar över till nästa avtalsår, och 37\u00a0timmar 45\u00a0minuter upphör.',
    ],
    [{ wouldRoll: 0, wouldExpire: 3775 }, 'före avtalsårets slut upphör 37\u00a0timmar 45\u00a0minuter.'],
    [
      { final: true, rolledOut: 2000, expired: 3775 },
      '37\u00a0timmar 45\u00a0minuter kunde inte föras över och upphör.',
    ],
  ])('says what rolls over and what expires: %j', (changed, expected) => {
    expect(renderMail('hour-statement', 'sv', statement(changed)).text).toContain(expected);
  });

  it.each([
    ['purchased', 'sv', 'Köpta timmar är på plats i timbanken', 'Ni har köpt timmar'],
    ['contracted', 'sv', 'Fler timmar i timbanken', 'Avtalet ger er fler timmar'],
    ['goodwill', 'en', 'More hours in the hour bank', 'We have given you hours'],
  ] as const)('an alert that hours take back, %s, says so: %s', (because, language, subject, text) => {
    const data = { ...example, alert: { percent: 75, takenBack: true, because } };
    const mail = renderMail('hours-alert', language, data);
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(text);
    const manager = { name: 'Mats Holm', party: 'manager' } as const;
    expect(renderMail('hours-alert', language, { ...data, recipient: manager }).html).toContain(
      '<strong>Testbolaget AB</strong>',
    );
  });
});

describe('the PDF', () => {
  const corrected = statement({
    ...{
      final: true,
      version: 2,
      overage: 850,
      waiting: 850,
      overageAmountMinor: 1_109_250,
      rolledOut: 0,
      expired: 0,
    },
    told: {
      ...{ on: '2028-01-07', version: 1, used: 0, rolledOut: 0, expired: 0, overage: 0 },
      changes: [{ on: '2027-06-03', number: 6, kind: 'correction', by: 'Karin Ek', after: -7200 }],
    },
  });
  const draw = (data: StatementData, language: Language) => documentPdf(statementDocument(data, language));

  it.each([
    ['sv', 'Timbanksbesked, Testbolaget AB', 'Ingående saldo 100:00', '2 10 mars 2027 Konsultarbete'],
    ['en', 'Hour bank statement, Testbolaget AB', 'Opening balance 100:00', '2 10 Mar 2027 Consulting'],
  ] as const)(
    'has every line with its balance, and is tagged: %s',
    async (language, title, opening, line) => {
      const read = readPdf(await draw(statement(), language));
      expect(read).toMatchObject({ title, tagged: true });
      const text = read.pages.join(' ');
      expect(text).toContain(opening);
      expect(text).toContain(line);
      expect(text).toContain(
        language === 'sv' ? '–12:30 –12,5 1 305,00 85:00' : '–12:30 –12.5 1,305.00 85:00',
      );
      expect(read.elements['TR']).toBe(7);
    },
  );

  it('tells its version, and line by line what differs', async () => {
    const text = readPdf(await draw(corrected, 'en')).pages.join(' ');
    expect(text).toContain('takes the place of version 1 of 7 Jan 2028');
    expect(text).toContain('6 3 Jun 2027 Correction Karin Ek no line –2:00');
    expect(text).toContain('SEK 11,092.50 excl. VAT');
  });

  it('describes its picture, with the day on which the hours are used up', async () => {
    const read = readPdf(await draw(statement({ usedUpOn: '2027-09-12' }), 'sv'));
    expect(read.alternatives).toEqual([
      'Diagram över timbanken under avtalsåret: 42:15 av 100:00 timmar är använda 30 juni 2027. I den här takten slut 12 sep 2027.',
    ]);
  });

  it('is the same, byte for byte, whenever it is drawn', async () => {
    const [first, second] = [await draw(corrected, 'sv'), await draw(corrected, 'sv')];
    expect(first.equals(second)).toBe(true);
  });
});
