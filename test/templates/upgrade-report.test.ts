import type { Language } from '../../rules/engine/basics/text';
import type { Block, PrintedDocument } from '../../templates/documents/document';
import { documentPdf } from '../../templates/documents/pdf';
import { printable } from '../../templates/documents/printable';
import type { UpgradeReport } from '../../templates/upgrade-report/data';
import { upgradeReportDocument } from '../../templates/upgrade-report/document';
import { readPdf } from '../helpers/read-pdf';
import { longReport, shortReport } from './upgrade-report-example';

const languages: Language[] = ['sv', 'en'];
const squeezed = (text: string): string => printable(text).replace(/\s+/g, '');

const textsOf = (block: Block): string[] => {
  switch (block.kind) {
    case 'table':
      return block.rows.flatMap((cells) => cells.flatMap(({ text, note = '' }) => [text, note]));
    case 'list':
      return block.items.map(({ text }) => text);
    case 'figures':
      return block.items.map(({ label, value }) => `${value} ${label}`);
    case 'chart':
      return [];
    default:
      return [block.text];
  }
};

/** What a section says, line by line. */
const section = ({ sections }: PrintedDocument, id: string): string[] | undefined =>
  sections.find((one) => one.id === id)?.blocks.flatMap(textsOf);

const written = (report: UpgradeReport, language: Language = 'sv'): PrintedDocument =>
  upgradeReportDocument(report, language);

describe('the report of an upgrade', () => {
  it.each<[string, UpgradeReport, string, string[]]>([
    [
      'who approved it, when and what',
      shortReport(),
      'approval',
      [
        'Karin Ek godkände uppgraderingen tisdag 15 juni 2027 kl. 10:20, för Åkeri & Söner i Ängelholm AB, på sidan och med en kod som mejlades.',
        'Godkännandet gäller resultatet nedan, också det som har godtagits fast det inte är klart.',
        expect.stringMatching(/^Kontrollsumma .* godkändes: (3f9a0c){10}$/) as string,
      ],
    ],
    [
      'an end without the customer, and calls it no approval',
      longReport(),
      'approval',
      [
        expect.stringMatching(
          /^Uppgraderingen är avslutad utan kundens godkännande\. Erik Chef avslutade den .* Orsak: Kunden har inte svarat/,
        ) as string,
        expect.stringContaining('Det är inte ett godkännande.') as string,
      ],
    ],
    [
      'the time it took so far, when the system was down, and that the bank is untouched',
      shortReport(),
      'summary',
      [
        ...['46 dagar så här långt', '4 tim systemet stängt', '5 av 5 delar godkända'],
        'Uppgraderingen började lördag 1 maj 2027. Allt är inte klart än.',
        'Systemet var stängt tis 8 juni 2027 17:00–21:00.',
        'Uppgraderingen ingår i avtalet och drar inga timmar ur timbanken.',
      ],
    ],
    ['what is left', shortReport(), 'left', ['Efterkontroll, planerad till 9 juli 2027']],
    [
      'that an approval was told to us, and claims nothing of what was shown',
      shortReport({
        approval: {
          at: '2027-06-15T08:20:00.000Z',
          by: 'Karin Ek',
          shown: 'ab'.repeat(32),
          toldBy: 'Anna Berg',
        },
      }),
      'approval',
      [
        expect.stringMatching(
          /^Karin Ek har godkänt .*, enligt Anna Berg, som .* rapporterade det /,
        ) as string,
        'Godkännandet gäller resultatet nedan, också det som har godtagits fast det inte är klart.',
        expect.stringMatching(/^Kontrollsumma .* när godkännandet rapporterades: (ab){32}$/) as string,
      ],
    ],
    [
      'open risks: what failed, was accepted as it is, or was withdrawn',
      longReport(),
      'left',
      [
        expect.stringMatching(/^Underkänd: Fall 6, .* \(Testledning\)$/) as string,
        'Underkänd: Första månadsbokslutet gick som det skulle (Efterkontroll)',
        'Efterkontroll, planerad till 9 juli 2027',
        '4 delar är godtagna fast de inte är klara.',
        'Visma Business 18.00.2 drogs tillbaka av leverantören 1 aug 2027: fel i momsrapporten',
      ],
    ],
    [
      'nothing where nothing is left',
      shortReport({ phases: shortReport().phases.slice(0, -1) }),
      'left',
      ['Ingenting återstår.'],
    ],
    [
      'attempts that were given up, why, and who had it restored',
      longReport(),
      'attempts',
      [
        ...['1', '', '25 maj 2027', ''],
        ...['Återställt innan någon arbetat i den nya versionen.', 'Teknisk uppgradering'],
        ...['Databasen gick inte att konvertera.', ''],
        ...['2', '', '1 juni 2027', ''],
        'Återställt efter driftsättningen. Det som gjorts sedan måndag 31 maj 2027 kl. 18:00 gick förlorat.',
        'Beslut av Karin Ek.',
        ...['Orderimporten tappade rader, och det upptäcktes först dagen efter.', ''],
      ],
    ],
  ])('tells %s', (_, report, id, texts) => {
    expect(section(written(report), id)).toEqual(texts);
  });

  it('tells of each part its result, who and when, and of what was accepted by whom and why', () => {
    const document = written(longReport());
    const [parts = [], accepted = []] = [section(document, 'parts'), section(document, 'accepted')];
    const after = (name: string): string[] => parts.slice(parts.indexOf(name) + 1, parts.indexOf(name) + 8);
    expect(after('Visma Business')).toEqual([
      ...['från 17.00 till 18.00.2', 'godkänd', '', 'Anna Berg', '', '8 juni 2027', ''],
    ]);
    expect(after('Verifikationer från lönesystemet').slice(0, 4)).toEqual([
      ...['från 5.3 till 5.4 · partner ansvarar', 'godkänd', '', 'Petra Sund'],
    ]);
    expect(after('Beslut att släppa in användarna').slice(1, 4)).toEqual([
      ...['8 juni 2027 20:45', '', 'Karin Ek'],
    ]);
    expect(after('Test: Visma Business').slice(0, 2)).toEqual([
      ...['Kundreskontran stämd mot huvudboken.', 'godkänd'],
    ]);
    expect(after('Besked från partnern: Tidrapporter')[1]).toBe('nej');
    expect(after('Tidrapporter').slice(1, 4)).toEqual(['godtagen ändå', '', 'Karin Ek']);
    // Test cases stand by their business process.
    expect(parts).toEqual(expect.arrayContaining(['Testledning', 'Testledning: Order till betalning']));
    const fall = (number: number): string =>
      `Fall ${number}, från order till betald faktura med allt däremellan`;
    expect([after(fall(6))[1], after(fall(7))[1]]).toEqual([
      'underkänd, väntar på nytt test',
      'gäller inte er',
    ]);
    expect(accepted.slice(0, 5)).toEqual([
      ...['Tidrapporter', 'Integrationer', 'Karin Ek', '', 'Läses in för hand till oktober.'],
    ]);
    expect(accepted.filter((text) => text === 'Mats Holm')).toHaveLength(3);
  });

  it('tells what was accepted because the system was upgraded with others, and nobody else of them', () => {
    const [planned] = shortReport().phases;
    const parts = planned!.parts.map((part) => ({ ...part, ok: false, waived: { by: 'Pector' } }));
    expect(section(written(shortReport({ phases: [{ ...planned!, parts }] })), 'accepted')).toContain(
      'Systemet uppgraderades tillsammans med andra på samma installation.',
    );
    const attempts = [{ number: 1, on: '2027-05-25' }];
    expect(section(written(shortReport({ attempts })), 'attempts')).toContain(
      'Installationen återställdes för alla som delar den.',
    );
  });

  it('says in its head from what to what, where it was tested, how it ended, and which version it is', () => {
    const facts = (report: UpgradeReport): string[] =>
      written(report, 'en').facts.map(({ label, value, note }) => [label, value, note].join(' | '));
    expect(facts(shortReport({ testedOn: 'copy' })).slice(2)).toEqual([
      'Versions | Visma Business from 17.00 to 18.00.2 | ',
      'Tested in | a copy of your system, before it went live | ',
      'Outcome | Approved by Karin Ek, 15 Jun 2027 | ',
      'Report | Version 1, 15 Jun 2027 | ',
    ]);
    expect(facts(longReport()).slice(-2)).toEqual([
      'Outcome | Ended without the customer’s approval, 20 Aug 2027 | ',
      'Report | Version 2, 20 Aug 2027 | takes the place of version 1',
    ]);
  });

  it.each(
    languages.flatMap((language) => [
      ['short', shortReport(), 2, language] as const,
      ['long', longReport(), 5, language] as const,
    ]),
  )('is a tagged PDF that holds every text of a %s one: %#', async (_, report, pages, language) => {
    const document = written(report, language);
    const pdf = await documentPdf(document);
    const read = readPdf(pdf);
    const whole = squeezed(read.pages.join(''));
    for (const { blocks } of document.sections)
      for (const text of blocks.flatMap(textsOf))
        for (const word of text.split(' ')) expect(whole).toContain(squeezed(word));
    expect(read).toMatchObject({ tagged: true, language: language === 'sv' ? 'sv-SE' : 'en-GB' });
    expect(read.bookmarks).toEqual(document.sections.map(({ title }) => title));
    expect(read.pages).toHaveLength(pages);
    expect((await documentPdf(document)).equals(pdf)).toBe(true);
  });
});
