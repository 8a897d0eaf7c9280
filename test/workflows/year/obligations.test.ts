import { guldPlan, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { beginPeriod, clearSettled, closeObligation } from '../../../workflows/year/obligations';
import type { Year } from '../../../workflows/year/year';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-03-10T09:00:00.000Z';
const since = '2027-03-01T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const year = (state: Partial<YearState> = {}): Year => yearAt(now, { plan, state });

describe('an obligation', () => {
  it('is closed and written down; the note is not carried on', () => {
    const one = year();
    closeObligation(one, 'start/kickoff', { state: 'done', by: 'anna', note: 'went well' });
    expect(one.state.closed).toEqual({ 'start/kickoff': { at: now, state: 'done', by: 'anna' } });
    expect(one.state.journal).toMatchObject([
      {
        ...{ kind: 'phase', ref: 'start/kickoff', detail: { state: 'done' } },
        obligation: { id: 'start/kickoff', state: 'done', by: 'anna', note: 'went well' },
      },
    ]);
  });

  it('stays as it was closed first', () => {
    const closed = { 'start/kickoff': { at: since, state: 'missed' as const } };
    const one = year({ closed });
    closeObligation(one, 'start/kickoff', { state: 'done', by: 'anna' });
    expect(one.state.closed).toEqual(closed);
    expect(one.state.journal).toEqual([]);
  });

  it.each([
    ['before its date', '2027-01-26T15:29:00.000Z', 'done', false],
    ['at its date', '2027-01-26T15:30:00.000Z', 'done', false],
    ['after it', '2027-01-26T15:30:00.001Z', 'done', true],
    ['after it, but missed', '2027-02-01T09:00:00.000Z', 'missed', false],
  ] as const)('is done late or not: %s', (_what, at, state, late) => {
    expect(year({ closed: { 'start/kickoff': { at, state } } }).isDoneLate('start/kickoff')).toBe(late);
  });
});

describe('what somebody had to look at', () => {
  it('is taken back with the obligation it is about, and what has another cause is not', () => {
    const codes = ['meeting-unbooked', 'meeting-overdue', 'step-overdue', 'upgrade-failed'];
    const stays = ['meeting-moved', 'test-failed', 'hours-low'];
    const raised = (code: string, subject = 'meeting-1') => ({ code, subject, detail: 'x', at: since });
    const one = year({
      attention: [
        ...[...codes, ...stays].map((code) => raised(code)),
        raised('meeting-overdue', 'meeting-2'),
      ],
    });
    clearSettled(one, 'meeting-1');
    expect(one.state.attention).toEqual([
      ...stays.map((code) => raised(code)),
      raised('meeting-overdue', 'meeting-2'),
    ]);
  });
});

describe('the period', () => {
  it.each([
    ['once', false, ['year-started']],
    ['not again in a new run', true, []],
  ])('is written down to have begun %s', (_what, begun, refs) => {
    const one = year({ begun });
    beginPeriod(one);
    expect(one.phase).toBe('running');
    expect(one.state.begun).toBe(true);
    expect(one.state.journal.map(({ ref }) => ref)).toEqual(refs);
  });
});
