import fc from 'fast-check';
import type { HourEntry } from '../../../rules/engine/hours/entries';
import { entryChanges, standingUses } from '../../../rules/engine/hours/entries';

const at = (minute: number): string => new Date(Date.UTC(2027, 2, 1, 9, minute)).toISOString();
const use = (number: number, billable: number, on = '2027-03-01'): HourEntry => ({
  ...{ id: `e${number}`, number, action: 'use', on, reported: billable, billable, recordedAt: at(number) },
});
const correction = (number: number, target: string, billable: number, on?: string): HourEntry => ({
  ...{ id: `e${number}`, number, action: 'correction', target, reported: billable, billable },
  ...(on !== undefined && { on }),
  recordedAt: at(number),
});
const undo = (number: number, target: string): HourEntry => ({
  ...{ id: `e${number}`, number, action: 'undo', target, recordedAt: at(number) },
});
const standing = (entries: HourEntry[]): [number, string, number][] =>
  standingUses(entries).map(({ entry, on, billable }) => [entry.number, on, billable]);

describe('what entries come to', () => {
  it.each<[string, HourEntry[], [number, string, number][]]>([
    ['an entry', [use(1, 5)], [[1, '2027-03-01', 5]]],
    [
      'the later of two corrections',
      [use(1, 5), correction(2, 'e1', 3), correction(3, 'e1', 4)],
      [[1, '2027-03-01', 4]],
    ],
    ['a correction of the day', [use(1, 5), correction(2, 'e1', 5, '2027-02-27')], [[1, '2027-02-27', 5]]],
    [
      'the day stays where only the time is corrected later',
      [use(1, 5), correction(2, 'e1', 5, '2027-02-27'), correction(3, 'e1', 4)],
      [[1, '2027-02-27', 4]],
    ],
    ['nothing of what was undone', [use(1, 5), use(2, 6), undo(3, 'e1')], [[2, '2027-03-01', 6]]],
    [
      'the entry, once its correction is undone',
      [use(1, 5), correction(2, 'e1', 3), undo(3, 'e2')],
      [[1, '2027-03-01', 5]],
    ],
    [
      'the earlier correction, once the later is undone',
      [use(1, 5), correction(2, 'e1', 3), correction(3, 'e1', 4), undo(4, 'e3')],
      [[1, '2027-03-01', 3]],
    ],
    [
      'nothing, though it was corrected before it was undone',
      [use(1, 5), correction(2, 'e1', 3), undo(3, 'e1')],
      [],
    ],
  ])('is %s', (_what, entries, expected) => {
    expect(standing(entries)).toEqual(expected);
    expect(standing([...entries].reverse())).toEqual(expected);
  });

  it('is the sum of what each changed when it was recorded', () => {
    const entries = [use(1, 5), correction(2, 'e1', 3), undo(3, 'e2'), use(4, 7), undo(5, 'e4')];
    expect(entryChanges(entries).map(({ billable }) => billable)).toEqual([5, -2, 2, 7, -7]);
  });

  it('does so for any entries, in any order', () => {
    const some = fc.array(fc.tuple(fc.constantFrom('use', 'correction', 'undo'), fc.nat(), fc.nat(50)), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(some, (drawn) => {
        const entries: HourEntry[] = [];
        for (const [action, which, time] of drawn) {
          const number = entries.length + 1;
          const targets = entries.filter(
            (one) => one.action === 'use' || (action === 'undo' && one.action === 'correction'),
          );
          const target = targets[which % Math.max(1, targets.length)];
          if (action === 'use' || !target) entries.push(use(number, time));
          else
            entries.push(action === 'undo' ? undo(number, target.id) : correction(number, target.id, time));
        }
        const sum = (all: readonly { billable: number }[]): number =>
          all.reduce((total, { billable }) => total + billable, 0);
        expect(sum(entryChanges(entries))).toBe(sum(standingUses(entries)));
        expect(standing([...entries].reverse())).toEqual(standing(entries));
      }),
    );
  });
});
