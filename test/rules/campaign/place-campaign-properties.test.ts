/** What holds of the calendar of any campaign, seen by a check that knows nothing of how it was made. */
import fc from 'fast-check';
import type {
  CampaignCalendar,
  CampaignInput,
  Candidate,
} from '../../../rules/engine/campaign/campaign-calendar';
import { clearDays } from '../../../rules/engine/campaign/clear-days';
import { placeCampaign } from '../../../rules/engine/campaign/place-campaign';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { addDays, mondayOf } from '../../../rules/engine/calendar/dates';
import type { Terms } from '../../../rules/engine/ruleset/terms';
import { guldTerms } from '../fixtures';
import { campaign, candidate, input, installation } from './campaigns';

let guld: Terms;
beforeAll(async () => {
  guld = await guldTerms();
});

const numbers = Array.from({ length: 10 }, (_, index) => `a${index}`);
const day = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((days) => addDays('2027-05-01', days));

/** What is drawn of an agreement. */
const drawn = fc.record(
  {
    consultant: fc.constantFrom('k1', 'k2'),
    round: fc.constantFrom('pilots', 'rest', 'rest', 'none'),
    perWeek: fc.integer({ min: 1, max: 3 }),
    vat: fc.constantFrom(12, 26),
    year: fc.tuple(day(0, 60), day(10, 120)),
    standing: fc.constantFrom<Candidate['standing']>('open', 'open', 'open', 'open', 'done', 'declined'),
    version: fc.constantFrom('17.0', '17.10.0', '17.10.0', '18.00.0'),
    postponedUntil: day(0, 70),
    agreed: day(-10, 80),
    isHosted: fc.boolean(),
  },
  { requiredKeys: ['consultant', 'round', 'perWeek', 'vat', 'year', 'standing', 'version', 'isHosted'] },
);
type Drawn = ReturnType<(typeof drawn)['generate']>['value'];

const agreementOf = (number: string, one: Drawn): Candidate =>
  candidate(guld, number, {
    consultant: one.consultant,
    standing: one.standing,
    version: one.version,
    yearWindows: [{ year: 1, from: one.year[0], to: one.year[1] }],
    ...(one.postponedUntil !== undefined && { postponedUntil: one.postponedUntil }),
    ...(one.agreed !== undefined && { agreed: one.agreed }),
    terms: {
      round: one.round,
      windowsPerConsultantWeek: one.perWeek,
      keepClear: {
        ...guld.upgrade.keepClear,
        vat: { sv: 'moms', en: 'VAT', monthDay: one.vat, openDaysBefore: 1 },
      },
    },
  });

const host = {
  name: 'Driften',
  contact: { name: 'P', email: 'p@x.example', language: 'sv' as const },
  leadDays: 5,
  windows: [{ weekdays: ['sat' as const], from: '06:00', to: '20:00' }],
};

const situations = fc
  .record({
    agreements: fc.array(drawn, { minLength: 1, maxLength: numbers.length }),
    shared: fc.integer({ min: 0, max: 5 }),
    fixed: fc.option(day(-5, 70)),
    today: day(-20, 45),
  })
  .map(({ agreements, shared, fixed, today }): CampaignInput => {
    const candidates = agreements.map((one, index) => agreementOf(numbers[index]!, one));
    const hosted = agreements.flatMap((one, index) => (one.isHosted ? [numbers[index]!] : [])).slice(shared);
    const own = hosted.filter((number) => !numbers.slice(0, shared).includes(number));
    return input({
      candidates,
      today,
      installations: [
        installation('shared', numbers.slice(0, shared)),
        ...own.map((number) => installation(`own-${number}`, [number], { host })),
      ],
      campaign: campaign(fixed ? { windows: { a3: { from: `${fixed}T06:00`, to: `${fixed}T16:00` } } } : {}),
    });
  });

/** All that is wrong with a calendar. Windows that people chose break rules by right. */
function wrongIn(
  { candidates, campaign: { from, to }, today }: CampaignInput,
  calendar: CampaignCalendar,
): string[] {
  const byNumber = new Map(candidates.map((one) => [one.agreement, one]));
  const wrong: string[] = [];
  const holds = (fact: boolean, ...about: unknown[]): void =>
    void (fact || wrong.push(JSON.stringify(about)));
  const told = [
    ...calendar.placed.flatMap(({ agreements }) => agreements),
    ...calendar.notPlaced.flatMap(({ agreements }) => agreements),
    ...calendar.passed.map(({ agreement }) => agreement),
  ];
  holds(told.sort().join() === [...byNumber.keys()].sort().join(), told, 'are all agreements, once');
  for (const { window, agreements, fixed, kept } of calendar.placed) {
    const begins = localDateOf(window.from);
    if (fixed || (kept && begins <= today)) continue;
    holds(from <= begins && begins <= to && begins > today, window, 'is on a day of the campaign');
    const others = calendar.placed.filter((one) => one.window.consultant === window.consultant);
    for (const other of others)
      if (other.window !== window)
        holds(other.window.to <= window.from || window.to <= other.window.from, window, other, 'overlap');
    const inWeek = others.filter((one) => mondayOf(localDateOf(one.window.from)) === mondayOf(begins));
    for (const agreement of agreements) {
      const { terms, calendar: days, support, yearWindows, postponedUntil = '' } = byNumber.get(agreement)!;
      holds(inWeek.length <= terms.windowsPerConsultantWeek!, window, inWeek.length, 'in a week');
      const clear = clearDays({ terms, calendar: days, support }, '2027-04-01', '2027-12-31');
      holds(!clear.has(begins) && !clear.has(localDateOf(window.to)), window, 'is on no day to keep clear');
      const [year] = yearWindows;
      holds(year!.from <= begins && begins <= year!.to, window, 'is on a day of the year');
      holds(begins >= postponedUntil, window, 'is not before', postponedUntil);
      const isSaturday = new Date(begins).getUTCDay() === 6;
      holds(!window.installation.startsWith('own-') || isSaturday, window, "is in the host's window");
    }
  }
  const ends = (round: string): string[] =>
    calendar.placed
      .filter(({ window }) => window.round === round)
      .map(({ window }) => localDateOf(window.to));
  for (const { window, fixed, kept } of calendar.placed)
    if (window.round === 'rest' && !fixed && !(kept && localDateOf(window.from) <= today))
      holds(
        ends('pilots').every((end) => end < localDateOf(window.from)),
        window,
        'is after the pilots',
      );
  return wrong;
}

/** The same campaign once its own calendar is in force. */
const applied = (before: CampaignInput, { placed }: CampaignCalendar): CampaignInput => ({
  ...before,
  candidates: before.candidates.map((one) => {
    const window = placed.find(({ agreements }) => agreements.includes(one.agreement))?.window;
    return window ? { ...one, window } : one;
  }),
});

/** What a calendar says, but for what was there before. */
const said = ({ placed, problems: _, ...rest }: CampaignCalendar) => ({
  ...rest,
  placed: placed.map(({ kept: __, ...one }) => one),
});

test('every calendar keeps to the rules, whatever the order of agreements, and is the same once it is in force', () => {
  fc.assert(
    fc.property(situations, fc.infiniteStream(fc.integer()), (situation, keys) => {
      const calendar = placeCampaign(situation);
      expect(wrongIn(situation, calendar)).toEqual([]);
      const shuffled = situation.candidates
        .map((one) => ({ one, key: keys.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one);
      expect(placeCampaign({ ...situation, candidates: shuffled })).toEqual(calendar);
      const again = placeCampaign(applied(situation, calendar));
      expect(said(again)).toEqual(said(calendar));
      expect(again.placed.every(({ kept }) => kept)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('a calendar in force that changes keeps to the rules too, and is the same when it is placed again', () => {
  fc.assert(
    fc.property(situations, fc.array(drawn, { minLength: 3, maxLength: 3 }), (situation, changed) => {
      const inForce = applied(situation, placeCampaign(situation));
      const candidates = inForce.candidates.map((one, index) => {
        const now = changed[index];
        return now ? { ...agreementOf(one.agreement, now), ...(one.window && { window: one.window }) } : one;
      });
      const calendar = placeCampaign({ ...inForce, candidates });
      expect(wrongIn({ ...inForce, candidates }, calendar)).toEqual([]);
      const again = placeCampaign(applied({ ...inForce, candidates }, calendar));
      expect(said(again)).toEqual(said(calendar));
    }),
    { numRuns: 60 },
  );
});
