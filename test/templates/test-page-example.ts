/** The pages to test and to approve an upgrade, with all that can stand on them, and words as long as they get. */
import { renderPage } from '../../templates/pages/render-page';
import type { CaseShown } from '../../templates/pages/test-page';

const address = 'https://intranet.testbolaget.example.com/documents/of/the/year?id=4711';
const picture = { url: 'data:,', text: 'Bild 1 från Försäkringsaktiebolaget Testbolaget' };

const failed: CaseShown = {
  ...{ anchor: 'case-vat.1', title: 'Ta fram momsrapporten för Försäkringsaktiebolagets förra period' },
  ...{ state: 'testa igen', isBad: true, open: true },
  news: { taken: 'Tack, det är registrerat 1 juni 2027 10:00. Anna Berg har fått veta det.' },
  foundIn: 'Fungerade inte vid uppgraderingen avtalsår 1: kontrollera det särskilt.',
  accepted: `Godtas av Erik Holm: ${address}`,
  steps: ['Öppna rapporten', `Jämför den med ${address}`],
  expected: 'Den visar samma belopp som den ni har lämnat.',
  said: [
    { line: 'Johan Lind, 1 juni 2027 10:00: fungerar inte', note: address, pictures: [picture, picture] },
    { line: 'Anna Berg svarar, 1 juni 2027 11:00: testa igen', isOurs: true, note: 'rättat', pictures: [] },
  ],
  form: {
    ...{ of: 'vat.1', seen: '', noteId: 'note-vat.1', note: address, picturesId: 'pictures-vat.1' },
    ...{ kept: 'a', keptPictures: [picture] },
  },
};
const passed: CaseShown = {
  ...{ anchor: 'case-all.1', title: 'Logga in', state: 'fungerar', isGood: true, steps: [], said: [] },
  form: { ...failed.form!, of: 'all.1', noteId: 'note-all.1', picturesId: 'pictures-all.1', failsOnly: true },
};

export const testPages: Record<string, string> = {
  'a test': renderPage(
    'test',
    'sv',
    'Testa uppgraderingen: Försäkringsaktiebolaget Testbolaget',
    {
      lead: 'Öppna ett testfall, gör som det står och tryck på det som stämmer.',
      facts: ['Ni testar i en kopia av ert system.', 'Klart senast 1 juli 2027.'],
      ...{ progress: '2 av 15 testade, 1 fungerar inte, 1 att testa igen', done: 2, all: 15 },
      processes: [{ name: 'Moms', progress: '1 av 2 testade', cases: [failed, passed] }],
      testers: {
        open: true,
        listed: [
          {
            id: 'tester-1',
            name: 'Eva Åkesson',
            email: `eva@${'x'.repeat(60)}.example`,
            what: 'Moms, Lager',
          },
        ],
        ...{ name: 'Eva', email: 'eva', other: true },
        processes: [
          { field: 'process-vat', name: 'Försäkringsaktiebolagets ordergränssnitt', checked: true },
        ],
      },
      more: 'Går det inte att använda sidan? Hör av dig till Anna Berg, anna.berg@pector.example.',
    },
    {
      problems: [
        { field: 'note-vat.1', text: 'Skriv vad som inte fungerar, så att vi kan rätta det.' },
        { field: 'pictures-vat.1', text: `Bilden ${'IMG'.repeat(20)}.png är för stor: högst 10 MB.` },
        { field: 'email', text: 'Skriv en mejladress; du skrev ”eva”.' },
      ],
    },
  ),
  'an approval': renderPage(
    'approval',
    'sv',
    'Godkänn uppgraderingen: Försäkringsaktiebolaget Testbolaget',
    {
      lead: 'Läs igenom resultatet.',
      facts: ['Visma Business: 17.0 → 18.00.2', `Godtas trots att det inte är klart: ${address}`],
      news: { when: 'Det du skickade 1 juni 2027 10:00 togs inte emot', refused: 'Något har ändrats.' },
      ...{ approved: 'Godkänd av Karin Ek 1 juni 2027 10:00. Kontrollsumma 9d5a9caccfe8.' },
      without: `Avslutad utan kundens godkännande 1 juni 2027 10:00, av Erik Holm: ${address}`,
      changed: 'Karin Ek godkände 1 juni 2027 10:00, men resultatet har ändrats sedan dess.',
      checksum: 'Kontrollsumma: 9d5a9caccfe8',
      heading: 'Det här godkänns',
      phases: [
        {
          name: 'Testledning',
          lines: [
            {
              name: 'Ta fram momsrapporten',
              who: 'Johan Lind, 1 juni 2027',
              note: address,
              passed: 'godkänd',
              isNew: 'nytt',
            },
            {
              name: 'Försäkringsaktiebolagets ordergränssnitt',
              versions: '1 → 2',
              accepted: `godtagen: ${address}`,
            },
          ],
        },
      ],
      signature: 'Godkännandet är en enkel elektronisk underskrift enligt eIDAS.',
      approve: { statement: 'Jag, Karin Ek, godkänner resultatet ovan', shown: 'a' },
      remains: { cases: [{ value: '', text: 'Något annat' }], note: address, open: true },
      asks: true,
      more: 'Undrar du något? Hör av dig till Anna Berg, anna.berg@pector.example.',
    },
    {
      code: { state: 'enter', title: 'Godkänn med en kod', text: '', to: 'k…@testbolaget.example.com' },
      problems: [{ field: 'sure', text: 'Kryssa i rutan om du godkänner.' }],
    },
  ),
};
