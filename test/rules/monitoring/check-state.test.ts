import fc from 'fast-check';
import type { CheckSettings } from '../../../rules/engine/contract/monitor';
import type { CheckState, Transition } from '../../../rules/engine/monitoring/check-state';
import {
  isFlapping,
  isUnsettled,
  nextState,
  stillSo,
  tellsVersion,
  transitionOf,
  unseen,
} from '../../../rules/engine/monitoring/check-state';
import type { CheckResult, Outcome } from '../../../rules/engine/monitoring/watched';

const start = Date.parse('2027-03-01T08:00:00.000Z');
const at = (minute: number): string => new Date(start + minute * 60_000).toISOString();
const watched = { agreement: 'testbolaget-2027', check: { id: 'orders' } };

const settings = (changed: Partial<CheckSettings> = {}): CheckSettings => ({
  intervalMinutes: 5,
  failuresBeforeAlert: 2,
  failuresWithin: 3,
  retrySeconds: 30,
  goodBeforeRecovery: 2,
  graceMinutes: 0,
  repeatMinutes: 0,
  groupBy: 'customer',
  flapping: { recoveries: 100, withinMinutes: 60 },
  ...changed,
});

const byLetter: Record<string, Outcome> = { o: 'ok', w: 'warning', d: 'down', u: 'unknown' };

interface Step {
  outcome: Outcome;
  minute: number;
}

/** Results one minute apart: `odd` is a good one and two bad ones. */
const steps = (letters: string): Step[] =>
  [...letters].map((letter, minute) => ({ outcome: byLetter[letter]!, minute }));

interface Lived {
  states: CheckState[];
  transitions: Transition[];
}

function live(results: Step[], under: CheckSettings): Lived {
  const lived: Lived = { states: [], transitions: [] };
  let state = unseen(at(0));
  for (const { outcome, minute } of results) {
    const message = { sv: `${outcome} ${minute}`, en: `${outcome} ${minute}` };
    const next = nextState(state, { outcome, at: at(minute), milliseconds: 1, message }, under);
    const transition = transitionOf(watched, state, next);
    if (transition) lived.transitions.push(transition);
    lived.states.push(next);
    state = next;
  }
  return lived;
}

const short: Record<CheckState['status'], string> = {
  pending: 'p',
  ok: 'o',
  warning: 'w',
  down: 'd',
  unknown: 'u',
};
const statuses = (letters: string, changed: Partial<CheckSettings> = {}): string =>
  live(steps(letters), settings(changed))
    .states.map(({ status }) => short[status])
    .join('');
const told = (letters: string, changed: Partial<CheckSettings> = {}): string =>
  live(steps(letters), settings(changed))
    .transitions.map(({ from, to }) => short[from] + short[to])
    .join(' ');

describe('the state of a check', () => {
  test.each([
    ['is well at the first good result', 'oo', 'oo', ''],
    ['does not mind a single failure', 'odooo', 'ooooo', ''],
    ['is down at the second failure', 'odd', 'ood', 'od'],
    ['is down at two failures of three', 'odod', 'oood', 'od'],
    ['is not down at two failures of four', 'odood', 'ooooo', ''],
    ['has recovered at the second good result in a row', 'oddoo', 'ooddo', 'od do'],
    ['has not recovered at two good results with a failure between', 'oddodo', 'oodddd', 'od'],
    ['is down from the very first results, and never well before', 'dd', 'pd', 'pd'],
    ['is pending after one failure', 'd', 'p', ''],
    ['is well after one failure and a good result', 'do', 'po', ''],
    ['is a warning at the second', 'oww', 'oow', 'ow'],
    ['is a warning where one of two was worse', 'owd', 'oow', 'ow'],
    ['grows worse', 'owwdd', 'oowwd', 'ow wd'],
    ['eases once it has not been down for as long as recovering takes', 'oddwww', 'ooddww', 'od dw'],
    ['stays down while it changes between down and a warning', 'oddwdwdwdwd', 'ooddddddddd', 'od'],
    ['is unknown at the second that could not be made', 'ouu', 'oou', 'ou'],
    ['is unknown, not down, when it cannot be made any more', 'odduu', 'ooddu', 'od du'],
    ['is down again when it can be made again', 'odduudd', 'oodduud', 'od du ud'],
    ['is not well where it is bad in another way each time', 'oud', 'ood', 'od'],
    ['stays as it is while ways alternate', 'odduddud', 'oodddddd', 'od'],
  ])('%s: %s', (_what, results, expected, transitions) => {
    expect(statuses(results)).toBe(expected);
    expect(told(results)).toBe(transitions);
  });

  test('does not change at every result while two ways of being bad alternate', () => {
    expect(told('odududududud', { failuresWithin: 2 })).toBe('ou');
  });

  test('follows each result where one is enough', () => {
    const one = { failuresBeforeAlert: 1, failuresWithin: 1, goodBeforeRecovery: 1 };
    expect(told('odowouo', one)).toBe('od do ow wo ou uo');
    expect(statuses('d', one)).toBe('d');
  });

  test('takes as many good results as are asked for, also more than it looks back for failures', () => {
    expect(statuses('oddooooo', { goodBeforeRecovery: 5 })).toBe('oodddddo');
  });
});

describe('what is told of a change', () => {
  const { transitions } = live(steps('ooddoo'), settings());

  test('is when it was first bad, and last good', () => {
    expect(transitions[0]).toEqual({
      ...{ agreement: 'testbolaget-2027', monitor: 'orders', from: 'ok', to: 'down' },
      ...{ at: at(3), since: at(2), lastGoodAt: at(1) },
      message: { sv: 'down 3', en: 'down 3' },
    });
  });

  test('is when it recovered', () => {
    expect(transitions[1]).toMatchObject({ from: 'down', to: 'ok', at: at(5), lastGoodAt: at(5) });
  });

  test('has no last good result where there never was one', () => {
    expect(live(steps('dd'), settings()).transitions[0]).not.toHaveProperty('lastGoodAt');
  });

  test.each([
    ['none, though its check was well while it was awaited', 'never', undefined],
    ['the job’s last success, not the check’s', at(-60), at(-60)],
  ] as const)('has as last good of a job %s', (_, lastWell, lastGoodAt) => {
    const state = steps('oodd').reduce<CheckState>(
      (before, { outcome, minute }) =>
        nextState(
          before,
          { outcome, at: at(minute), milliseconds: 1, message: { sv: '', en: '' }, lastWell },
          settings(),
        ),
      { ...unseen(at(0)), lastGoodAt: at(-5) },
    );
    expect(stillSo(watched, 'ok', state)?.lastGoodAt).toBe(lastGoodAt);
  });

  test('is the state itself when somebody asks anew', () => {
    const { states } = live(steps('oddd'), settings());
    expect(stillSo(watched, 'down', states[3]!)).toMatchObject({
      from: 'down',
      to: 'down',
      at: at(3),
      since: at(1),
    });
    expect(stillSo(watched, 'pending', unseen(at(0)))).toBeUndefined();
  });
});

describe('the version that a check reports', () => {
  const found = (version: string): Partial<CheckResult> => ({ version: { of: 'visma-business', version } });
  const none: Partial<CheckResult> = {
    version: { of: 'visma-business', problem: { sv: 'ingen', en: 'none' } },
  };
  const notLooked: Partial<CheckResult> = { outcome: 'down' };

  /** What is stored of it, as `minute version lost`, after results at these minutes. */
  const stored = (...results: [minute: number, Partial<CheckResult>][]): string[] => {
    let state = unseen(at(0));
    return results.flatMap(([minute, result]) => {
      const message = { sv: '', en: '' };
      const after = nextState(
        state,
        { outcome: 'ok', at: at(minute), milliseconds: 1, message, ...result },
        settings(),
      );
      const tells = tellsVersion(state, after);
      state = after;
      const { version } = after;
      return tells ? [`${minute} ${version?.version ?? '-'}${version?.lost ? ' lost' : ''}`] : [];
    });
  };

  test.each<[string, [number, Partial<CheckResult>][], string[]]>([
    [
      'once, however often it is found',
      [
        [1, found('17')],
        [2, found('17')],
        [200, found('17')],
      ],
      ['1 17'],
    ],
    [
      'another at once, if the one before has held for an hour',
      [
        [1, found('17')],
        [61, found('18')],
      ],
      ['1 17', '61 18'],
    ],
    [
      'of two that answer in turn one an hour',
      [
        [0, found('17')],
        [5, found('18')],
        [10, found('17')],
        [60, found('18')],
        [65, found('17')],
        [70, found('18')],
      ],
      ['0 17', '60 18'],
    ],
    [
      'not where nobody got so far as to look',
      [
        [1, found('17')],
        [90, notLooked],
        [180, notLooked],
      ],
      ['1 17'],
    ],
    [
      'lost after an hour without',
      [
        [1, found('17')],
        [5, none],
        [64, none],
        [65, none],
        [70, none],
      ],
      ['1 17', '65 17 lost'],
    ],
    [
      'not lost where it is found between',
      [
        [1, found('17')],
        [5, none],
        [60, found('17')],
        [66, none],
      ],
      ['1 17'],
    ],
    [
      'found again, or another',
      [
        [1, found('17')],
        [5, none],
        [65, none],
        [70, found('17')],
      ],
      ['1 17', '65 17 lost', '70 17'],
    ],
    [
      'never found',
      [
        [1, none],
        [90, none],
      ],
      [],
    ],
  ])('is told %s', (_, results, expected) => {
    expect(stored(...results)).toEqual(expected);
  });
});

describe('a check that flaps', () => {
  const flapping = { recoveries: 2, withinMinutes: 60 };
  const twice = 'oddooddooddoo';

  test('has to be well for half the time', () => {
    expect(told(twice, { flapping })).toBe('od do od do od');
    expect(told(twice + 'o'.repeat(29), { flapping })).toBe('od do od do od do');
    expect(told(twice + 'o'.repeat(28), { flapping })).toBe('od do od do od');
  });

  test('is not one whose recoveries lie further back', () => {
    const results = [
      ...steps(twice.slice(0, 11)),
      ...steps('oo').map((one) => ({ ...one, minute: one.minute + 90 })),
    ];
    expect(live(results, settings({ flapping })).transitions.at(-1)).toMatchObject({ to: 'ok', at: at(91) });
  });

  test('is told by its recoveries', () => {
    const state = live(steps(twice), settings({ flapping })).states.at(-1)!;
    expect(isFlapping(state, settings({ flapping }), at(20))).toBe(true);
    expect(isFlapping(state, settings({ flapping }), at(69))).toBe(false);
  });
});

test.each([
  ['', false],
  ['o', false],
  ['d', true],
  ['od', true],
  ['odd', false],
  ['oddo', true],
  ['oddoo', false],
  ['oddw', true],
])('it is looked at sooner while it is on its way between two states: %s', (results, expected) => {
  const state = live(steps(results), settings()).states.at(-1) ?? unseen(at(0));
  expect(isUnsettled(state)).toBe(expected);
});

/** The status after each result, told from the whole past instead of a kept state. */
function naive(results: Step[], under: CheckSettings): CheckState['status'][] {
  const all: CheckState['status'][] = [];
  results.forEach(({ outcome, minute }, index) => {
    const before = all[index - 1] ?? 'pending';
    const past = results.slice(0, index + 1);
    const bad = before !== 'ok' && before !== 'pending';
    if (outcome === 'ok') {
      const lastBad = past.findLastIndex((one) => one.outcome !== 'ok');
      const good = past.slice(lastBad + 1);
      const recoveries = all.filter((status, at) => {
        const recovered = status === 'ok' && !['ok', 'pending', undefined].includes(all[at - 1]);
        return recovered && results[at]!.minute >= minute - under.flapping.withinMinutes;
      });
      const flaps = recoveries.length >= under.flapping.recoveries;
      const steady = minute - good[0]!.minute >= under.flapping.withinMinutes / 2;
      const recovered = good.length >= under.goodBeforeRecovery && (!flaps || steady);
      all.push(!bad || recovered ? 'ok' : before);
      return;
    }
    const last = past.slice(-under.failuresWithin);
    const seen = (...which: Outcome[]) =>
      last.filter((one) => which.includes(one.outcome)).length >= under.failuresBeforeAlert;
    const lately = past.slice(-under.goodBeforeRecovery).some((one) => one.outcome === 'down');
    if (seen('down')) all.push('down');
    else if (seen('down', 'warning')) all.push(before === 'down' && lately ? 'down' : 'warning');
    else if (seen('unknown')) all.push('unknown');
    else if (seen('down', 'warning', 'unknown')) all.push(bad ? before : outcome);
    else all.push(before);
  });
  return all;
}

describe('whatever the results and the settings', () => {
  const anyResults = fc.array(
    fc.record({
      outcome: fc.oneof(
        { weight: 4, arbitrary: fc.constant<Outcome>('ok') },
        { weight: 3, arbitrary: fc.constant<Outcome>('down') },
        { weight: 1, arbitrary: fc.constantFrom<Outcome>('warning', 'unknown') },
      ),
      gap: fc.integer({ min: 1, max: 20 }),
    }),
    { maxLength: 80 },
  );
  const anySettings = fc
    .record({
      failuresBeforeAlert: fc.integer({ min: 1, max: 5 }),
      more: fc.integer({ min: 0, max: 4 }),
      goodBeforeRecovery: fc.integer({ min: 1, max: 6 }),
      recoveries: fc.integer({ min: 1, max: 4 }),
      withinMinutes: fc.integer({ min: 1, max: 120 }),
    })
    .map(({ failuresBeforeAlert, more, goodBeforeRecovery, ...flapping }) =>
      settings({
        failuresBeforeAlert,
        failuresWithin: failuresBeforeAlert + more,
        goodBeforeRecovery,
        flapping,
      }),
    );
  const anyLife = (holds: (results: Step[], under: CheckSettings, lived: Lived) => void): void => {
    fc.assert(
      fc.property(anyResults, anySettings, (given, under) => {
        let minute = 0;
        const results = given.map(({ outcome, gap }) => ({ outcome, minute: (minute += gap) }));
        holds(results, under, live(results, under));
      }),
      { numRuns: 500 },
    );
  };

  test('the states are those that the whole past gives', () => {
    anyLife((results, under, { states }) =>
      expect(states.map(({ status }) => status)).toEqual(naive(results, under)),
    );
  });

  test('a change is told exactly when the state changed, and each goes on from the one before', () => {
    anyLife((_results, _under, { states, transitions }) => {
      const changes = states.flatMap(({ status, lastAt }, index) => {
        const before = states[index - 1]?.status ?? 'pending';
        const silent = status === before || (before === 'pending' && status === 'ok');
        return silent ? [] : [{ from: before, to: status, at: lastAt }];
      });
      expect(transitions.map(({ from, to, at: when }) => ({ from, to, at: when }))).toEqual(changes);
    });
  });

  test('there is one recovery for each time it was bad, and none before', () => {
    anyLife((_results, _under, { transitions }) => {
      let open = false;
      for (const { from, to } of transitions) {
        if (to === 'ok') expect(open).toBe(true);
        else expect(open).toBe(from !== 'ok' && from !== 'pending');
        open = to !== 'ok';
      }
    });
  });

  test('one that never was good never says so', () => {
    anyLife((results, under, { states }) => {
      const first = results.findIndex(({ outcome }) => outcome === 'ok');
      const before = states.slice(0, first === -1 ? undefined : first);
      expect(before.filter(({ status }) => status === 'ok')).toEqual([]);
      before.forEach(({ status }, index) =>
        expect(status === 'pending').toBe(index + 1 < under.failuresBeforeAlert),
      );
    });
  });

  test('what is kept stays small, and times are in order', () => {
    anyLife((_results, under, { states }) => {
      for (const { recent, recovered, badSince, lastAt = '', since } of states) {
        expect(recent.length).toBeLessThanOrEqual(Math.max(under.failuresWithin, under.goodBeforeRecovery));
        expect(recovered.length).toBeLessThanOrEqual(under.flapping.recoveries);
        expect((badSince ?? since) <= lastAt).toBe(true);
      }
    });
  });
});
