import { burnDown } from '../../../rules/engine/hours/burn-down';
import type { Hold } from '../../../rules/engine/hours/burn-down';
import type { HourEntry } from '../../../rules/engine/hours/entries';
import { entryChanges, standingUses } from '../../../rules/engine/hours/entries';
import { differencesFrom, positionsOf } from '../../../rules/engine/hours/postings';
import { holdsOf, questionsOf } from '../../../rules/engine/hours/questions';
import { sum } from '../../../rules/engine/basics/sum';

const hour = 3600;

type Said = [action: HourEntry['action'], day: string, about?: number | undefined, hours?: number];

/** Entries numbered from 1 on; one about another names its number. */
const told = (...said: Said[]): HourEntry[] =>
  said.map(([action, day, about, hours], index) => ({
    ...{ id: `e${index + 1}`, number: index + 1, action, recordedAt: `${day}T09:00:00.000Z` },
    ...(about !== undefined && { target: `e${about}` }),
    ...(hours !== undefined && { reported: hours * hour, billable: hours * hour }),
    ...(action === 'use' && { on: day }),
  }));

const used: Said = ['use', '2027-11-01', undefined, 10];
const asked: Said = ['question', '2027-12-20', 1];

test.each<[string, Said[], number[], boolean[]]>([
  ['one that waits', [used, asked], [2], [false]],
  ['one that is answered', [used, asked, ['answer', '2028-01-10', 1]], [2], [true]],
  ['two people, one answer', [used, asked, asked, ['answer', '2028-01-10', 1]], [2], [true]],
  [
    'asked again after the answer',
    [used, asked, ['answer', '2028-01-10', 1], ['question', '2028-01-11', 1]],
    [2, 4],
    [true, false],
  ],
  ['one that is taken back', [used, asked, ['undo', '2027-12-21', 2]], [], []],
  [
    'an answer that is taken back',
    [used, asked, ['answer', '2028-01-10', 1], ['undo', '2028-01-11', 3]],
    [2],
    [false],
  ],
  ['a line that is taken back', [used, asked, ['undo', '2027-12-21', 1]], [2], [true]],
  [
    'a line that was corrected and taken back since',
    [used, asked, ['correction', '2028-01-09', 1, 4], ['undo', '2028-01-09', 1], ['answer', '2028-01-10', 1]],
    [2],
    [true],
  ],
])('questions: %s', (_what, said, first, answered) => {
  const found = questionsOf(told(...said));
  expect(found.map(({ questions }) => questions[0]?.number)).toEqual(first);
  expect(found.map(({ answer }) => answer !== undefined)).toEqual(answered);
});

test('a question and its answer leave the hours as they are', () => {
  const entries = told(used, asked, ['answer', '2028-01-10', 1], ['undo', '2028-01-11', 2]);
  expect(standingUses(entries)).toMatchObject([{ billable: 10 * hour }]);
  expect(entryChanges(entries)).toMatchObject([{ entry: { number: 1 }, billable: 10 * hour }]);
});

test.each<[string, Said[], Hold[]]>([
  ['nothing while the line stands', [used, asked], []],
  [
    'what a correction frees while the question waits',
    [used, asked, ['correction', '2028-01-10', 1, 4]],
    [{ seconds: 6 * hour, asked: '2027-12-20' }],
  ],
  [
    'what it freed before the answer',
    [used, asked, ['undo', '2028-01-10', 1], ['answer', '2028-01-11', 1]],
    [{ seconds: 10 * hour, asked: '2027-12-20', answered: '2028-01-11' }],
  ],
  [
    'nothing that is corrected after the answer',
    [used, asked, ['answer', '2028-01-10', 1], ['undo', '2028-01-11', 1]],
    [],
  ],
  ['nothing where the line becomes more', [used, asked, ['correction', '2028-01-10', 1, 14]], []],
])('what a question holds: %s', (_what, said, holds) => {
  expect(holdsOf(told(...said))).toEqual(holds);
});

/** Of 100 hours 80 are used, 20 roll, nothing expires while 10 more are used. */
const bank = (left: number, holds: Hold[], on = '2028-12-31') =>
  burnDown(
    {
      grants: [
        {
          ...{ id: 'contracted-1', kind: 'contracted', year: 1, seconds: 100 * hour },
          ...{ from: '2027-01-01', expires: '2028-01-01' },
        },
      ],
      uses: [
        { id: 'u', on: '2027-11-01', seconds: (100 - left) * hour },
        { id: 'v', on: '2028-01-20', seconds: 22 * hour },
      ],
      periods: [
        {
          ...{ number: 1, from: '2027-01-01', to: '2028-01-01' },
          order: { soonestFirst: true, kinds: ['held', 'rolled', 'contracted', 'purchased', 'goodwill'] },
          rollover: { share: 2000, basis: 'contracted', expires: '2029-01-01' },
        },
      ],
      holds,
    },
    on,
  );

test.each<[string, number, Hold[], expired: number, held: number[], until: string[]]>([
  ['while it waits', 30, [{ seconds: 6 * hour, asked: '2027-12-20' }], 4, [6], ['9999-12-31']],
  [
    'for as many days after the answer as were left, at least a month',
    30,
    [{ seconds: 6 * hour, asked: '2027-12-20', answered: '2028-02-01' }],
    4,
    [6],
    ['2028-03-02'],
  ],
  [
    'for all days that were left',
    30,
    [{ seconds: 6 * hour, asked: '2027-10-01', answered: '2028-02-01' }],
    4,
    [6],
    ['2028-05-03'],
  ],
  ['never more than would expire', 22, [{ seconds: 6 * hour, asked: '2027-12-20' }], 0, [2], ['9999-12-31']],
  ['not those asked about later', 30, [{ seconds: 6 * hour, asked: '2028-01-01' }], 10, [], []],
  [
    'not those answered before',
    30,
    [{ seconds: 6 * hour, asked: '2027-11-20', answered: '2027-12-31' }],
    10,
    [],
    [],
  ],
])('hours do not expire that a question holds: %s', (_what, left, holds, expired, held, until) => {
  const burned = bank(left, holds);
  const [end] = burned.ends;
  expect(end).toMatchObject({ grant: 'contracted-1', expired: expired * hour, rolled: 20 * hour });
  const grants = burned.grants.filter(({ kind }) => kind === 'held');
  expect(grants.map(({ seconds }) => seconds)).toEqual(held.map((one) => one * hour));
  expect(grants.map(({ expires }) => expires)).toEqual(until);
});

test('held hours are worth what they were, and every transaction adds up', () => {
  const burned = bank(30, [{ seconds: 6 * hour, asked: '2027-12-20', answered: '2028-02-01' }]);
  const found = positionsOf(
    burned,
    [
      { id: 'u', on: '2027-11-01', seconds: 70 * hour },
      { id: 'v', on: '2028-01-20', seconds: 22 * hour },
    ],
    {
      of: () => 123_250,
      beyond: () => 145_000,
      ahead: () => 0,
    },
  );
  for (const { postings } of found)
    expect([sum(postings.map(({ seconds }) => seconds)), sum(postings.map(({ minor }) => minor))]).toEqual([
      0, 0,
    ]);
  const end = found.find(({ subject }) => subject === 'end/contracted-1/2028-01-01');
  expect(end?.postings).toContainEqual({
    account: 'grant:held-0-contracted-1',
    seconds: 6 * hour,
    minor: 6 * 123_250,
  });
  expect(differencesFrom(found, found)).toEqual([]);
});
