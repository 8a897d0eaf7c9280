import type { Candidate, CampaignInput } from '../../../rules/engine/campaign/campaign-calendar';
import { placeCampaign } from '../../../rules/engine/campaign/place-campaign';
import { waitsUntil } from '../../../rules/engine/campaign/waits-until';
import type { Campaign } from '../../../rules/engine/rollout/campaign';
import type { Host } from '../../../rules/engine/rollout/installation';
import type { Terms } from '../../../rules/engine/ruleset/terms';
import { guldTerms } from '../fixtures';
import { shippedReleases } from '../releases/shipped';
import { campaign, candidate, input, installation, shown } from './campaigns';

let guld: Terms;
beforeAll(async () => {
  guld = await guldTerms();
});

type Parts = Parameters<typeof candidate>[2];
const some = (agreements: Record<string, Parts>): Candidate[] =>
  Object.entries(agreements).map(([agreement, parts]) => candidate(guld, agreement, parts));
const place = (agreements: Record<string, Parts>, parts: Partial<CampaignInput> = {}) =>
  placeCampaign(input({ candidates: some(agreements), ...parts }));

const host: Host = {
  name: 'Driften AB',
  contact: { name: 'Per Drift', email: 'per@driften.example', language: 'sv' },
  leadDays: 5,
  consent: { by: 'Per Drift', on: '2027-03-01' },
};

const fixed = (day: string) => ({ from: `${day}T17:00`, to: `${day}T22:00` });

describe('a round', () => {
  it("is placed in the terms' windows, at most two a week for a consultant, clear of Guld's days and holidays", () => {
    const { placed, notPlaced, left } = place({ b1: {}, b2: {}, b3: {}, b4: { consultant: 'konsult-2' } });
    // 3 to 5 May follow the month-end, 6 May is Ascension Day, 11 and 12 May belong to VAT.
    expect(shown(placed)).toEqual([
      'b1 2027-05-07 17:00–22:00',
      'b4 2027-05-07 17:00–22:00',
      'b2 2027-05-08 08:00–18:00',
      'b3 2027-05-10 17:00–22:00',
    ]);
    expect(notPlaced).toEqual([]);
    expect(placed[0]).toMatchObject({
      agreements: ['b1'],
      kept: false,
      fixed: false,
      window: {
        campaign: 'visma-2027',
        release: '18.00.0',
        round: 'rest',
        consultant: 'konsult-1',
        onCall: 'konsult-1',
        present: 'konsult-1',
      },
    });
    expect(left).toEqual([
      { consultant: 'konsult-1', round: 'rest', windows: 12 },
      { consultant: 'konsult-2', round: 'rest', windows: 14 },
    ]);
  });

  it('begins when the one before has ended, and so many days later as it says', () => {
    const rounds = campaign().rounds.map((round) => ({ ...round, daysAfterRoundBefore: 7 }));
    const { placed } = place(
      { b1: {}, b2: { terms: { round: 'pilots' } } },
      { campaign: campaign({ rounds }) },
    );
    expect(shown(placed)).toEqual(['b2 2027-05-07 17:00–22:00', 'b1 2027-05-14 17:00–22:00']);
  });

  it('waits for an upgrade of the one before that is under way', () => {
    const window = place({ b2: { terms: { round: 'pilots' } } }).placed[0]!.window;
    const { placed } = place({ b1: {}, b2: { terms: { round: 'pilots' }, standing: 'begun', window } });
    expect(shown(placed)).toEqual(['b1 2027-05-08 08:00–18:00']);
  });

  it('gives those with the fewest windows theirs first', () => {
    const few = { yearWindows: [{ year: 1, from: '2027-05-07', to: '2027-05-08' }] };
    const { placed } = place({ b1: {}, b2: {}, b3: few, b4: few });
    expect(shown(placed)).toEqual([
      'b3 2027-05-07 17:00–22:00',
      'b4 2027-05-08 08:00–18:00',
      'b1 2027-05-10 17:00–22:00',
      'b2 2027-05-13 17:00–22:00',
    ]);
  });
});

describe('a window', () => {
  it('counts for its consultant over campaigns, once for each installation', () => {
    const other = {
      ...place({ b1: {} }).placed[0]!.window,
      campaign: 'pector-import-2027',
      installation: 'x',
    };
    const { placed } = place({ b1: {}, b2: {} }, { taken: [other, other] });
    expect(shown(placed)).toEqual(['b1 2027-05-08 08:00–18:00', 'b2 2027-05-10 17:00–22:00']);
  });

  it('is kept while it may be, and moved when the terms say otherwise', () => {
    const before = place({ b1: {}, b2: {} }).placed.map(({ window }) => window);
    const again = (terms: Partial<Terms['upgrade']>) =>
      place({ a: {}, b1: { window: before[0]!, terms }, b2: { window: before[1]! } }).placed;
    expect(shown(again({}))).toEqual([
      'b1 2027-05-07 17:00–22:00',
      'b2 2027-05-08 08:00–18:00',
      'a 2027-05-10 17:00–22:00',
    ]);
    expect(again({}).map(({ kept }) => kept)).toEqual([true, true, false]);
    const days = { ...guld.upgrade.keepClear, own: { sv: 'x', en: 'x', days: ['2027-05-07'] } };
    expect(shown(again({ keepClear: days }))).toEqual([
      'a 2027-05-07 17:00–22:00',
      'b2 2027-05-08 08:00–18:00',
      'b1 2027-05-10 17:00–22:00',
    ]);
  });

  it('is moved when a round before now ends after it', () => {
    const window = place({ b1: {} }).placed[0]!.window;
    const { placed } = place({ b1: { window }, b2: { terms: { round: 'pilots' } } });
    expect(shown(placed)).toEqual(['b2 2027-05-07 17:00–22:00', 'b1 2027-05-08 08:00–18:00']);
  });

  it('stays once it has passed, and it is said that nothing was begun', () => {
    const window = place({ b1: {} }).placed[0]!.window;
    const later = { today: '2027-05-20' };
    const passed = place({ b1: { window }, b2: {} }, later);
    expect(shown(passed.placed)).toEqual(['b1 2027-05-07 17:00–22:00', 'b2 2027-05-26 17:00–22:00']);
    expect(passed.problems.map(({ sv }) => sv)).toEqual([
      'b1: tiden 2027-05-07 har varit, och uppgraderingen är inte påbörjad',
    ]);
    const postponed = place({ b1: { window, postponedUntil: '2027-06-05' } }, later);
    expect(shown(postponed.placed)).toEqual(['b1 2027-06-05 08:00–18:00']);
  });

  it.each<[string, Parts, string]>([
    ['on its day', { postponedUntil: '2027-06-05' }, 'b1 2027-06-05 08:00–18:00'],
    [
      'after its day, where that has no window',
      { postponedUntil: '2027-06-06' },
      'b1 2027-06-07 17:00–22:00',
    ],
    [
      'not on an agreed day before it',
      { postponedUntil: '2027-06-05', agreed: '2027-05-10' },
      'b1 2027-06-05 08:00–18:00',
    ],
    [
      'on an agreed day from it on',
      { postponedUntil: '2027-06-05', agreed: '2027-06-08' },
      'b1 2027-06-08 17:00–22:00',
    ],
  ])('of an upgrade that its customer postponed is placed %s', (_what, parts, expected) => {
    const early = place({ b1: {} }).placed[0]!.window;
    for (const window of [undefined, early])
      expect(shown(place({ b1: { ...parts, ...(window && { window }) } }).placed)).toEqual([expected]);
  });

  it.each<[string, Parameters<typeof waitsUntil>[0], string | undefined]>([
    ['tomorrow', { isAnew: true, from: '2027-05-07T15:00:00.000Z' }, '2027-05-21'],
    [
      'the day to which it is postponed',
      { isAnew: true, from: '2027-05-07T15:00:00.000Z', postponedUntil: '2027-06-05' },
      '2027-06-05',
    ],
    [
      'tomorrow, where that day has passed',
      { isAnew: true, from: '2027-05-07T15:00:00.000Z', postponedUntil: '2027-05-10' },
      '2027-05-21',
    ],
    ['no day, while its window is to come', { isAnew: true, from: '2027-05-28T15:00:00.000Z' }, undefined],
    ['no day, where it goes on as it began', { isAnew: false, from: '2027-05-07T15:00:00.000Z' }, undefined],
  ])('of an upgrade that begins anew waits until %s', (_what, upgrade, expected) => {
    expect(waitsUntil(upgrade, '2027-05-20T08:00:00.000Z')).toBe(expected);
  });

  it('that a person fixed stays whatever it breaks, which is said', () => {
    const windows = {
      b1: { from: '2027-05-11T20:00', to: '2027-05-12T04:00' },
      b3: { from: '2027-05-08T08:00', to: '2027-05-08T18:00' },
      b9: { from: '2027-05-15T08:00', to: '2027-05-15T18:00' },
    };
    const { placed, problems } = place(
      { b1: {}, b2: {}, b3: { standing: 'done' } },
      { campaign: campaign({ windows }) },
    );
    expect(shown(placed)).toEqual(['b2 2027-05-07 17:00–22:00', 'b1 2027-05-11 20:00–04:00']);
    expect(placed.map(({ fixed }) => fixed)).toEqual([false, true]);
    expect(problems.map(({ en }) => en)).toEqual([
      'b1: the days are kept clear: VAT',
      'windows.b9: no live agreement with visma-business is called so, and no installation',
    ]);
  });

  it.each([
    ['a weekday that the terms have', '2027-05-10', 'b1 2027-05-10 17:00–22:00', []],
    ['another weekday', '2027-05-09', 'b1 2027-05-09 08:00–18:00', []],
    [
      'a day outside the campaign and the year',
      '2027-09-04',
      'b1 2027-09-04 08:00–18:00',
      [
        'b1: omgången rest har dagarna 2027-05-03–2027-06-30',
        'b1: b1 har 2027-05-01–2027-08-31 för uppgraderingen',
      ],
    ],
  ])('lies on the day that the customer agreed to: %s', (_, agreed, expected, said) => {
    const { placed, problems } = place({ b1: { agreed } });
    expect([shown(placed), placed[0]?.fixed, problems.map(({ sv }) => sv)]).toEqual([[expected], true, said]);
  });
});

describe('an installation', () => {
  const shared = [installation('delad', ['b1', 'b2'])];

  it('that agreements share has one window, which suits them all, in the latest of their rounds', () => {
    const { placed } = place(
      {
        b1: { terms: { round: 'pilots', windows: { day: { weekdays: ['sat'], from: '06:00', hours: 14 } } } },
        b2: { consultant: 'konsult-2', yearWindows: [{ year: 1, from: '2027-05-09', to: '2027-06-30' }] },
      },
      { installations: shared },
    );
    expect(shown(placed)).toEqual(['delad 2027-05-15 08:00–18:00']);
    expect(placed[0]).toMatchObject({
      agreements: ['b1', 'b2'],
      window: { round: 'rest', consultant: 'konsult-1' },
    });
  });

  it('is passed over once it is upgraded with one of them, and waits for them to agree where one does without', () => {
    const going = place({ b1: { standing: 'done' }, b2: {} }, { installations: shared });
    expect(going.placed).toEqual([]);
    expect(going.passed.map(({ agreement, why }) => `${agreement}: ${why.sv}`)).toEqual([
      'b1: uppgraderingen är klar',
      'b2: installationen delad uppgraderas redan med b1',
    ]);
    const apart = place({ b1: { standing: 'declined' }, b2: {} }, { installations: shared });
    expect(apart.notPlaced).toMatchObject([
      {
        installation: 'delad',
        agreements: ['b2'],
        why: { sv: 'b1 avstår och har samma installation: de måste komma överens' },
      },
    ]);
  });

  it("keeps to its host's windows and notice, and says that the host has not agreed", () => {
    const hosted = (parts: Partial<Host>) =>
      place(
        { b1: {} },
        {
          installations: [installation('drift', ['b1'], { host: { ...host, ...parts } })],
          today: '2027-05-03',
        },
      );
    // Five open days from 3 May: 11 May, which belongs to VAT.
    expect(shown(hosted({}).placed)).toEqual(['drift 2027-05-13 17:00–22:00']);
    const windows: Host['windows'] = [{ weekdays: ['fri'], from: '22:00', to: '20:00' }];
    expect(shown(hosted({ windows }).placed)).toEqual(['drift 2027-05-15 08:00–18:00']);
    const { consent: _, ...unasked } = host;
    const { problems } = place(
      { b1: {} },
      { installations: [installation('drift', ['b1'], { host: unasked })] },
    );
    expect(problems.map(({ sv }) => sv)).toEqual([
      'drift: Driften AB, som är värd, har inte sagt ja (fråga Per Drift, per@driften.example)',
    ]);
  });
});

describe('what is not placed says why, with the next free window', () => {
  const short: Partial<Campaign> = { from: '2027-05-03', to: '2027-05-08' };
  const hosted = (parts: Partial<Host>) => ({
    installations: [installation('b1', ['b1'], { host: { ...host, ...parts } })],
  });
  it.each<[string, Parts, Partial<CampaignInput>, string, string | undefined]>([
    [
      'a full week',
      {},
      {
        campaign: campaign({ ...short, windows: { f1: fixed('2027-05-04'), f2: fixed('2027-05-05') } }),
      },
      'konsult-1 har inget ledigt: högst 2 i veckan, en i taget',
      '2027-05-10T15:00:00.000Z',
    ],
    [
      'another year window',
      { yearWindows: [{ year: 1, from: '2027-09-01', to: '2027-12-31' }] },
      {},
      'b1 har 2027-09-01–2027-12-31 för uppgraderingen',
      '2027-05-10T15:00:00.000Z',
    ],
    [
      'a customer who waits',
      { postponedUntil: '2027-07-01' },
      {},
      'b1 har skjutit upp den till 2027-07-01',
      '2027-07-06T15:00:00.000Z',
    ],
    [
      'days kept clear',
      {},
      { campaign: campaign({ from: '2027-07-12', to: '2027-08-08' }) },
      'dagarna hålls fria: vecka 28, vecka 29, vecka 30, vecka 31',
      '2027-08-09T15:00:00.000Z',
    ],
    [
      'a round whose days are over',
      { terms: { round: 'pilots' } },
      {
        campaign: campaign({
          rounds: [{ id: 'pilots', sv: 'p', en: 'p', from: '2027-05-20', to: '2027-05-10' }],
        }),
      },
      'omgången pilots kan börja först 2027-05-20, och dess sista dag är 2027-05-10',
      '2027-05-20T15:00:00.000Z',
    ],
    [
      'days that have passed',
      {},
      { today: '2027-07-04' },
      'dagarna har varit: idag är det 2027-07-04',
      '2027-07-06T15:00:00.000Z',
    ],
    [
      'no window of the terms',
      { terms: { windows: { sunday: { weekdays: ['sun'], from: '08:00', hours: 4 } } } },
      { campaign: campaign({ ...short }) },
      'ingen tid i upgrade.windows ligger på kampanjens dagar',
      // 16 May is Whit Sunday, 6 June the national day; the other Sundays before lie at a month-end, VAT or payroll.
      '2027-06-20T06:00:00.000Z',
    ],
    [
      "a host's windows",
      {},
      { ...hosted({ windows: [{ weekdays: ['sun'], from: '00:00', to: '24:00' }] }) },
      'Driften AB, som är värd, tillåter inte tiden',
      undefined,
    ],
    [
      "a host's notice",
      {},
      { campaign: campaign({ ...short }), today: '2027-05-03', ...hosted({ leadDays: 20 }) },
      'Driften AB, som är värd, vill veta det 20 öppna dagar före: tidigast 2027-06-01',
      '2027-06-04T15:00:00.000Z',
    ],
    [
      'a round that is none',
      { terms: { round: 'vip' } },
      {},
      'omgången "vip" (upgrade.round) finns inte i kampanjen, som har pilots, rest',
      undefined,
    ],
  ])('%s', (_, parts, more, why, nextFree) => {
    const { notPlaced } = place({ b1: parts, f1: {}, f2: {} }, more);
    const found = notPlaced.find(({ agreements }) => agreements.includes('b1'));
    expect([found?.why.sv, found?.nextFree?.from]).toEqual([why, nextFree]);
  });
});

describe('a campaign', () => {
  it('passes over whom it does not concern', () => {
    const window = place({ b2: {} }).placed[0]!.window;
    const { passed, placed } = place({
      b1: { version: '18.00.0' },
      b2: { standing: 'begun', window },
      b3: { standing: 'declined' },
      b4: { version: '17.0' },
    });
    expect(passed.map(({ agreement, why }) => `${agreement}: ${why.sv}`)).toEqual([
      'b1: har redan 18.00.0',
      'b2: uppgraderingen pågår och behåller sin dag (2027-05-07)',
      'b3: kunden avstår från uppgraderingen',
    ]);
    // What is under way takes its consultant's time.
    expect(shown(placed)).toEqual(['b4 2027-05-08 08:00–18:00']);
  });

  it.each([
    ['a withdrawn release', true, '18.00.0 är tillbakadragen sedan 2027-03-01: fel; 18.10.0 ersätter den'],
    ['no release', false, 'reglerna har ingen version 18.00.0 av visma-business'],
  ])('to %s places nothing', (_, isThere, why) => {
    const window = place({ b1: {} }).placed[0]!.window;
    const releases = shippedReleases().flatMap((release) => {
      if (release.version !== '18.00.0') return [release];
      const reason = { sv: 'fel', en: 'wrong' };
      return isThere ? [{ ...release, withdrawn: { on: '2027-03-01', reason, replacedBy: '18.10.0' } }] : [];
    });
    const { placed, notPlaced } = place({ b1: { window }, b2: {} }, { releases });
    expect(placed).toEqual([]);
    expect(notPlaced.map(({ agreements, why: { sv } }) => [agreements, sv])).toEqual([
      [['b1'], why],
      [['b2'], why],
    ]);
  });

  it('begins when its release may be used, with those on call and present that it names', () => {
    const late = { release: '18.10.0', from: '2027-01-01', onCall: 'jour', present: 'support' };
    const { placed } = place(
      { b1: { yearWindows: [{ year: 1, from: '2027-01-01', to: '2027-12-31' }] } },
      { campaign: campaign(late), today: '2026-12-01' },
    );
    expect(shown(placed)).toEqual(['b1 2027-03-15 17:00–22:00']);
    expect(placed[0]?.window).toMatchObject({ onCall: 'jour', present: 'support', consultant: 'konsult-1' });
  });

  it('goes by the same windows where stored terms lack those of campaigns', () => {
    const { round: _, windows: __, windowsPerConsultantWeek: ___, ...old } = guld.upgrade;
    const candidates = some({ b1: {}, b2: {}, b3: {} }).map((one) => ({ ...one, terms: old }));
    expect(shown(placeCampaign(input({ candidates })).placed)).toEqual(
      shown(place({ b1: {}, b2: {}, b3: {} }).placed),
    );
  });
});
