import fc from 'fast-check';
import type { ActivityDeps } from '../../activities';
import { createActivities } from '../../activities';
import { templateIds } from '../../rules/engine/plan/plan';
import { byteLength, cutBytes, plainMarkdown } from '../../templates/ui/text';
import {
  activitySummary,
  currentDetails as details,
  mailSummary,
  timerSummary,
} from '../../templates/ui/wording';
import type { Overview } from '../../templates/ui/overview';

const local = (instant: string): string => instant.slice(0, 16).replace('T', ' ');
const currentDetails = (of: Overview, language: 'sv' | 'en'): string => details(of, language, local);

const view: Overview = {
  agreement: '10042',
  customer: 'Åkeri & Söner AB',
  year: 1,
  from: '2027-01-01',
  to: '2028-01-01',
  phase: 'running',
  planRevision: 2,
  next: [
    {
      id: 'meeting-2',
      on: '2027-05-17',
      at: '10:00',
      booked: true,
      owner: 'consultant',
      overdue: true,
      place: 'Teams',
      minutes: 90,
    },
    { id: 'meeting-3', on: '2027-08-17', at: '10:00', booked: false, owner: 'consultant', overdue: false },
    { id: 'upgrade/test', on: '2027-10-05', owner: 'customer', overdue: false },
  ],
  messages: [
    { name: 'meetingHeld', example: { agreement: '10042', meeting: 2 } },
    {
      name: 'hoursUsed',
      example: {
        agreement: '10042',
        hours: 2.5,
        kind: 'consulting',
        note: 'ny fakturalayout',
        ref: '10042-1-7',
      },
    },
  ],
  alerts: {
    running: [
      {
        monitor: 'order-import',
        name: 'Orderimporten går',
        severity: 'down',
        since: '2027-04-21T06:52:00.000Z',
      },
    ],
    more: 0,
    path: '/namespaces/serviceavtal/workflows/monitoring-10042',
  },
  contacts: [
    { id: 'contact-1', roles: ['management', 'finance'] },
    { id: 'contact-2', roles: [] },
  ],
  checks: [
    { kind: 'integration', id: 'webshop-orders', name: 'Order från webshop', ok: true, on: '2027-05-20' },
    { kind: 'integration', id: 'edi', name: 'edi', ok: false, on: '2027-05-21' },
    { kind: 'module', id: 'visma-business', name: 'visma-business' },
  ],
  hours: { contracted: 10000, rolledIn: 1000, used: 4225 },
  strands: [{ strand: 'meetings', done: 1, total: 4 }],
  attention: [
    {
      code: 'address-refused',
      subject: 'contact-1',
      detail: 'contact-1: 550 no such user',
      at: '2027-04-20T07:00:00.000Z',
    },
  ],
  rejected: [{ at: '2027-04-21', signal: 'hoursUsed', reason: 'hours: expected a number, found "två"' }],
  last: [{ at: '2027-04-19T07:00:00.000Z', text: 'Förvaltningsmöte 1: klart' }],
  actions: [{ id: '3', what: 'Skicka prislistan', owner: 'contact-1', dueOn: '2027-05-02', overdue: true }],
  improvements: [
    { id: '1', title: 'Fakturor med e-post', state: 'proposed' },
    { id: '2', title: 'Ny orderimport', state: 'accepted' },
  ],
  paused: [{ monitor: 'order-import', until: '2027-06-05', reason: 'serverflytt' }],
  undo: {
    step: 12,
    name: 'meetingHeld',
    at: '2027-04-21T07:00:00.000Z',
    heldUntil: '2027-04-21T07:05:00.000Z',
  },
  ruleset: '0123456789abcdef',
};

describe('summaries in the timeline', () => {
  test.each([
    [0, 1, '0 av 1 klart'],
    [1, 1, '1 av 1 klart'],
    [0, 2, '0 av 2 klara'],
  ])('count what is done in words that fit: %d of %d', (done, total, words) => {
    expect(currentDetails({ ...view, strands: [{ strand: 'upgrade', done, total }] }, 'sv')).toContain(words);
  });

  test.each([
    ['meeting-invitation', 'meeting-2', 'Mejl: inbjudan möte 2', 'Mail: invitation meeting 2'],
    [
      'upgrade-test',
      'upgrade/test',
      'Mejl: dags för uppgradering: testledning',
      'Mail: time for upgrade: guided testing',
    ],
    [
      'meeting-unbooked',
      'meeting-extra-1',
      'Mejl: ännu inte bokat extramöte 1',
      'Mail: not booked yet extra meeting 1',
    ],
    ['action-reminder', 'action/3', 'Mejl: påminnelse åtgärd 3', 'Mail: reminder action 3'],
    ['signal-rejected', 'agreement', 'Mejl: avvisad signal', 'Mail: rejected signal'],
    ['consultant-changed', 'agreement', 'Mejl: ny dedikerad konsult', 'Mail: new dedicated consultant'],
    ['welcome', 'agreement', 'Mejl: välkommen', 'Mail: welcome'],
    ['hour-statement', 'hours/statement-1', 'Mejl: timbanksbesked', 'Mail: hour bank statement'],
  ] as const)('the mail %s about %s is "%s"', (template, id, sv, en) => {
    expect(mailSummary(template, id, 'sv')).toBe(sv);
    expect(mailSummary(template, id, 'en')).toBe(en);
  });

  test.each([
    ['call', 'meeting-2', 'Påminn: kalla till möte 2', 'Remind: call meeting 2'],
    [
      'ask',
      'renewal/price',
      'Be om godkännande: timpris för nästa avtalsår',
      'Ask for approval: price per hour of the next year',
    ],
    ['send', 'renewal/notice', 'Skicka: besked om förnyelse', 'Send: notice of renewal'],
    ['digest', undefined, 'Samlingsmejl', 'Digest'],
    ['escalate', 'start/kickoff', 'Eskalera: uppstartsmöte', 'Escalate: kick-off'],
    ['remind-2', 'meeting-2', 'Påminn: möte 2', 'Remind: meeting 2'],
    ['remind-consultant-3', 'meeting-2', 'Påminn konsulten: möte 2', 'Remind the consultant: meeting 2'],
    [
      'escalate-support',
      'upgrade/test',
      'Eskalera till supporten: testledning i uppgraderingen',
      'Escalate to support: guided testing of the upgrade',
    ],
    ['announce', 'close', 'Sammanfatta året', 'Sum up the year'],
    ['brew-coffee', 'meeting-2', 'brew-coffee: möte 2', 'brew-coffee: meeting 2'],
  ])('the timer %s of %s is "%s"', (step, id, sv, en) => {
    expect(timerSummary(step, id, 'sv')).toBe(sv);
    expect(timerSummary(step, id, 'en')).toBe(en);
  });

  test.each(
    ['remind', 'remind-consultant', 'remind-manager', 'remind-support']
      .concat(['overdue', 'overdue-customer', 'escalate', 'escalate-support'])
      .flatMap((step) => [[step], [`${step}-2`], [`${step}-6`]]),
  )('the timer %s has wording of its own', (step) => {
    for (const language of ['sv', 'en'] as const)
      expect(timerSummary(step, 'meeting-2', language)).toMatch(/^[A-ZÅÄÖ][a-zåäö ]+: [a-zö]+ 2$/);
  });

  test.each(Object.keys(createActivities({} as ActivityDeps)))(
    'the activity %s has words of its own in both languages',
    (name) => {
      const [sv, en] = [activitySummary(name, 'sv'), activitySummary(name, 'en')];
      expect([sv, en]).not.toContain(name);
      expect(sv).not.toBe(en);
    },
  );

  test('stay within 200 bytes whatever the id', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...templateIds),
        fc.string({ unit: 'grapheme', maxLength: 500 }),
        (template, id) => {
          expect(byteLength(mailSummary(template, id, 'sv'))).toBeLessThanOrEqual(200);
          expect(byteLength(timerSummary(id, id, 'en'))).toBeLessThanOrEqual(200);
        },
      ),
    );
  });
});

describe('the agreement’s page', () => {
  test('shows what is next, what to send, the hour bank and what needs attention', () => {
    expect(currentDetails(view, 'sv')).toMatchSnapshot();
    expect(currentDetails(view, 'en')).toMatchSnapshot();
  });

  test('has no dates before the year is planned', () => {
    expect(currentDetails({ ...view, from: '', to: '', phase: 'waiting' }, 'sv').split('\n')[1]).toBe(
      '**väntar på att börja**',
    );
  });

  test('says so when nothing is waiting', () => {
    expect(currentDetails({ ...view, next: [] }, 'sv')).toContain('Inget väntar just nu.');
  });

  test('tells hours beyond the bank', () => {
    const text = currentDetails({ ...view, hours: { contracted: 10000, rolledIn: 0, used: 10850 } }, 'sv');
    expect(text).toContain(`${'█'.repeat(20)}\` 108,5 av 100 timmar använda · **8,5 utöver timbanken**`);
  });

  test('an empty hour bank has an empty bar', () => {
    const text = currentDetails({ ...view, hours: { contracted: 0, rolledIn: 0, used: 0 } }, 'sv');
    expect(text).toContain('░'.repeat(20));
  });

  test('prints what people wrote without letting it become markdown', () => {
    const reason = 'x\n# Rubrik\n| a | b |\n```\n<script>[länk](http://x)';
    const text = currentDetails({ ...view, rejected: [{ at: '2027-04-21', signal: '*s*', reason }] }, 'sv');
    expect(text).toContain('\\*s\\*: x # Rubrik \\| a \\| b \\| \\`\\`\\` \\<script\\>\\[länk\\](http://x)');
  });

  test('a signal’s example cannot end its own block', () => {
    const text = currentDetails(
      { ...view, messages: [{ name: 'x', example: { text: '{}\n```\n# ut' } }] },
      'sv',
    );
    expect(text.match(/```/g)).toHaveLength(2);
  });

  test('shortens lists first and says how many were left out', () => {
    const next = Array.from({ length: 40 }, (_, index) => ({ ...view.next[0]!, id: `meeting-${index}` }));
    expect(currentDetails({ ...view, next }, 'sv')).toContain('… och 28 till');
  });

  test('stays below 20,000 bytes whatever it is given', () => {
    const long = fc.string({ unit: 'grapheme', maxLength: 3000 });
    const many = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { maxLength: 60 });
    const anyView: fc.Arbitrary<Overview> = fc.record({
      agreement: long,
      year: fc.integer(),
      planRevision: fc.integer(),
      from: long,
      to: long,
      phase: fc.constantFrom('waiting', 'running', 'closing'),
      next: many(
        fc.record({
          id: long,
          on: long,
          owner: fc.constantFrom('consultant', 'customer'),
          overdue: fc.boolean(),
        }),
      ),
      messages: many(fc.record({ name: long, example: fc.record({ text: long }) })),
      alerts: fc.record({
        running: many(fc.record({ monitor: long, severity: long, since: long })),
        more: fc.nat(),
        path: fc.constant('/namespaces/a/workflows/monitoring-b'),
      }),
      contacts: many(
        fc.record({ id: long, roles: fc.subarray(['management', 'system-owner', 'finance', 'tester']) }),
      ),
      checks: many(
        fc.record({
          kind: fc.constantFrom('integration', 'module'),
          id: long,
          name: long,
          ok: fc.boolean(),
          on: long,
        }),
      ),
      hours: fc.record({ contracted: fc.nat(), rolledIn: fc.nat(), used: fc.nat() }),
      strands: many(
        fc.record({ strand: fc.constantFrom('start', 'close'), done: fc.nat(), total: fc.nat() }),
      ),
      attention: many(fc.record({ code: long, subject: long, detail: long, at: long })),
      actions: many(fc.record({ id: long, what: long, owner: long, dueOn: long, overdue: fc.boolean() })),
      improvements: many(
        fc.record({ id: long, title: long, state: fc.constantFrom('proposed', 'accepted') }),
      ),
      paused: many(fc.record({ monitor: long, until: long, reason: long })),
      rejected: many(fc.record({ at: long, signal: long, reason: long })),
      last: many(fc.record({ at: long, text: long })),
      ruleset: long,
    });
    fc.assert(
      fc.property(anyView, fc.constantFrom('sv', 'en'), (any, language) => {
        expect(Buffer.byteLength(currentDetails(any, language))).toBeLessThan(20_000);
      }),
      { numRuns: 60 },
    );
  });

  test('stays below 20,000 bytes when every list and every text is at its longest', () => {
    const long = '𝒳*'.repeat(2000);
    const fill = <Item>(item: Item): Item[] => Array.from({ length: 500 }, () => item);
    const text = currentDetails(
      {
        ...view,
        agreement: long,
        next: fill({ id: long, on: long, owner: 'customer', overdue: true }),
        messages: fill({ name: long, example: { text: long } }),
        actions: fill({ id: long, what: long, owner: long, dueOn: long, overdue: true }),
        improvements: fill({ id: long, title: long, state: 'proposed' as const }),
        paused: fill({ monitor: long, until: long, reason: long }),
        attention: fill({ code: long, subject: long, detail: long, at: long }),
        rejected: fill({ at: long, signal: long, reason: long }),
        last: fill({ at: long, text: long }),
      },
      'sv',
    );
    expect(Buffer.byteLength(text)).toBeLessThan(20_000);
    expect(text).toContain('… och 49');
    expect(text).toContain('Senast');
  });
});

describe('text for the page', () => {
  test('bytes are counted as UTF-8 counts them, in the parts that have whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(byteLength(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });

  test.each([
    ['möte', 5, 'möte'],
    ['mööte', 7, 'mööte'],
    ['mööööte', 8, 'möö…'],
    ['𝒳𝒳𝒳', 11, '𝒳𝒳…'],
  ])('%s cut at %i bytes is %s', (text, bytes, cut) => {
    expect(cutBytes(text, bytes)).toBe(cut);
  });

  test('is one line, cut by characters', () => {
    expect(plainMarkdown('a\r\n\tb   c', 20)).toBe('a b c');
    expect(plainMarkdown('abcdef', 4)).toBe('abc…');
  });
});
