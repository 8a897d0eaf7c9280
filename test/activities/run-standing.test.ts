/** What a running year says of itself beside what PostgreSQL has of it: each difference is found, and no other. */
import type { KeptStanding, RunStanding } from '../../activities/audit/run-standing';
import { compareRun } from '../../activities/audit/run-standing';

const call = { obligation: 'meeting-1', step: 'call', revision: 1 };
const overdue = { code: 'step-overdue', subject: 'upgrade/test', detail: 'nobody reported it' };
const run: RunStanding = {
  year: 2,
  revision: 3,
  atRest: true,
  owed: {
    'meeting-1': { state: 'done', at: '2028-02-16T10:00:00Z', by: 'anna' },
    'upgrade/test': { state: 'open' },
  },
  attention: [overdue],
  sent: [call],
  overdue: [],
  hours: { contracted: 12_000, used: 250 },
  unbooked: 0,
};
const kept: KeptStanding = {
  revision: 3,
  obligations: [
    { id: 'meeting-1', state: 'done' },
    { id: 'upgrade/test', state: 'open' },
    { id: 'meeting-9', state: 'cancelled' },
  ],
  attention: [overdue],
  mails: [call],
  hours: { contracted: 12_000, used: 250 },
};

const found = (ofRun: Partial<RunStanding>, ofKept: Partial<KeptStanding>) =>
  compareRun('a-1', { ...run, ...ofRun }, { ...kept, ...ofKept });

it.each<[what: string, ofRun: Partial<RunStanding>, ofKept: Partial<KeptStanding>, expected: object[]]>([
  ['nothing where both say the same', {}, {}, []],
  [
    'a plan of another revision, and then not what follows from it',
    { revision: 2 },
    { obligations: [] },
    [{ kind: 'planRevision', subject: 'a-1/2' }],
  ],
  [
    'an obligation in another state, which becomes what the year says',
    {},
    { obligations: [{ id: 'meeting-1', state: 'open' }, kept.obligations[1]!] },
    [
      {
        kind: 'obligationState',
        subject: 'a-1/2/meeting-1',
        mend: {
          how: 'project',
          entry: {
            obligation: { id: 'meeting-1', state: 'done', closedAt: '2028-02-16T10:00:00Z', by: 'anna' },
          },
        },
      },
    ],
  ],
  [
    'an obligation that PostgreSQL lacks, which nothing mends',
    {},
    { obligations: kept.obligations.slice(1) },
    [{ kind: 'obligationState', subject: 'a-1/2/meeting-1', detail: { en: 'expected done, found -' } }],
  ],
  [
    'an open obligation that the year does not owe',
    {},
    { obligations: [...kept.obligations, { id: 'meeting-8', state: 'open' }] },
    [{ kind: 'obligationState', mend: { entry: { obligation: { id: 'meeting-8', state: 'cancelled' } } } }],
  ],
  [
    'attention that PostgreSQL lacks',
    {},
    { attention: [] },
    [{ kind: 'attentionDiffers', mend: { entry: { attention: { ...overdue, cleared: false } } } }],
  ],
  [
    'attention that is settled',
    { attention: [] },
    {},
    [{ kind: 'attentionDiffers', mend: { entry: { attention: { ...overdue, cleared: true } } } }],
  ],
  [
    'not what a year never writes down',
    { attention: [overdue, { ...overdue, code: 'journal-failed' }] },
    {},
    [],
  ],
  [
    'a mail that went out and is not known',
    {},
    { mails: [] },
    [{ kind: 'mailGone', subject: 'a-1/2/meeting-1/call/1' }],
  ],
  [
    'a mail that is overdue',
    { overdue: [call] },
    {},
    [{ kind: 'mailOverdue', subject: 'a-1/2/meeting-1/call/1' }],
  ],
  [
    'other hours, which the year is told to read anew',
    { hours: { contracted: 12_000, used: 200 } },
    {},
    [{ kind: 'hoursDiffer', subject: 'a-1/2', mend: { how: 'tell', kind: 'hours-changed' } }],
  ],
  ['hours that could not be booked', { unbooked: 2 }, {}, [{ kind: 'hoursWaiting', subject: 'a-1' }]],
  [
    'nothing that may be on its way',
    { atRest: false, attention: [], revision: 4 },
    { hours: { contracted: 0, used: 0 } },
    [],
  ],
  ['nothing of a year that has no plan yet', { revision: 0, owed: {}, attention: [], sent: [] }, kept, []],
])('finds %s', (_what, ofRun, ofKept, expected) => {
  const findings = found(ofRun, ofKept);
  expect(findings).toMatchObject(expected);
  expect(findings).toHaveLength(expected.length);
});

it('mends nothing that PostgreSQL lacks altogether', () => {
  expect(found({}, { obligations: kept.obligations.slice(1) })[0]?.mend).toBeUndefined();
});
