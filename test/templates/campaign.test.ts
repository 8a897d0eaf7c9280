import { placeCampaign } from '../../rules/engine/campaign/place-campaign';
import { morningAfter } from '../../rules/engine/campaign/morning-after';
import type { Language } from '../../rules/engine/basics/text';
import type { CampaignDocument } from '../../templates/preview/campaign';
import { campaignBlocks } from '../../templates/preview/campaign';
import type { Drawing } from '../../templates/preview/draw';
import { htmlDrawing, markdownDrawing, textDrawing } from '../../templates/preview/draw';
import { campaign, candidate, input, installation } from '../rules/campaign/campaigns';
import { guldTerms } from '../rules/fixtures';

/** A campaign with something of everything. */
async function example(): Promise<CampaignDocument> {
  const guld = await guldTerms();
  const one = campaign({
    onCall: 'jouren',
    windows: { norr: { from: '2027-05-21T17:00', to: '2027-05-23T20:00' } },
  });
  const candidates = [
    candidate(guld, 'norrbolaget', { consultant: 'konsult-2' }),
    candidate(guld, 'systerbolaget', { consultant: 'konsult-2' }),
    candidate(guld, 'testbolaget', { terms: { round: 'pilots' } }),
    candidate(guld, 'industri'),
    candidate(guld, 'handel', { yearWindows: [{ year: 1, from: '2027-09-01', to: '2027-12-31' }] }),
    candidate(guld, 'vilande', { standing: 'declined' }),
  ];
  const input_ = input({
    campaign: one,
    candidates,
    installations: [installation('norr', ['norrbolaget', 'systerbolaget'])],
  });
  const before = placeCampaign(input_).placed.find(({ agreements }) => agreements.includes('testbolaget'));
  const calendar = placeCampaign({
    ...input_,
    candidates: candidates.map((each) =>
      before && each.agreement === 'testbolaget' ? { ...each, window: before.window } : each,
    ),
  });
  const customers = {
    norrbolaget: 'Norrbolaget AB',
    systerbolaget: 'Systerbolaget AB',
    testbolaget: 'Testbolaget AB',
    industri: 'Industri & Co AB',
    handel: 'Handelsbolaget',
    vilande: 'Vilande AB',
  };
  return { campaign: one, calendar, customers };
}

const drawings: [string, (language: Language) => Drawing][] = [
  ['text', () => textDrawing(false)],
  ['markdown', () => markdownDrawing],
  ['HTML', htmlDrawing],
];

describe("a campaign's calendar", () => {
  for (const language of ['sv', 'en'] as const)
    it.each(drawings)(`as %s in ${language} reads`, async (name, drawing) => {
      const draw = drawing(language);
      const blocks = campaignBlocks(await example(), language).map((block) => draw.block(block));
      const drawn = [draw.header('x', []), ...blocks, draw.footer(['x'])].join('');
      // The style of the page is that of every preview.
      expect(name === 'HTML' ? drawn.slice(drawn.indexOf('<body>')) : drawn).toMatchSnapshot();
    });
});

it.each([
  ['an evening', '2027-05-10T20:00:00.000Z', '2027-05-11'],
  ['a Saturday', '2027-05-08T16:00:00.000Z', '2027-05-10'],
  ['a night', '2027-05-11T03:00:00.000Z', '2027-05-11'],
  ['the eve of a holiday', '2027-05-05T20:00:00.000Z', '2027-05-07'],
])('the morning after %s is that of a working day', (_, to, day) => {
  expect(morningAfter(to)).toBe(day);
});
