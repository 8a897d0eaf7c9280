import { guldPlan, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { clear, firstFew, isWritten, raise, record, reject } from '../../../workflows/year/journal';
import type { Year } from '../../../workflows/year/year';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-03-10T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const year = (state: Partial<YearState> = {}): Year => yearAt(now, { plan, state });

describe('what happened', () => {
  it('is numbered within the year, also when the year goes on in a new run', () => {
    const one = year({ sequence: 40 });
    record(one, { kind: 'signal', ref: 'noteAdded', detail: {} });
    record(one, { kind: 'row', ref: 'note', detail: {} });
    expect(one.state.journal).toEqual([
      { id: '41', at: now, kind: 'signal', ref: 'noteAdded', detail: {} },
      { id: '42', at: now, kind: 'row', ref: 'note', detail: {} },
    ]);
    expect(one.state.sequence).toBe(42);
  });

  it('is shown, the last ten and the newest first; rows and attention are not', () => {
    const one = year();
    for (let index = 1; index <= 12; index++)
      record(one, { kind: 'phase', ref: `meeting-${index}`, detail: { state: 'done' } });
    record(one, { kind: 'row', ref: 'x', detail: {} });
    record(one, { kind: 'attention', ref: 'hours-low', detail: {} });
    expect(one.state.last).toHaveLength(10);
    expect(one.state.last[0]).toEqual({ at: now, text: 'Management meeting 12: done' });
    expect(one.state.last[9]).toEqual({ at: now, text: 'Management meeting 3: done' });
  });
});

describe('attention', () => {
  it('is raised once of a code and a subject', () => {
    const one = year();
    expect(raise(one, 'mail-failed', 'meeting-1/invite', 'no such host')).toBe(true);
    expect(raise(one, 'mail-failed', 'meeting-1/invite', 'again')).toBe(false);
    expect(raise(one, 'mail-failed', 'meeting-2/invite', 'no such host')).toBe(true);
    expect(one.state.attention.map(({ subject, detail }) => [subject, detail])).toEqual([
      ['meeting-1/invite', 'no such host'],
      ['meeting-2/invite', 'no such host'],
    ]);
    expect(one.state.journal).toHaveLength(2);
  });

  it('says at most 300 bytes', () => {
    const one = year();
    raise(one, 'mail-failed', 'x', 'å'.repeat(200));
    expect(one.state.attention[0]?.detail).toBe(`${'å'.repeat(148)}…`);
  });

  it.each([
    ['all of a code', undefined, 2, ['hours-low']],
    ['one subject', 'a', 1, ['mail-failed', 'hours-low']],
    ['a subject there is none of', 'c', 0, ['mail-failed', 'mail-failed', 'hours-low']],
  ])('is taken back: %s', (_what, subject, count, left) => {
    const raised = (code: string, of: string) => ({ code, subject: of, detail: 'x', at: now });
    const one = year({
      attention: [raised('mail-failed', 'a'), raised('mail-failed', 'b'), raised('hours-low', 'a')],
    });
    expect(clear(one, 'mail-failed', subject)).toBe(count);
    expect(one.state.attention.map(({ code }) => code)).toEqual(left);
    expect(one.state.journal.map(({ attention }) => attention?.cleared)).toEqual(Array(count).fill(true));
  });
});

describe('a message that is not taken', () => {
  const why = { sv: 'hittade inget', en: 'found nothing' };

  it.each([
    ['sv', 'hittade inget'],
    ['en', 'found nothing'],
  ] as const)('is shown, written down and told in the language of the page: %s', (language, reason) => {
    const one = yearAt(now, { plan, language });
    reject(one, 'hoursUsed', why);
    const rejection = { at: now, signal: 'hoursUsed', reason };
    expect(one.state).toMatchObject({ rejected: [rejection], rejectedToTell: [rejection] });
    expect(one.state.journal[0]).toMatchObject({ kind: 'rejected', ref: 'hoursUsed', detail: { reason } });
    expect(one.state.attention).toMatchObject([
      { code: 'signal-rejected', subject: 'hoursUsed', detail: reason },
    ]);
  });

  it('is one of the last ten, the newest first', () => {
    const one = year();
    for (let index = 1; index <= 12; index++) reject(one, 'hoursUsed', String(index));
    const shown = one.state.rejected.map(({ reason }) => reason);
    expect(shown).toEqual(['12', '11', '10', '9', '8', '7', '6', '5', '4', '3']);
    expect(one.state.rejectedToTell).toHaveLength(10);
  });

  it('shares one place with others that nobody declared', () => {
    const one = year();
    for (const name of ['hoursUsd', 'toString', 'x'.repeat(300)]) reject(one, name, why);
    expect(one.state.attention.map(({ subject }) => subject)).toEqual(['unknown']);
    expect(one.state.rejected[0]?.signal).toBe(`${'x'.repeat(97)}…`);
  });
});

describe('what one activity carries of the journal', () => {
  it.each([
    ['nothing where nothing waits', [], 0],
    ['all of a few', Array.from({ length: 20 }, () => 'x'), 20],
    ['twenty of many', Array.from({ length: 21 }, () => 'x'), 20],
    ['as many as fit into 40,000 bytes', Array.from({ length: 5 }, () => 'å'.repeat(6000)), 3],
    ['one that is larger than that', ['x'.repeat(50_000), 'y'], 1],
  ])('is %s', (_what, waiting, count) => {
    expect(firstFew(waiting)).toEqual(waiting.slice(0, count));
  });
});

describe('the journal', () => {
  it.each([
    ['nothing waits', {}, false, true],
    [
      'an entry waits',
      { journal: [{ id: '1', at: now, kind: 'row' as const, ref: 'x', detail: {} }] },
      false,
      false,
    ],
    ['a part waits to be written again', { journalAgain: [{ year: 1, entries: [] }] }, false, false],
    ['a part is on its way', {}, true, false],
    ['a part failed for good', { failedJournal: [{ year: 1, entries: [] }] }, false, true],
  ])('is written or not: %s', (_what, state, writing, written) => {
    const one = year(state);
    one.writing = writing;
    expect(isWritten(one)).toBe(written);
  });
});
