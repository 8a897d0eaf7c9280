import type { Language } from '../../rules/engine/basics/text';
import type { PrintedDocument } from '../../templates/documents/document';
import { agendaDocument } from '../../templates/agenda/document';
import { documentPdf } from '../../templates/documents/pdf';
import { printable } from '../../templates/documents/printable';
import { readPdf } from '../helpers/read-pdf';
import { emptyAgenda, fullAgenda, longAgenda } from './agenda-example';

const languages: Language[] = ['sv', 'en'];
const squeezed = (text: string): string => printable(text).replace(/\s+/g, '');

/** Every text of a document, in the order it stands there. */
function textsOf({ heading, customer, facts, sections }: PrintedDocument): string[] {
  return [
    heading,
    customer,
    ...facts.flatMap(({ label, value, note = '' }) => [label, value, note]),
    ...sections.flatMap(({ title, blocks }) => [
      title,
      ...blocks.flatMap((block) => {
        switch (block.kind) {
          case 'table':
            return [
              ...block.columns.map((column) => column.title),
              ...[...block.rows, ...(block.total ? [block.total] : [])].flatMap((cells) =>
                cells.flatMap(({ text, note = '' }) => [text, note]),
              ),
            ];
          case 'list':
            return block.items.flatMap(({ text, note = '' }) => [text, note]);
          case 'figures':
            return block.items.flatMap(({ label, value }) => [value, label]);
          case 'chart':
            return block.chart.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
          default:
            return [block.text];
        }
      }),
    ]),
  ];
}

describe('the agenda as PDF', () => {
  it.each(
    languages.flatMap((language) => [
      ['much', fullAgenda(), language] as const,
      ['nothing', emptyAgenda(), language] as const,
    ]),
  )('holds every text of a year with %s, read by another library', async (_, data, language) => {
    const document = agendaDocument(data, language);
    const read = readPdf(await documentPdf(document));
    const whole = squeezed(read.pages.join(''));
    for (const text of textsOf(document)) expect(whole).toContain(squeezed(text));
  });

  it('names itself, its language and its time, and is tagged for screen readers', async () => {
    const document = agendaDocument(fullAgenda(), 'sv');
    const read = readPdf(await documentPdf(document));
    expect(read).toMatchObject({
      title: 'Dagordning: förvaltningsmöte 2, Åkeri & Söner i Ängelholm AB',
      language: 'sv-SE',
      created: 'D:20270511063000Z',
      tagged: true,
      alternatives: [
        'Diagram över timbanken under avtalsåret: 64:45 av 144:00 timmar är använda 11 maj 2027.',
      ],
    });
    expect(read.bookmarks).toEqual(document.sections.map(({ title }) => title));
    expect(read.elements).toMatchObject({ H1: 1, H2: 10, Figure: 1, L: 4, LI: 11 });
    expect(read.elements.TH).toBeGreaterThan(20);
  });

  it('speaks English where that is asked for', async () => {
    const { language, pages } = readPdf(await documentPdf(agendaDocument(fullAgenda(), 'en')));
    expect(language).toBe('en-GB');
    expect(pages[0]).toContain('Management meeting 2');
    expect(pages[0]).toContain('Page 1 of 4');
  });

  it('goes on over many pages, each numbered, with the head of a table on each', async () => {
    const { pages } = readPdf(await documentPdf(agendaDocument(longAgenda(), 'sv')));
    expect(pages.length).toBeGreaterThan(6);
    for (const [index, page] of pages.entries())
      expect(page).toContain(`Sida ${index + 1} av ${pages.length}`);
    const withEntries = pages.filter((page) => page.includes('Arbete nummer'));
    expect(withEntries.length).toBeGreaterThan(2);
    for (const page of withEntries) expect(page).toMatch(/Datum\s+Vad\s+Typ\s+Timmar/);
    const whole = pages.join(' ');
    for (let number = 0; number < 1600; number += 1) expect(whole).toContain(`ord${number}`);
    expect(squeezed(whole).split('x').length - 1).toBeGreaterThanOrEqual(3000);
  });

  it('is the same to the byte each time, and another at another time', async () => {
    const make = (asOf: string) => documentPdf(agendaDocument(fullAgenda({ asOf }), 'sv'));
    const first = await make('2027-05-11T06:30:00.000Z');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await make('2027-05-11T06:30:00.000Z')).equals(first)).toBe(true);
    expect((await make('2027-05-12T06:30:00.000Z')).equals(first)).toBe(false);
  });
});

describe('what the fonts of a PDF can print', () => {
  it.each([
    ['Åkeri & Söner – “citat” 5 €', 'Åkeri & Söner – “citat” 5 €'],
    ['A\u030ake', 'Åke'],
    ['\u22122,5', '–2,5'],
    ['Łódź', 'Lódz'],
    ['Dvořák', 'Dvorák'],
    ['a\r\nb\u2028c', 'a\nb\nc'],
    ['mjukt\u00adstreck', 'mjuktstreck'],
    ['kvitto \u{1f9fe} och \u4f60', 'kvitto ? och ?'],
    ['\u001b[31m', ' [31m'],
    ['1\u202f000', '1\u00a0000'],
  ])('%j is printed %j', (text, printed) => {
    expect(printable(text)).toBe(printed);
  });
});
