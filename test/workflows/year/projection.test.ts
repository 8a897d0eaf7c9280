import { guldPlan, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { writeMeeting, writePause, writeRow } from '../../../workflows/year/projection';
import type { ActionState, ImprovementState, MeetingState } from '../../../workflows/year/year-state';

const now = '2027-03-10T09:00:00.000Z';
const since = '2027-03-01T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

describe('the row of a meeting', () => {
  it.each<[string, MeetingState | undefined, Record<string, unknown>]>([
    ['that nobody has touched', undefined, {}],
    [
      'that is booked in summer',
      {
        booked: { on: '2027-05-18', time: '10:00', since, revision: 2 },
        called: true,
        organizer: 'konsult-1',
      },
      { bookedAt: '2027-05-18T08:00:00.000Z' },
    ],
    [
      'that is booked, moved and invited to',
      {
        booked: {
          on: '2027-02-16',
          time: '10:00',
          minutes: 60,
          place: 'Teams',
          since,
          revision: 2,
        },
        ...{ moves: 1, invited: 2, invitedAt: since },
      },
      { bookedAt: '2027-02-16T09:00:00.000Z', minutes: 60, place: 'Teams', moves: 1, invitedAt: since },
    ],
    [
      'that was held',
      { heldOn: '2027-02-16', heldMinutes: 90 },
      { heldOn: '2027-02-16', heldMinutes: 90, note: 'x' },
    ],
  ])('says what there is of a meeting %s', (_what, meeting, expected) => {
    const year = yearAt(now, { plan, state: meeting ? { meetings: { 'meeting-1': meeting } } : {} });
    writeMeeting(year, 'meeting-1', meeting?.heldOn === undefined ? {} : { note: 'x' });
    expect(year.state.journal).toEqual([
      {
        id: '1',
        at: now,
        kind: 'row',
        ref: 'meeting-1',
        detail: {},
        meeting: { id: 'meeting-1', ...expected },
      },
    ]);
  });
});

describe('the row of an action', () => {
  const action: ActionState = { meeting: 'meeting-1', what: 'x', owner: 'contact-1', dueOn: '2027-03-01' };
  it.each<[string, ActionState | undefined, ActionState | undefined]>([
    ['open', action, undefined],
    ['open', { ...action, reminded: ['remind'] }, action],
    ['done', { ...action, done: true }, action],
    ['withdrawn', undefined, action],
  ])('says that it is %s', (state, is, was) => {
    const year = yearAt(now, { plan, state: is ? { actions: { 1: is } } : {} });
    writeRow(year, 'actions', '1', was);
    expect(year.state.journal.map(({ actions }) => actions)).toEqual([[{ id: '1', ...action, state }]]);
  });
});

describe('the row of an improvement', () => {
  const improvement: ImprovementState = { title: 'x', hours: 1200, state: 'proposed' };
  it.each<[string, ImprovementState | undefined, ImprovementState | undefined]>([
    ['proposed', improvement, undefined],
    ['accepted', { ...improvement, state: 'accepted' }, improvement],
    ['withdrawn', undefined, improvement],
  ])('says that it is %s', (state, is, was) => {
    const year = yearAt(now, { plan, state: is ? { improvements: { 1: is } } : {} });
    writeRow(year, 'improvements', '1', was, { note: 'y' });
    expect(year.state.journal.map((entry) => entry.improvement)).toEqual([
      { id: '1', title: 'x', hours: 1200, note: 'y', state },
    ]);
  });
});

it.each(['actions', 'improvements'] as const)('nothing is written of %s that never were', (slice) => {
  const year = yearAt(now, { plan });
  writeRow(year, slice, '1', undefined);
  expect(year.state.journal).toEqual([]);
});

describe('the row of a pause', () => {
  it.each([
    ['that runs', { until: '2027-03-15', reason: 'x' }, { until: '2027-03-15', reason: 'x' }],
    ['that was taken back', undefined, {}],
  ])('says what there is of one %s', (_what, pause, expected) => {
    const year = yearAt(now, { plan, state: pause ? { pauses: { all: pause } } : {} });
    writePause(year, 'all');
    expect(year.state.journal.map((entry) => entry.pause)).toEqual([{ monitor: 'all', ...expected }]);
  });
});
