import type { Instant } from '../../../rules/engine/contract/contract';
import { decideDesk, nextIncidentAt } from '../../../rules/engine/monitoring/desk';
import { digestDue, nextDigestAt } from '../../../rules/engine/monitoring/desk-mails';
import type {
  DeskAgreement,
  DeskCheck,
  DeskIncident,
  DeskView,
} from '../../../rules/engine/monitoring/desk-view';
import { ancestorsOf, closedGate, nextGateChange } from '../../../rules/engine/monitoring/gates';
import type { MonitoringTerms, Terms } from '../../../rules/engine/ruleset/terms';
import { guldTerms } from '../fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = await guldTerms();
});

/** A Tuesday; support is open from 07:30 to 15:30 UTC. */
const at = (time: string): Instant => `2027-02-16T${time}:00.000Z`;

function check(id: string, changed: Partial<DeskCheck> = {}): DeskCheck {
  return {
    id,
    kind: 'http',
    place: 'central',
    dependsOn: [],
    maintenance: [],
    configuredAt: '2027-01-01T00:00:00.000Z',
    settings: { graceMinutes: 15, repeatMinutes: 240, groupBy: 'customer' },
    ...changed,
  };
}

function agreement(
  changed: Partial<Omit<DeskAgreement, 'checks' | 'monitoring'>> & { checks?: DeskCheck[] } & {
    monitoring?: Partial<MonitoringTerms>;
  } = {},
): DeskAgreement {
  const { checks = [check('web')], monitoring, ...rest } = changed;
  return {
    agreement: '1',
    customer: 'kund',
    support: terms.support,
    monitoring: { ...terms.monitoring, ...monitoring },
    checks: new Map(checks.map((each) => [each.id, each])),
    pauses: [],
    upgradesFrom: [],
    manager: 'chef@pector.example',
    consultant: 'anna@pector.example',
    ...rest,
  };
}

function incident(changed: Partial<DeskIncident> = {}): DeskIncident {
  const openedAt = changed.openedAt ?? at('09:00');
  return {
    id: 1,
    agreement: '1',
    monitor: 'web',
    class: 'customer',
    severity: 'down',
    openedAt,
    confirmedAt: openedAt,
    closedAt: null,
    toldAt: null,
    toldSeverity: null,
    remindedAt: null,
    escalatedAt: null,
    recoveryToldAt: null,
    suppressed: null,
    takenAt: null,
    mendedAt: null,
    ...changed,
  };
}

const told = (changed: Partial<DeskIncident> = {}): DeskIncident =>
  incident({ toldAt: at('09:01'), toldSeverity: 'down', ...changed });

const view = (of: DeskAgreement[], incidents: DeskIncident[]): DeskView => ({
  address: 'support@pector.example',
  agreements: new Map(of.map((each) => [each.agreement, each])),
  incidents,
  silentSites: new Set(),
  decided: new Set(),
});

/** What is mailed at an instant: kind, and about which incidents. */
const mailed = (of: DeskAgreement[], incidents: DeskIncident[], asOf: Instant): [string, number[]][] =>
  decideDesk(view(of, incidents), asOf).mails.map(({ kind, storm, incidents: about }) => [
    storm ? `storm ${kind}` : kind,
    about,
  ]);

describe('a problem', () => {
  it('waits a minute for others of its customer, whatever their agreement', () => {
    const two = [agreement(), agreement({ agreement: '2' })];
    const both = [incident(), incident({ id: 2, agreement: '2', openedAt: '2027-02-16T09:00:50.000Z' })];
    expect(mailed(two, both, '2027-02-16T09:00:59.999Z')).toEqual([]);
    expect(mailed(two, both, at('09:01'))).toEqual([['alert', [1, 2]]]);
    expect(nextIncidentAt(both, two[0]!, at('09:00'))).toBe(at('09:01'));
  });

  it('shares no mail with another customer', () => {
    const two = [agreement(), agreement({ agreement: '2', customer: 'annan' })];
    expect(mailed(two, [incident(), incident({ id: 2, agreement: '2' })], at('09:01'))).toEqual([
      ['alert', [1]],
      ['alert', [2]],
    ]);
  });

  it.each([
    ['none', [[1], [2], [3]]],
    ['kind', [[1, 3], [2]]],
    ['customer', [[1, 2, 3]]],
  ] as const)('is grouped by %s', (groupBy, groups) => {
    const settings = { graceMinutes: 15, repeatMinutes: 240, groupBy };
    const checks = [
      check('web', { settings }),
      check('sql', { kind: 'sql', settings }),
      check('shop', { settings }),
    ];
    const incidents = [incident(), incident({ id: 2, monitor: 'sql' }), incident({ id: 3, monitor: 'shop' })];
    expect(mailed([agreement({ checks })], incidents, at('09:01')).map(([, about]) => about)).toEqual(groups);
  });

  it.each([
    ['send', '2027-02-16T18:01:00.000Z'],
    ['hold', '2027-02-17T07:30:00.000Z'],
  ] as const)('of the evening with %s is told at %s', (outsideHours, when) => {
    const of = agreement({ monitoring: { outsideHours } });
    const late = incident({ openedAt: at('18:00') });
    expect(nextIncidentAt([late], of, at('18:00'))).toBe(when);
    expect(mailed([of], [late], when)).toEqual([['alert', [1]]]);
  });

  it('that was over before its mail was due is never told, neither it nor its end', () => {
    const over = incident({ closedAt: '2027-02-16T09:00:30.000Z' });
    expect(mailed([agreement()], [over], at('09:05'))).toEqual([]);
  });

  it('that gets worse is told again in its thread; one that eases is not', () => {
    const worse = told({ toldSeverity: 'warning', confirmedAt: at('09:30') });
    const { mails, incidents } = decideDesk(view([agreement()], [worse]), at('09:30'));
    expect(mails).toMatchObject([{ kind: 'alert', incidents: [1], detail: { worsened: [1] } }]);
    expect(incidents).toMatchObject([{ toldAt: at('09:01'), toldSeverity: 'down', remindedAt: at('09:30') }]);
    expect(mailed([agreement()], [told({ severity: 'warning' })], at('09:30'))).toEqual([]);
  });

  it('decided once is decided: deciding again changes nothing', () => {
    const first = decideDesk(view([agreement()], [incident()]), at('09:01'));
    const again = decideDesk(view([agreement()], first.incidents), at('09:01'));
    expect([again.mails, again.changed, again.log, again.rechecks]).toEqual([[], [], [], []]);
  });
});

describe('a check that could not be made, and then was down', () => {
  const ours = (changed: Partial<DeskIncident> = {}): DeskIncident =>
    incident({
      class: 'ours',
      severity: 'unknown',
      toldAt: at('09:01'),
      toldSeverity: 'unknown',
      closedAt: at('09:30'),
      ...changed,
    });
  const customers = (changed: Partial<DeskIncident> = {}): DeskIncident =>
    incident({ id: 2, openedAt: at('09:30'), ...changed });
  const heard = { toldAt: at('09:31'), toldSeverity: 'down' as const };

  it.each<[string, DeskIncident[], string, [string, number[]][]]>([
    ['it is down', [ours(), customers()], '09:31', [['alert', [2]]]],
    ['it is down in a pause', [ours(), customers({ suppressed: 'pause' })], '09:31', []],
    ['it only warns', [ours(), customers({ severity: 'warning' })], '09:31', [['alert', [2]]]],
    ['it was down all the time', [ours(), customers({ openedAt: at('08:00'), ...heard })], '09:31', []],
    [
      'it is well again: once',
      [ours(), customers({ ...heard, closedAt: at('10:00') })],
      '10:01',
      [['recovery', [2]]],
    ],
    [
      'it is well again before the desk heard that it was down',
      [ours(), customers({ closedAt: at('09:30').replace('00.', '30.') })],
      '09:32',
      [['recovery', [1]]],
    ],
    ['it can be made again, and is well', [ours()], '09:31', [['recovery', [1]]]],
    [
      'both were over at once',
      [ours(), customers({ ...heard, openedAt: at('08:00'), closedAt: at('09:30') })],
      '09:32',
      [['recovery', [2, 1]]],
    ],
    [
      'another check is down',
      [ours(), customers({ monitor: 'sql', ...heard })],
      '09:31',
      [['recovery', [1]]],
    ],
  ])('is told as working again only if it does: %s', (_, incidents, time, mails) => {
    const of = agreement({
      checks: [check('web'), check('sql')],
      pauses: [{ monitor: 'web', from: at('09:00'), until: at('09:35') }].filter(() =>
        incidents.some(({ suppressed }) => suppressed === 'pause'),
      ),
    });
    expect(mailed([of], incidents, at(time))).toEqual(mails);
    const decided = decideDesk(view([of], incidents), at(time));
    expect(decideDesk(view([of], decided.incidents), at(time))).toMatchObject({ mails: [], changed: [] });
  });

  it('is not listed as over in the morning’s digest', () => {
    const morning = '2027-02-17T07:30:00.000Z';
    const night = { openedAt: at('20:00'), toldAt: at('20:01') };
    const incidents = [ours({ ...night, closedAt: at('21:00') }), customers({ openedAt: at('21:00') })];
    const of = agreement({ monitoring: { morningDigest: true } });
    expect(digestDue(view([of], incidents), of, morning)?.incidents).toEqual([2]);
  });
});

describe('a storm', () => {
  const many = (count: number, changed: Partial<DeskIncident> = {}): [DeskAgreement[], DeskIncident[]] => [
    Array.from({ length: count }, (_, index) =>
      agreement({ agreement: `${index}`, customer: `kund-${index}`, monitoring: { stormIncidents: 5 } }),
    ),
    Array.from({ length: count }, (_, index) => incident({ id: index, agreement: `${index}`, ...changed })),
  ];

  it.each([
    [4, ['alert', 'alert', 'alert', 'alert']],
    [5, ['storm alert']],
  ])('of %i incidents at once over all customers is told as %j', (count, kinds) => {
    expect(mailed(...many(count), at('09:01')).map(([kind]) => kind)).toEqual(kinds);
  });

  it('ends in one mail as well', () => {
    const over = { toldAt: at('09:01'), toldSeverity: 'down' as const, closedAt: at('10:00') };
    expect(mailed(...many(5, over), at('10:01')).map(([kind]) => kind)).toEqual(['storm recovery']);
  });
});

describe('a gate', () => {
  const paused = (until: Instant): DeskAgreement =>
    agreement({ pauses: [{ monitor: 'web', from: at('08:00'), until }] });

  it.each([
    [
      'parent:db',
      { checks: [check('web', { dependsOn: ['app'] }), check('app', { dependsOn: ['db'] }), check('db')] },
    ],
    ['pause', { pauses: [{ monitor: 'all', from: at('08:00'), until: at('10:00') }] }],
    ['maintenance', { checks: [check('web', { maintenance: [{ from: '09:00', to: '11:00' }] })] }],
    ['upgrade', { upgradesFrom: [at('08:00')] }],
    ['grace', { checks: [check('web', { configuredAt: at('08:50') })] }],
    ['site:lager', { checks: [check('web', { place: 'lager' })] }],
  ])('%s keeps an incident from being told, and notes it', (gate, changed) => {
    const others = [
      incident({ id: 2, monitor: 'db', toldAt: at('09:00'), toldSeverity: 'down' }),
      incident({
        id: 3,
        monitor: 'site:lager',
        class: 'ours',
        severity: 'silent',
        toldAt: at('09:00'),
        toldSeverity: 'silent',
      }),
    ];
    const decision = decideDesk(view([agreement(changed)], [incident(), ...others]), at('09:01'));
    expect(decision.mails).toEqual([]);
    expect(decision.incidents[0]).toMatchObject({ id: 1, suppressed: gate });
    expect(decision.log).toContainEqual({ incident: 1, what: 'suppressed', detail: { gate } });
  });

  it('that opens asks for a fresh result, and tells only what it confirms', () => {
    const of = paused(at('10:00'));
    const shut = incident({ suppressed: 'pause' });
    expect(nextIncidentAt([shut], of, at('09:30'))).toBe(at('10:00'));
    const opened = decideDesk(view([of], [shut]), at('10:00'));
    expect(opened.mails).toEqual([]);
    expect(opened.rechecks).toEqual([{ agreement: '1', monitor: 'web' }]);
    expect(opened.incidents).toMatchObject([{ suppressed: `recheck:${at('10:00')}` }]);
    const [waiting] = opened.incidents as [DeskIncident];
    expect(mailed([of], [waiting], at('11:00'))).toEqual([]);
    const confirmed = { ...waiting, confirmedAt: '2027-02-16T10:00:20.000Z' };
    expect(mailed([of], [confirmed], '2027-02-16T10:00:20.000Z')).toEqual([]);
    expect(mailed([of], [confirmed], at('10:01'))).toEqual([['alert', [1]]]);
  });

  it('that is closed keeps no recovery back', () => {
    expect(mailed([paused(at('12:00'))], [told({ closedAt: at('10:00') })], at('10:01'))).toEqual([
      ['recovery', [1]],
    ]);
  });

  it.each([
    ['a parent that is down', { severity: 'down', class: 'customer' }, 'customer', true],
    ['a parent with a warning', { severity: 'warning', class: 'customer' }, 'customer', false],
    ['a parent that could not be checked', { severity: 'unknown', class: 'ours' }, 'customer', false],
    ['a parent that could not be checked', { severity: 'unknown', class: 'ours' }, 'ours', true],
  ] as const)('of %s (%j) mutes a child of class %s: %s', (_, parent, kind, muted) => {
    const of = agreement({ checks: [check('web', { dependsOn: ['db'] }), check('db')] });
    const child = incident({ class: kind });
    const open = [child, incident({ id: 2, monitor: 'db', ...parent })];
    expect(closedGate(child, at('09:01'), { of, open, silentSites: new Set() }) !== undefined).toBe(muted);
  });

  it('of checks that depend on each other in a circle mutes none of them', () => {
    const { checks } = agreement({
      checks: [check('a', { dependsOn: ['b'] }), check('b', { dependsOn: ['a', 'c'] }), check('c')],
    });
    expect([...ancestorsOf(checks, 'a')]).toEqual(['c']);
    expect([...ancestorsOf(checks, 'c')]).toEqual([]);
  });

  it.each([
    // 02:00 does not exist on the day summer time begins, and occurs twice on the day it ends.
    ['2027-03-27T23:30:00.000Z', '2027-03-28T01:00:00.000Z', '2027-03-28T02:00:00.000Z'],
    ['2027-10-30T22:30:00.000Z', '2027-10-31T00:00:00.000Z', '2027-10-31T03:00:00.000Z'],
  ])(
    'of maintenance from two to four is closed over the change of clocks after %s',
    (before, from, until) => {
      const of = agreement({
        checks: [check('web', { maintenance: [{ days: 'all', from: '02:00', to: '04:00' }] })],
      });
      const gateAt = (when: Instant) =>
        closedGate(incident(), when, { of, open: [], silentSites: new Set() });
      expect(nextGateChange('web', before, of)).toBe(from);
      expect(nextGateChange('web', from, of)).toBe(until);
      expect([gateAt(before), gateAt(from), gateAt(until)]).toEqual([undefined, 'maintenance', undefined]);
    },
  );
});

describe('a reminder', () => {
  it.each([
    ['after the minutes of the terms', {}, at('13:01')],
    ['counted from the last one', { remindedAt: at('10:00') }, at('14:00')],
    ['within support hours only', { remindedAt: at('12:00') }, '2027-02-17T07:30:00.000Z'],
  ])('comes %s', (_, changed, when) => {
    const of = agreement({ monitoring: { takeWithinMinutes: 0 } });
    expect(nextIncidentAt([told(changed)], of, at('12:30'))).toBe(when);
    expect(mailed([of], [told(changed)], when)).toEqual([['reminder', [1]]]);
  });

  it.each([
    ['taken', { takenAt: at('09:10') }],
    ['mended', { mendedAt: at('09:10') }],
    ['muted', { suppressed: 'pause' }],
  ])('does not come for what is %s', (_, changed) => {
    expect(mailed([agreement()], [told(changed)], at('13:01'))).toEqual([]);
  });
});

describe('escalation', () => {
  it('goes to whom the terms name, once, when nobody took it in time', () => {
    const of = agreement({ monitoring: { takeWithinMinutes: 60, escalateTo: 'consultant' } });
    expect(nextIncidentAt([told()], of, at('09:30'))).toBe(at('10:01'));
    const { mails, incidents } = decideDesk(view([of], [told()]), at('10:01'));
    expect(mails).toMatchObject([{ kind: 'escalation', to: 'consultant', recipient: 'anna@pector.example' }]);
    expect(mailed([of], incidents, at('10:30'))).toEqual([]);
  });

  it('counts support hours only', () => {
    const of = agreement({ monitoring: { repeatMinutes: 0 }, checks: [] });
    const night = told({ toldAt: at('18:00') });
    expect(nextIncidentAt([night], of, at('18:00'))).toBe('2027-02-17T08:30:00.000Z');
  });

  it('does not come for what somebody took', () => {
    expect(mailed([agreement()], [told({ takenAt: at('09:30') })], at('11:00'))).toEqual([]);
  });
});

describe('what was said to be mended', () => {
  const mended = told({ takenAt: at('09:10'), mendedAt: at('10:00'), escalatedAt: at('10:01') });

  it('is told anew, and is nobody’s, when a later result says otherwise', () => {
    const { mails, incidents } = decideDesk(
      view([agreement()], [{ ...mended, confirmedAt: at('10:02') }]),
      at('10:02'),
    );
    expect(mails).toMatchObject([{ kind: 'alert', detail: { worsened: [] } }]);
    expect(incidents).toMatchObject([
      { takenAt: null, mendedAt: null, toldAt: at('10:02'), escalatedAt: null },
    ]);
  });

  it('is left alone until then', () => {
    expect(decideDesk(view([agreement()], [mended]), at('14:00')).changed).toEqual([]);
  });
});

describe('support around the clock', () => {
  let of: DeskAgreement;
  beforeAll(() => {
    of = agreement({
      support: { ...terms.support, hours: [{ days: 'all', from: '00:00', to: '24:00' }] },
      monitoring: { outsideHours: 'hold', takeWithinMinutes: 60, repeatMinutes: 240, morningDigest: true },
    });
  });
  /** A Saturday night. */
  const night = (time: string): Instant => `2027-02-20T${time}:00.000Z`;

  it('is told at night, and has its minutes to act then', () => {
    const down = incident({ openedAt: night('01:00') });
    expect(mailed([of], [down], night('01:01'))).toEqual([['alert', [1]]]);
    const known = told({ openedAt: night('01:00'), toldAt: night('01:01') });
    expect(nextIncidentAt([known], of, night('01:02'))).toBe(night('02:01'));
    expect(mailed([of], [known], night('02:01'))).toEqual([['escalation', [1]]]);
  });

  it('has no morning’s digest: it never opens', () => {
    const overnight = told({ openedAt: night('01:00') });
    expect(digestDue(view([of], [overnight]), of, '2027-02-22T07:30:00.000Z')).toBeUndefined();
    expect(nextDigestAt([overnight], of, night('01:02'))).toBeUndefined();
  });
});

describe('the morning’s digest', () => {
  const opening = '2027-02-17T07:30:00.000Z';
  const digest = (incidents: DeskIncident[], changed: Partial<MonitoringTerms> = {}) =>
    digestDue(
      view([agreement({ monitoring: changed })], incidents),
      agreement({ monitoring: changed }),
      opening,
    );

  it.each([
    ['what began since support closed', told({ openedAt: at('15:30') }), true],
    ['what was over since then', told({ closedAt: at('20:00') }), true],
    [
      'what was over yesterday and nobody was told of',
      incident({ closedAt: '2027-02-16T09:00:30.000Z' }),
      true,
    ],
    ['what was told and over yesterday', told({ closedAt: at('11:00'), recoveryToldAt: at('11:01') }), false],
    ['what is as it was', told(), false],
  ])('for %s: %s', (_, one, is) => {
    expect(digest([one])?.incidents).toEqual(is ? [1] : undefined);
  });

  it('tells as well what is still down, and why nobody was mailed', () => {
    const incidents = [told(), incident({ id: 2, openedAt: at('22:00'), suppressed: 'parent:db' })];
    expect(digest(incidents)).toMatchObject({
      incidents: [1, 2],
      detail: { since: at('15:30'), open: [1, 2], suppressed: { 2: 'parent:db' } },
      dueAt: opening,
    });
  });

  it('is for those who want one', () => {
    expect(digest([told({ openedAt: at('22:00') })], { morningDigest: false })).toBeUndefined();
  });
});
